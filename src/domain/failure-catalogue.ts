/** Which part of the world a failure comes from. */
export const failureCategories = [
  'AUTHENTICATION',
  'SCA',
  'CONSENT',
  'BANK',
  'ACCOUNT',
  'DATA',
  'CONNECTOR',
  'SYNC',
  'REQUEST',
  'PLATFORM',
] as const;
export type FailureCategory = (typeof failureCategories)[number];

/** Who must act. */
export const failureActors = ['USER', 'CLIENT', 'OPERATOR', 'BANK', 'NONE'] as const;
export type FailureActor = (typeof failureActors)[number];

/** What that actor can do about it. */
export const recoveryActions = [
  'NONE',
  'RETRY_LATER',
  'RECONNECT',
  'CHOOSE_ACCOUNT',
  'UPDATE_CREDENTIALS',
  'ANSWER_CHALLENGE',
  'RENEW_CONSENT',
  'ACCEPT_TERMS',
  'ACT_AT_BANK',
  'CONTACT_BANK',
  'CONTACT_OPERATOR',
  'FIX_REQUEST',
] as const;
export type RecoveryAction = (typeof recoveryActions)[number];

interface FailureKind {
  readonly category: FailureCategory;
  readonly actor: FailureActor;
  readonly recovery: RecoveryAction;
  /** Default text for a person; a failure may carry a more precise one. */
  readonly message: string;
}

function kind(category: FailureCategory, actor: FailureActor, recovery: RecoveryAction, message: string): FailureKind {
  return { category, actor, recovery, message };
}

/** Every failure there is. A code never changes its meaning; clients switch on it. */
export const failureCatalogue = {
  CREDENTIALS_INVALID: kind('AUTHENTICATION', 'USER', 'UPDATE_CREDENTIALS', 'The bank refused the credentials.'),
  PASSWORD_CHANGE_REQUIRED: kind(
    'AUTHENTICATION',
    'USER',
    'ACT_AT_BANK',
    'The bank wants a new password to be set on its own site.',
  ),
  ACCOUNT_LOCKED: kind('AUTHENTICATION', 'USER', 'CONTACT_BANK', 'The bank has locked the access of this person.'),
  BANK_USER_ACTION_REQUIRED: kind(
    'AUTHENTICATION',
    'USER',
    'ACT_AT_BANK',
    'The bank waits for an action on its own site, such as accepting terms.',
  ),
  CAPTCHA_REQUIRED: kind('AUTHENTICATION', 'USER', 'RECONNECT', 'The bank asks for a captcha.'),
  SCA_REQUIRED: kind('SCA', 'USER', 'RECONNECT', 'The bank asks for strong authentication.'),
  SCA_REDIRECT_REQUIRED: kind('SCA', 'USER', 'RECONNECT', 'The person must confirm on the pages of the bank.'),
  SCA_OTP_REQUIRED: kind('SCA', 'USER', 'ANSWER_CHALLENGE', 'The bank has sent a one-time code.'),
  SCA_DECOUPLED_PENDING: kind('SCA', 'USER', 'ANSWER_CHALLENGE', 'The person must confirm in the app of the bank.'),
  SCA_FAILED: kind('SCA', 'USER', 'RECONNECT', 'The strong authentication failed.'),
  SCA_TIMEOUT: kind('SCA', 'USER', 'RECONNECT', 'The strong authentication was not completed in time.'),
  SCA_METHOD_UNSUPPORTED: kind(
    'SCA',
    'USER',
    'CONTACT_BANK',
    'The only strong authentication that the bank offers is not supported.',
  ),
  CONSENT_EXPIRING: kind('CONSENT', 'USER', 'RENEW_CONSENT', 'The consent ends soon.'),
  CONSENT_EXPIRED: kind('CONSENT', 'USER', 'RENEW_CONSENT', 'The consent has expired.'),
  CONSENT_REVOKED_BY_USER: kind('CONSENT', 'USER', 'RENEW_CONSENT', 'The person has revoked the consent.'),
  CONSENT_REVOKED_AT_BANK: kind('CONSENT', 'USER', 'RENEW_CONSENT', 'The consent was revoked at the bank.'),
  CONSENT_REVOKED_BY_CLIENT: kind('CONSENT', 'CLIENT', 'RENEW_CONSENT', 'The client has revoked the consent.'),
  CONSENT_SCOPE_INSUFFICIENT: kind('CONSENT', 'USER', 'RENEW_CONSENT', 'The consent does not cover what was asked.'),
  CONSENT_REJECTED: kind('CONSENT', 'USER', 'RECONNECT', 'The person or the bank has rejected the consent.'),
  TERMS_NOT_ACCEPTED: kind('CONSENT', 'USER', 'ACCEPT_TERMS', 'The person must accept the current terms first.'),
  BANK_UNAVAILABLE: kind('BANK', 'BANK', 'RETRY_LATER', 'The bank cannot be reached.'),
  BANK_MAINTENANCE: kind('BANK', 'BANK', 'RETRY_LATER', 'The bank is closed for maintenance.'),
  BANK_TIMEOUT: kind('BANK', 'BANK', 'RETRY_LATER', 'The bank did not answer in time.'),
  BANK_ERROR: kind('BANK', 'BANK', 'RETRY_LATER', 'The bank answered with an error.'),
  BANK_RATE_LIMITED: kind('BANK', 'BANK', 'RETRY_LATER', 'The bank allows no more calls for now.'),
  BANK_MIGRATING: kind('BANK', 'USER', 'RECONNECT', 'The bank has moved to a new interface: link it again.'),
  BANK_NO_LONGER_SUPPORTED: kind('BANK', 'USER', 'RECONNECT', 'This bank is no longer supported.'),
  ACCOUNT_NOT_FOUND: kind('ACCOUNT', 'USER', 'RECONNECT', 'The bank no longer shows this account.'),
  ACCOUNT_CLOSED: kind('ACCOUNT', 'NONE', 'NONE', 'This account is closed.'),
  ACCOUNT_TYPE_UNSUPPORTED: kind('ACCOUNT', 'NONE', 'NONE', 'Accounts of this type are not supported.'),
  NO_ELIGIBLE_ACCOUNT: kind('ACCOUNT', 'USER', 'RECONNECT', 'The bank has shared no account.'),
  ACCOUNT_MAPPING_REQUIRED: kind(
    'ACCOUNT',
    'USER',
    'CHOOSE_ACCOUNT',
    'The bank no longer shows this account, and a new one may be it: the person must choose.',
  ),
  HISTORY_TRUNCATED: kind('DATA', 'NONE', 'NONE', 'The bank gave less history than was asked.'),
  PENDING_UNSUPPORTED: kind('DATA', 'NONE', 'NONE', 'The bank gives no pending transactions.'),
  BALANCE_DRIFT: kind('DATA', 'NONE', 'NONE', 'Balance and transactions do not add up.'),
  DATA_INCONSISTENT: kind('DATA', 'BANK', 'RETRY_LATER', 'The data of the bank contradicts itself.'),
  CONNECTOR_BUG: kind(
    'CONNECTOR',
    'OPERATOR',
    'CONTACT_OPERATOR',
    'The connector to this bank failed in an unforeseen way.',
  ),
  CONNECTOR_DISABLED: kind('CONNECTOR', 'OPERATOR', 'CONTACT_OPERATOR', 'The connector to this bank is switched off.'),
  CONNECTOR_CONFIG_INVALID: kind(
    'CONNECTOR',
    'OPERATOR',
    'CONTACT_OPERATOR',
    'The connector to this bank is not configured rightly.',
  ),
  SYNC_ALREADY_RUNNING: kind('SYNC', 'NONE', 'NONE', 'A sync of this connection is under way.'),
  SYNC_BUDGET_EXHAUSTED: kind(
    'SYNC',
    'NONE',
    'RETRY_LATER',
    'The calls that the bank allows without the person are used up.',
  ),
  SYNC_PERSON_REQUIRED: kind(
    'SYNC',
    'USER',
    'ANSWER_CHALLENGE',
    'This bank gives data only while the person is present: a sync needs him.',
  ),
  SYNC_CANCELLED: kind('SYNC', 'NONE', 'NONE', 'The sync was cancelled.'),
  VALIDATION_FAILED: kind('REQUEST', 'CLIENT', 'FIX_REQUEST', 'The input is not valid.'),
  NOT_FOUND: kind('REQUEST', 'CLIENT', 'FIX_REQUEST', 'No such thing.'),
  CONFLICT: kind('REQUEST', 'CLIENT', 'FIX_REQUEST', 'This contradicts what exists.'),
  IDEMPOTENCY_KEY_REUSED: kind('REQUEST', 'CLIENT', 'FIX_REQUEST', 'This idempotency key was used with another input.'),
  CURSOR_INVALID: kind('REQUEST', 'CLIENT', 'FIX_REQUEST', 'This cursor is not one of this list.'),
  CURSOR_EXPIRED: kind('REQUEST', 'CLIENT', 'FIX_REQUEST', 'This cursor points before what is kept.'),
  UNAUTHENTICATED: kind('PLATFORM', 'CLIENT', 'FIX_REQUEST', 'A valid access token is needed.'),
  FORBIDDEN: kind('PLATFORM', 'CLIENT', 'FIX_REQUEST', 'The access token lacks a scope for this.'),
  RATE_LIMITED: kind('PLATFORM', 'CLIENT', 'RETRY_LATER', 'Too many requests.'),
  QUERY_TOO_COMPLEX: kind('PLATFORM', 'CLIENT', 'FIX_REQUEST', 'The operation asks for too much at once.'),
  INTERNAL: kind('PLATFORM', 'OPERATOR', 'CONTACT_OPERATOR', 'Something went wrong on our side.'),
} as const satisfies Record<string, FailureKind>;

export type FailureCode = keyof typeof failureCatalogue;
