import type { FailureCode } from '../../domain/failure-catalogue.ts';
import { Failure } from '../../domain/failure.ts';
import type { BankHttpAnswer } from '../bank-http.ts';
import { failureByIdentityCode, failureOfRefusal } from '../bank-refusal.ts';
import type { BankCall } from '../connector.ts';
import { wireError } from './wire.ts';

/** What a call was about: the same 404 means another thing for the list than for an account. */
export type Resource = 'access' | 'accounts' | 'account';

/**
 * STET has no list of codes: the status tells. Banks that put a code of their house at the head of `message` borrow it
 * from NextGenPSD2, and it then tells more than the status.
 */
const failureByCode: Readonly<Record<string, FailureCode>> = {
  ...failureByIdentityCode,
  CONSENT_EXPIRED: 'CONSENT_EXPIRED',
  CONSENT_INVALID: 'CONSENT_REVOKED_AT_BANK',
  CONSENT_UNKNOWN: 'CONSENT_REVOKED_AT_BANK',
  SERVICE_BLOCKED: 'ACCOUNT_LOCKED',
  FORBIDDEN: 'CONSENT_SCOPE_INSUFFICIENT',
  ACCESS_EXCEEDED: 'BANK_RATE_LIMITED',
};

/** What is not found: an account that is gone, or an address that this bank lacks. */
const failureOfMissing: Readonly<Record<Resource, FailureCode>> = {
  access: 'BANK_ERROR',
  accounts: 'BANK_ERROR',
  account: 'ACCOUNT_NOT_FOUND',
};

/** A refusal of the bank. */
export interface StetRefusal {
  readonly status: number;
  readonly failure: Failure;
  /** The bank takes the access token no longer; what that means is a matter of the session. */
  readonly isOfToken: boolean;
}

/** What an answer of 400 and above means for us. The bank's own texts stay out of it. */
export function refusalOf(call: BankCall, resource: Resource, answer: BankHttpAnswer): StetRefusal {
  const { status } = answer;
  const code = codeOf(answer.body);
  const known = Object.hasOwn(failureByCode, code) ? failureByCode[code] : undefined;
  const named = known ?? (status === 404 ? failureOfMissing[resource] : undefined);
  return { status, failure: failureOfRefusal(call, answer, 'BANK_ERROR', named), isOfToken: !known && status === 401 };
}

/** The code at the head of an error's message, up to its colon; empty when there is none. */
function codeOf(body: string): string {
  try {
    const { message = '', error = '' } = wireError.safeParse(JSON.parse(body)).data ?? {};
    return /^[A-Z][A-Z_]{2,60}(?=:|$)/.exec(message)?.[0] ?? /^[A-Z][A-Z_]{2,60}$/.exec(error)?.[0] ?? '';
  } catch {
    return '';
  }
}
