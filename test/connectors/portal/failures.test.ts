import { describe, expect, test } from 'vitest';
import type { SignInState } from '../../../src/connectors/connector.ts';
import { portalFailures } from '../../../src/test-bank/portal/failures.ts';
import { portalScenario } from '../../test-bank/portal/customer.ts';
import { openSite, stored } from './site.ts';

/** What each failure login of the test bank's portal is to us: how far it comes, and what is said there. */
const outcomes: Readonly<Record<string, string>> = {
  credentials_invalid: 'begin CREDENTIALS_INVALID',
  account_locked: 'begin ACCOUNT_LOCKED',
  captcha_required: 'begin CAPTCHA_REQUIRED',
  password_change_required: 'begin PASSWORD_CHANGE_REQUIRED',
  bank_user_action_required: 'begin asks ACT_AT_BANK TERMS',
  'bank_user_action_required.kyc': 'begin asks ACT_AT_BANK IDENTITY_CHECK',
  sca_required: 'begin asks OTP',
  sca_otp_required: 'begin asks OTP',
  sca_decoupled_pending: 'begin asks APP_APPROVAL',
  sca_failed: 'proceed SCA_FAILED',
  'sca_failed.app': 'begin SCA_FAILED',
  sca_timeout: 'begin SCA_TIMEOUT',
  'sca_timeout.app': 'begin SCA_TIMEOUT',
  sca_method_unsupported: 'begin SCA_METHOD_UNSUPPORTED',
  bank_unavailable: 'begin BANK_UNAVAILABLE, again at 2026-03-10T12:01:00.000Z',
  bank_maintenance: 'begin BANK_MAINTENANCE',
  bank_error: 'begin BANK_ERROR',
  bank_timeout: 'begin BANK_TIMEOUT',
  bank_rate_limited: 'begin BANK_RATE_LIMITED, again at 2026-03-10T12:01:00.000Z',
  bank_migrating: 'begin BANK_MIGRATING',
  bank_no_longer_supported: 'begin BANK_NO_LONGER_SUPPORTED',
  no_eligible_account: 'read 0 accounts',
  account_closed: 'read 6 accounts, 6 closed, 3 entries',
  account_not_found: 'read ACCOUNT_NOT_FOUND',
  account_type_unsupported: 'read ACCOUNT_TYPE_UNSUPPORTED',
  history_truncated: 'read 6 accounts, 0 closed, 2 entries',
  pending_unsupported: 'read 6 accounts, 0 closed, 2 entries',
  balance_drift: 'read 6 accounts, 0 closed, 3 entries, 13415.15',
  data_inconsistent: 'read DATA_INCONSISTENT',
};

type Site = Awaited<ReturnType<typeof openSite>>;

async function outcomeOf(site: Site, code: string): Promise<string> {
  const credentials = { login: `error.${code}`, password: 'any' };
  const begun = await site.begin(credentials).catch(told);
  if (typeof begun === 'string') return `begin ${begun}`;
  if (begun.status === 'CHALLENGED') {
    if (code !== 'sca_failed') return `begin asks ${asked(begun)}`;
    return `proceed ${await site.proceed(begun.session, site.newest('alice').code).then(asked, told)}`;
  }
  return `read ${await read(site, stored(begun.session), code).catch(told)}`;
}

async function read(site: Site, session: ReturnType<typeof stored>, code: string): Promise<string> {
  const accounts = await site.accounts(session);
  const [current] = accounts;
  if (!current) return '0 accounts';
  const [balance] = await site.balances(session, current);
  const entries = await site.transactions(session, current);
  const closed = accounts.filter(({ isClosed }) => isClosed).length;
  const drift = code === 'balance_drift' ? `, ${balance?.money.amount}` : '';
  return `${accounts.length} accounts, ${closed} closed, ${entries.length} entries${drift}`;
}

function asked(state: SignInState): string {
  if (state.status === 'SIGNED_IN') return 'nothing';
  const { challenge } = state;
  return challenge.kind === 'ACT_AT_BANK' ? `${challenge.kind} ${challenge.reason}` : challenge.kind;
}

function told(failure: { code: string; retryAt: Date | null }): string {
  const isPassing = failure.code === 'BANK_UNAVAILABLE' || failure.code === 'BANK_RATE_LIMITED';
  return `${failure.code}${isPassing ? `, again at ${failure.retryAt?.toISOString()}` : ''}`;
}

test('every failure login of the portal is met here', () => {
  expect(Object.keys(outcomes)).toEqual(portalFailures.map(({ code }) => code));
});

describe.each(['v1', 'v2'])('in the layout %s', (layout) => {
  test.each(Object.entries(outcomes))('error.%s: %s', async (code, outcome) => {
    const patience = code === 'bank_timeout' ? { answerTimeoutMilliseconds: 400 } : {};
    const site = await openSite(portalScenario({ portal: { layout } }), {}, patience);
    expect(await outcomeOf(site, code)).toBe(outcome);
  });
});
