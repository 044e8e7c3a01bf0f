import type { FailureCode } from '../../domain/failure-catalogue.ts';
import { Failure } from '../../domain/failure.ts';
import type { BankHttpAnswer } from '../bank-http.ts';
import { failureByIdentityCode, failureCodeOfStatus, failureOfRefusal } from '../bank-refusal.ts';
import type { BankCall } from '../connector.ts';
import { wireErrorCodes } from './wire.ts';

/** What a call was about: the same 404 means another thing for a consent than for an account. */
export type Resource = 'consent' | 'accounts' | 'account';

/**
 * Our failure for a bank's message code; where a code means two things, the key carries the status. Source: NextGenPSD2
 * Implementation Guidelines 1.3.x, section 14.11 (message codes), and what banks do with them.
 */
const failureByCode: Readonly<Record<string, FailureCode>> = {
  ...failureByIdentityCode,
  CERTIFICATE_REVOKE: 'CONNECTOR_CONFIG_INVALID',
  CONSENT_EXPIRED: 'CONSENT_EXPIRED',
  CONSENT_INVALID: 'CONSENT_REVOKED_AT_BANK',
  '403 CONSENT_INVALID': 'CONSENT_SCOPE_INSUFFICIENT',
  CONSENT_UNKNOWN: 'CONSENT_REVOKED_AT_BANK',
  TOKEN_UNKNOWN: 'CONSENT_REVOKED_AT_BANK',
  TOKEN_INVALID: 'CONSENT_REVOKED_AT_BANK',
  TOKEN_EXPIRED: 'CONSENT_EXPIRED',
  PSU_CREDENTIALS_INVALID: 'CREDENTIALS_INVALID',
  CORPORATE_ID_INVALID: 'CREDENTIALS_INVALID',
  SCA_INVALID: 'SCA_FAILED',
  SCA_METHOD_UNKNOWN: 'SCA_METHOD_UNSUPPORTED',
  SERVICE_BLOCKED: 'ACCOUNT_LOCKED',
  RESOURCE_BLOCKED: 'ACCOUNT_LOCKED',
  FORBIDDEN: 'CONSENT_SCOPE_INSUFFICIENT',
  ACCESS_EXCEEDED: 'BANK_RATE_LIMITED',
  SERVICE_UNAVAILABLE: 'BANK_UNAVAILABLE',
};

const failureOfMissing: Readonly<Record<Resource, FailureCode>> = {
  consent: 'CONSENT_REVOKED_AT_BANK',
  accounts: 'BANK_ERROR',
  account: 'ACCOUNT_NOT_FOUND',
};

const codesOfMissing = new Set(['RESOURCE_UNKNOWN', 'RESOURCE_EXPIRED']);

/** The codes that an answer's body names; none when it is no error body of the standard (HTML, Spring, empty). */
export function errorCodes(body: string): readonly string[] {
  try {
    return wireErrorCodes.safeParse(JSON.parse(body)).data ?? [];
  } catch {
    return [];
  }
}

/** The failure that an answer of 400 and above means for us. The bank's own texts stay out of it. */
export function failureOfAnswer(
  call: BankCall,
  resource: Resource,
  answer: BankHttpAnswer,
  codes: readonly string[],
): Failure {
  const byStatus = failureCodeOfStatus(answer) ?? 'BANK_ERROR';
  const code =
    byStatus === 'BANK_MAINTENANCE' ? byStatus : (failureOfCodes(answer.status, codes, resource) ?? byStatus);
  if (code !== 'BANK_ERROR' || codes.length === 0) return failureOfRefusal(call, answer, 'BANK_ERROR', code);
  // The codes are words of the standard's form, not the bank's texts.
  return new Failure(code, {
    message: `The bank answered with ${[answer.status, ...codes.slice(0, 5)].join(' ')}.`,
    cause: { status: answer.status, codes },
  });
}

function failureOfCodes(status: number, codes: readonly string[], resource: Resource): FailureCode | null {
  for (const code of codes) {
    if (codesOfMissing.has(code)) return failureOfMissing[resource];
    for (const key of [`${status} ${code}`, code]) {
      const known = Object.hasOwn(failureByCode, key) ? failureByCode[key] : undefined;
      if (known) return known;
    }
  }
  return status === 404 ? failureOfMissing[resource] : null;
}
