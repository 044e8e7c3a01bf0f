import type { FailureCode } from '../../../src/domain/failure-catalogue.ts';

/**
 * What a login `error.<login>` of the test bank leads to. `during`: giving access with the person in front of the screen
 * (codes typed, apps approved), giving access without anybody, or reading data once access is given.
 */
export interface FailureCase {
  readonly login: string;
  readonly code: FailureCode;
  readonly during: 'access' | 'unattended access' | 'reading';
}

function reading(code: FailureCode): FailureCase {
  return { login: code.toLowerCase(), code, during: 'reading' };
}

function unattended(code: FailureCode, login = code.toLowerCase()): FailureCase {
  return { login, code, during: 'unattended access' };
}

function attended(code: FailureCode, login = code.toLowerCase()): FailureCase {
  return { login, code, during: 'access' };
}

/** Of the bank itself: the same by every way of access. */
export const bankFailures: readonly FailureCase[] = [
  reading('BANK_UNAVAILABLE'),
  reading('BANK_MAINTENANCE'),
  reading('BANK_ERROR'),
  reading('BANK_TIMEOUT'),
  reading('BANK_RATE_LIMITED'),
  reading('ACCOUNT_NOT_FOUND'),
  reading('DATA_INCONSISTENT'),
];

/** Of the consent, where the bank knows consents. */
export const consentFailures: readonly FailureCase[] = [
  reading('CONSENT_EXPIRED'),
  reading('CONSENT_REVOKED_AT_BANK'),
  reading('CONSENT_SCOPE_INSUFFICIENT'),
];

/** Of the person's log-in, where he types credentials into our form. */
export const credentialFailures: readonly FailureCase[] = [
  attended('CREDENTIALS_INVALID'),
  attended('ACCOUNT_LOCKED'),
  attended('SCA_FAILED'),
  attended('SCA_TIMEOUT'),
];

/** Of an online-banking site. */
export const portalFailures: readonly FailureCase[] = [
  attended('SCA_FAILED', 'sca_failed.app'),
  attended('SCA_TIMEOUT', 'sca_timeout.app'),
  attended('CAPTCHA_REQUIRED'),
  attended('PASSWORD_CHANGE_REQUIRED'),
  attended('SCA_METHOD_UNSUPPORTED'),
  attended('BANK_MIGRATING'),
  attended('BANK_NO_LONGER_SUPPORTED'),
  unattended('CREDENTIALS_INVALID'),
  unattended('CAPTCHA_REQUIRED'),
  unattended('SCA_OTP_REQUIRED'),
  unattended('SCA_DECOUPLED_PENDING'),
  unattended('BANK_USER_ACTION_REQUIRED'),
  unattended('BANK_USER_ACTION_REQUIRED', 'bank_user_action_required.kyc'),
];
