import { afterEach, describe, expect, it } from 'vitest';
import type { TestBank } from '../../../src/test-bank/server.ts';
import { household } from '../oauth/household.ts';
import { browserWith, decide, follow, thirdPartyOf } from '../oauth/third-party.ts';
import { noon, openBankAt, scenarioOf } from '../support.ts';
import { stetCustomer } from './customer.ts';

const open: TestBank[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((bank) => bank.close()));
});

async function bankAt() {
  const bank = await openBankAt(noon, { scenario: scenarioOf(household) });
  open.push(bank);
  return bank;
}

describe('a failure login fails on the STET face too', () => {
  it.each([
    ['error.consent_expired', '401 CONSENT_EXPIRED: The consent has expired.'],
    ['error.consent_revoked_at_bank', '401 CONSENT_INVALID: The consent is revokedByPsu.'],
    ['error.bank_unavailable', '503 SERVICE_UNAVAILABLE: The service is not available for the moment.'],
    ['error.bank_error', '500 INTERNAL_SERVER_ERROR: An internal error occurred.'],
    ['error.bank_rate_limited', '429 ACCESS_EXCEEDED: The limit of calls is reached.'],
    ['error.no_eligible_account', '204 '],
    ['error.account_closed', '204 '],
  ])('%s answers %s', async (login, expected) => {
    const { call } = await stetCustomer(await bankAt(), login, 'any');
    const answer = await call('/accounts');
    expect(`${answer.status} ${answer.json?.message ?? answer.text}`).toBe(expected);
  });

  it('error.bank_maintenance answers a page in HTML', async () => {
    const { call } = await stetCustomer(await bankAt(), 'error.bank_maintenance', 'any');
    const answer = await call('/accounts');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([503, 'text/html; charset=utf-8']);
  });

  it('error.consent_scope_insufficient grants the list only, whatever PUT /consents asks for', async () => {
    const { accounts, consentToAll } = await stetCustomer(await bankAt(), 'error.consent_scope_insufficient', 'any');
    expect((await consentToAll()).status).toBe(201);
    expect((await accounts()).map((account: { _links: object }) => account._links)).toEqual([{}, {}]);
  });

  it('error.account_not_found lists accounts that are not there', async () => {
    const { call, consentToAll, idOf } = await stetCustomer(await bankAt(), 'error.account_not_found', 'any');
    await consentToAll();
    expect((await call(`/accounts/${await idOf('CACC')}/balances`)).status).toBe(404);
  });

  it('error.balance_drift shows 10.00 more than was booked', async () => {
    const bank = await bankAt();
    const booked = async (login: string) => {
      const { call, consentToAll, idOf } = await stetCustomer(bank, login);
      await consentToAll();
      return (await call(`/accounts/${await idOf('CACC')}/balances`)).json.balances[0].balanceAmount.amount;
    };
    expect([await booked('alice'), await booked('error.balance_drift')]).toEqual(['1575.00', '1585.00']);
  });

  it('error.consent_expiring ends the tokens after the next day', async () => {
    const bank = await bankAt();
    const thirdParty = await thirdPartyOf(bank);
    const first = await thirdParty.authorise('aisp', 'error.consent_expiring', 'any');
    bank.clock.advance(86_400_000);
    const second = await thirdParty.refresh(first.refresh_token ?? '');
    bank.clock.advance(86_400_000);
    await expect(thirdParty.refresh(second.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it.each(['error.sca_failed', 'error.sca_timeout', 'error.consent_rejected'])(
    '%s returns access_denied',
    async (login) => {
      const thirdParty = await thirdPartyOf(await bankAt());
      const browser = browserWith();
      const begun = await thirdParty.begin('aisp');
      const back = await decide(browser, await follow(browser, begun.url), login, 'any');
      expect(new URL(back).searchParams.get('error')).toBe('access_denied');
      expect(new URL(back).searchParams.get('state')).toBe(begun.state);
    },
  );

  it.each(['error.credentials_invalid', 'error.account_locked'])('%s never leaves the login', async (login) => {
    const thirdParty = await thirdPartyOf(await bankAt());
    const browser = browserWith();
    const page = await follow(browser, (await thirdParty.begin('aisp')).url);
    expect(await decide(browser, page, login, 'any')).toBe(page);
  });
});
