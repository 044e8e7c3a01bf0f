import type { FaultKind } from '../scenario/fault.ts';

/** Where a failure shows itself: at the login, while authorising, in the consent afterwards, or when data is asked for. */
export type FailureEffect =
  | { readonly at: 'login'; readonly message: 'refused' | 'locked' | 'password-expired' | 'action-required' }
  | { readonly at: 'authorisation'; readonly outcome: 'failed' | 'rejected' | 'timeout' }
  | { readonly at: 'accounts'; readonly outcome: 'none' | 'closed' }
  | { readonly at: 'consent'; readonly outcome: 'expired' | 'revoked' | 'list-only' | 'short' }
  | { readonly at: 'data'; readonly fault: FaultKind }
  | { readonly at: 'portal' }
  | { readonly at: 'content'; readonly outcome: 'no-pending' | 'drift' | 'inconsistent' | 'account-not-found' };

interface FailureLogin {
  /** The login is `error.` and this name. */
  readonly code: string;
  readonly effect: FailureEffect;
  readonly description: string;
}

function login(code: string, effect: FailureEffect, description: string): FailureLogin {
  return { code, effect, description };
}

/** Every failure that a login produces by name; any password is right. Data, so that the README's table is made of it. */
export const failureLogins: readonly FailureLogin[] = [
  login('credentials_invalid', { at: 'login', message: 'refused' }, 'The login page refuses login and password.'),
  login('account_locked', { at: 'login', message: 'locked' }, 'The login page says that the access is locked.'),
  login(
    'password_change_required',
    { at: 'login', message: 'password-expired' },
    'The login page wants a new password to be set first.',
  ),
  login(
    'bank_user_action_required',
    { at: 'login', message: 'action-required' },
    'The login page wants new terms to be accepted at the bank first.',
  ),
  login(
    'sca_failed',
    { at: 'authorisation', outcome: 'failed' },
    'Strong authentication fails; the browser returns to the Nok address.',
  ),
  login(
    'sca_timeout',
    { at: 'authorisation', outcome: 'timeout' },
    'The authorisation runs out; the browser returns to the Nok address.',
  ),
  login(
    'consent_rejected',
    { at: 'authorisation', outcome: 'rejected' },
    'The bank rejects the consent; the browser returns to the Nok address.',
  ),
  login(
    'no_eligible_account',
    { at: 'accounts', outcome: 'none' },
    'The person has no account that can be shared; the lists are empty.',
  ),
  login('account_closed', { at: 'accounts', outcome: 'closed' }, 'Every account has the status deleted.'),
  login(
    'consent_expired',
    { at: 'consent', outcome: 'expired' },
    'The consent is granted and expires with the first call for data.',
  ),
  login('consent_expiring', { at: 'consent', outcome: 'short' }, 'The consent is granted until tomorrow only.'),
  login(
    'consent_revoked_at_bank',
    { at: 'consent', outcome: 'revoked' },
    'The person revokes the consent at the bank before the first call for data.',
  ),
  login(
    'consent_scope_insufficient',
    { at: 'consent', outcome: 'list-only' },
    'The person grants the list of accounts, without balances and transactions.',
  ),
  login('bank_unavailable', { at: 'data', fault: 'unavailable' }, 'Every call for data answers 503.'),
  login(
    'bank_maintenance',
    { at: 'data', fault: 'html-error' },
    'Every call for data answers a maintenance page in HTML with 503.',
  ),
  login('bank_error', { at: 'data', fault: 'server-error' }, 'Every call for data answers 500.'),
  login('bank_timeout', { at: 'data', fault: 'timeout' }, 'No call for data is ever answered.'),
  login(
    'bank_rate_limited',
    { at: 'data', fault: 'rate-limited' },
    'Every call for data answers 429 with the time to wait.',
  ),
  login(
    'history_truncated',
    { at: 'data', fault: 'truncated-history' },
    'Only the last 30 days of transactions are shown.',
  ),
  login(
    'account_not_found',
    { at: 'content', outcome: 'account-not-found' },
    'The list shows accounts that answer 404 when asked for.',
  ),
  login(
    'pending_unsupported',
    { at: 'content', outcome: 'no-pending' },
    'Pending transactions are refused with PARAMETER_NOT_SUPPORTED.',
  ),
  login(
    'balance_drift',
    { at: 'content', outcome: 'drift' },
    'Balances are 10.00 more than the transactions add up to.',
  ),
  login(
    'data_inconsistent',
    { at: 'content', outcome: 'inconsistent' },
    'Transactions are in another currency than their account.',
  ),
  login('captcha_required', { at: 'portal' }, 'Only the portal shows this.'),
  login('sca_required', { at: 'portal' }, 'Only the portal shows this.'),
  login('sca_otp_required', { at: 'portal' }, 'Only the portal shows this.'),
  login('sca_decoupled_pending', { at: 'portal' }, 'Only the portal shows this.'),
  login('sca_failed.app', { at: 'portal' }, 'Only the portal shows this.'),
  login('sca_timeout.app', { at: 'portal' }, 'Only the portal shows this.'),
  login('sca_method_unsupported', { at: 'portal' }, 'Only the portal shows this.'),
  login('bank_user_action_required.kyc', { at: 'portal' }, 'Only the portal shows this.'),
  login('bank_migrating', { at: 'portal' }, 'Only the portal shows this.'),
  login('bank_no_longer_supported', { at: 'portal' }, 'Only the portal shows this.'),
  login('account_type_unsupported', { at: 'portal' }, 'Only the portal shows this.'),
];

/** The effect of a login such as `error.consent_expired`, or null when the login is an ordinary one. */
export function failureEffect(name: string | null): FailureEffect | null {
  if (!name?.startsWith('error.')) return null;
  const code = name.slice('error.'.length).toLowerCase();
  return failureLogins.find((entry) => entry.code === code)?.effect ?? null;
}
