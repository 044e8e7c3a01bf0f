import type { FailureCode } from '../domain/failure-catalogue.ts';
import { Failure } from '../domain/failure.ts';
import { addDays, dateIn } from '../kernel/calendar-date.ts';
import { millisecondsPerDay, millisecondsPerSecond } from '../kernel/clock.ts';
import { startOfBankDay } from './bank-date.ts';
import type { BankHttpAnswer } from './bank-http.ts';
import type { BankCall } from './connector.ts';

/** What a status means at any bank, where its body tells nothing better. */
const failureByStatus: Readonly<Record<number, FailureCode>> = {
  401: 'CONSENT_EXPIRED',
  403: 'CONSENT_SCOPE_INSUFFICIENT',
  408: 'BANK_TIMEOUT',
  429: 'BANK_RATE_LIMITED',
  502: 'BANK_UNAVAILABLE',
  503: 'BANK_UNAVAILABLE',
  504: 'BANK_TIMEOUT',
};

/** Message codes of NextGenPSD2 about who we are; banks of other dialects borrow them. */
export const failureByIdentityCode = {
  CERTIFICATE_INVALID: 'CONNECTOR_CONFIG_INVALID',
  CERTIFICATE_EXPIRED: 'CONNECTOR_CONFIG_INVALID',
  CERTIFICATE_BLOCKED: 'CONNECTOR_CONFIG_INVALID',
  CERTIFICATE_REVOKED: 'CONNECTOR_CONFIG_INVALID',
  CERTIFICATE_MISSING: 'CONNECTOR_CONFIG_INVALID',
  ROLE_INVALID: 'CONNECTOR_CONFIG_INVALID',
  SIGNATURE_INVALID: 'CONNECTOR_CONFIG_INVALID',
  SIGNATURE_MISSING: 'CONNECTOR_CONFIG_INVALID',
} as const satisfies Readonly<Record<string, FailureCode>>;

/** The failure that the status of an answer of 400 and above names by itself, or null. */
export function failureCodeOfStatus(answer: BankHttpAnswer): FailureCode | null {
  // A page for people in the place of the interface: the bank has put up its sign.
  if (answer.status === 503 && (answer.headers['content-type'] ?? '').startsWith('text/html'))
    return 'BANK_MAINTENANCE';
  return failureByStatus[answer.status] ?? null;
}

/**
 * The Failure for an answer of 400 and above: `code` where it is known, else by the status. It carries when to try again
 * where the bank tells, or where the bank's day limits unattended calls. The bank's own texts stay out of it.
 */
export function failureOfRefusal(
  call: BankCall,
  answer: BankHttpAnswer,
  fallback: FailureCode,
  code: FailureCode = failureCodeOfStatus(answer) ?? fallback,
): Failure {
  const isRateLimit = code === 'BANK_RATE_LIMITED';
  const retryAt = retryAfter(call, answer) ?? (isRateLimit && call.psu === null ? nextBankDay(call) : null);
  return new Failure(code, {
    ...(code === 'BANK_ERROR' ? { message: `The bank answered with ${answer.status}.` } : {}),
    ...(retryAt && (isRateLimit || answer.status === 503) ? { retryAt } : {}),
    cause: { status: answer.status },
  });
}

const waitDaysMax = 7;

/** Retry-After as an instant (seconds or an HTTP date, RFC 9110 section 10.2.3), never beyond a week: banks err. */
function retryAfter(call: BankCall, answer: BankHttpAnswer): Date | null {
  const header = answer.headers['retry-after']?.trim() ?? '';
  const now = call.clock.now().getTime();
  const at = /^\d{1,9}$/.test(header) ? now + Number(header) * millisecondsPerSecond : Date.parse(header);
  if (Number.isNaN(at)) return null;
  return new Date(Math.min(Math.max(at, now), now + waitDaysMax * millisecondsPerDay));
}

/** Unattended calls are counted by the bank's day where it does not say otherwise. */
function nextBankDay(call: BankCall): Date {
  const { timeZone } = call.endpoint;
  return startOfBankDay(addDays(dateIn(timeZone, call.clock.now()), 1), timeZone);
}
