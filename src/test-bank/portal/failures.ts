import type { FaultKind } from '../scenario/fault.ts';
import type { Interstitial } from '../scenario/portal.ts';

/** Where a failure shows itself on the portal. */
export type PortalEffect =
  | { readonly at: 'login'; readonly problem: 'refused' | 'locked' }
  | { readonly at: 'notice'; readonly notice: 'captcha' | 'security-key' | 'moved' | 'closed' }
  | { readonly at: 'challenge'; readonly kind: 'otp' | 'app'; readonly outcome: 'open' | 'fails' | 'expires' }
  | { readonly at: 'interstitial'; readonly name: Interstitial }
  | { readonly at: 'data'; readonly fault: FaultKind }
  | { readonly at: 'accounts'; readonly outcome: 'none' | 'closed' | 'not-found' | 'unsupported' }
  | { readonly at: 'statement'; readonly outcome: 'no-pending' | 'drift' | 'inconsistent' };

export interface PortalFailure {
  /** The login is `error.` and this name; what follows the dot of a name is another way to the same failure. */
  readonly code: string;
  readonly effect: PortalEffect;
  readonly description: string;
}

function failure(code: string, effect: PortalEffect, description: string): PortalFailure {
  return { code, effect, description };
}

/** Every failure that the portal produces by name, with any password. The README's table is made of it. */
export const portalFailures: readonly PortalFailure[] = [
  failure('credentials_invalid', { at: 'login', problem: 'refused' }, 'The log-in form refuses login and password.'),
  failure('account_locked', { at: 'login', problem: 'locked' }, 'The log-in form says that the access is locked.'),
  failure('captcha_required', { at: 'notice', notice: 'captcha' }, 'The log-in form gives way to a captcha.'),
  failure(
    'password_change_required',
    { at: 'interstitial', name: 'new-password' },
    'A new password must be set before anything is shown.',
  ),
  failure(
    'bank_user_action_required',
    { at: 'interstitial', name: 'terms' },
    'New terms must be accepted before anything is shown.',
  ),
  failure(
    'bank_user_action_required.kyc',
    { at: 'interstitial', name: 'kyc' },
    'Personal details must be confirmed before anything is shown.',
  ),
  failure('sca_required', { at: 'challenge', kind: 'otp', outcome: 'open' }, 'A code by SMS is asked for each time.'),
  failure('sca_otp_required', { at: 'challenge', kind: 'otp', outcome: 'open' }, 'A code by SMS is asked each time.'),
  failure(
    'sca_decoupled_pending',
    { at: 'challenge', kind: 'app', outcome: 'open' },
    'Approval in the app is asked for each time.',
  ),
  failure('sca_failed', { at: 'challenge', kind: 'otp', outcome: 'fails' }, 'Any code by SMS is the last wrong one.'),
  failure('sca_failed.app', { at: 'challenge', kind: 'app', outcome: 'fails' }, 'The app refuses at once.'),
  failure('sca_timeout', { at: 'challenge', kind: 'otp', outcome: 'expires' }, 'The code by SMS has expired at once.'),
  failure(
    'sca_timeout.app',
    { at: 'challenge', kind: 'app', outcome: 'expires' },
    'The app is never answered in time.',
  ),
  failure(
    'sca_method_unsupported',
    { at: 'notice', notice: 'security-key' },
    'Only a card reader is offered for the confirmation.',
  ),
  failure('bank_unavailable', { at: 'data', fault: 'unavailable' }, 'After the log-in every page answers 503.'),
  failure(
    'bank_maintenance',
    { at: 'data', fault: 'html-error' },
    'After the log-in every page is the maintenance page, with 503.',
  ),
  failure('bank_error', { at: 'data', fault: 'server-error' }, 'After the log-in every page answers 500.'),
  failure('bank_timeout', { at: 'data', fault: 'timeout' }, 'After the log-in no page is ever answered.'),
  failure(
    'bank_rate_limited',
    { at: 'data', fault: 'rate-limited' },
    'After the log-in every page answers 429 with the time to wait.',
  ),
  failure('bank_migrating', { at: 'notice', notice: 'moved' }, 'The site has moved: customers register anew there.'),
  failure('bank_no_longer_supported', { at: 'notice', notice: 'closed' }, 'The site is closed for good, with 410.'),
  failure('no_eligible_account', { at: 'accounts', outcome: 'none' }, 'The list of accounts is empty.'),
  failure('account_closed', { at: 'accounts', outcome: 'closed' }, 'Every account is marked as closed.'),
  failure('account_not_found', { at: 'accounts', outcome: 'not-found' }, 'Listed accounts answer 404 when opened.'),
  failure(
    'account_type_unsupported',
    { at: 'accounts', outcome: 'unsupported' },
    'The accounts stand under a heading that names no known type.',
  ),
  failure('history_truncated', { at: 'data', fault: 'truncated-history' }, 'Statements go back 30 days only.'),
  failure('pending_unsupported', { at: 'statement', outcome: 'no-pending' }, 'Statements have no pending entries.'),
  failure('balance_drift', { at: 'statement', outcome: 'drift' }, 'Balances are 10.00 more than they should be.'),
  failure('data_inconsistent', { at: 'statement', outcome: 'inconsistent' }, 'Transactions are in another currency.'),
];

/** The effect of a failure login on the portal; null for other logins and failures that a portal cannot show. */
export function portalEffect(login: string | null): PortalEffect | null {
  if (!login?.startsWith('error.')) return null;
  const code = login.slice('error.'.length).toLowerCase();
  return portalFailures.find((entry) => entry.code === code)?.effect ?? null;
}
