import type { FailureCode } from '../../domain/failure-catalogue.ts';
import { Failure } from '../../domain/failure.ts';
import { addDays, dateIn } from '../../kernel/calendar-date.ts';
import { millisecondsPerDay, millisecondsPerSecond } from '../../kernel/clock.ts';
import type { BankHttpAnswer } from '../bank-http.ts';
import { startOfBankDay } from '../bank-date.ts';
import type { BankCall } from '../connector.ts';
import { wireErrorCodes } from './wire.ts';

/** What a call was about: the same 404 means another thing for a consent than for an account. */
export type Resource = 'consent' | 'accounts' | 'account';

/**
 * Our failure for a bank's message code; where a code means two things, the key carries the status. Source: NextGenPSD2
 * Implementation Guidelines 1.3.x, section 14.11 (message codes), and what banks do with them.
 */
const failureByCode: Readonly<Record<string, FailureCode>> = {
  CERTIFICATE_INVALID: 'CONNECTOR_CONFIG_INVALID',
  CERTIFICATE_EXPIRED: 'CONNECTOR_CONFIG_INVALID',
  CERTIFICATE_BLOCKED: 'CONNECTOR_CONFIG_INVALID',
  CERTIFICATE_REVOKED: 'CONNECTOR_CONFIG_INVALID',
  CERTIFICATE_REVOKE: 'CONNECTOR_CONFIG_INVALID',
  CERTIFICATE_MISSING: 'CONNECTOR_CONFIG_INVALID',
  ROLE_INVALID: 'CONNECTOR_CONFIG_INVALID',
  SIGNATURE_INVALID: 'CONNECTOR_CONFIG_INVALID',
  SIGNATURE_MISSING: 'CONNECTOR_CONFIG_INVALID',
  CONSENT_EXPIRED: 'CONSENT_EXPIRED',
  CONSENT_INVALID: 'CONSENT_REVOKED_AT_BANK',
  '403 CONSENT_INVALID': 'CONSENT_SCOPE_INSUFFICIENT',
  CONSENT_UNKNOWN: 'CONSENT_REVOKED_AT_BANK',
  TOKEN_UNKNOWN: 'CONSENT_EXPIRED',
  TOKEN_INVALID: 'CONSENT_EXPIRED',
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

/** Where no code helps, and for codes that say that a thing does not exist. */
const failureByStatus: Readonly<Record<number, FailureCode>> = {
  401: 'CONSENT_EXPIRED',
  403: 'CONSENT_SCOPE_INSUFFICIENT',
  408: 'BANK_TIMEOUT',
  429: 'BANK_RATE_LIMITED',
  502: 'BANK_UNAVAILABLE',
  503: 'BANK_UNAVAILABLE',
  504: 'BANK_TIMEOUT',
};

const failureOfMissing: Readonly<Record<Resource, FailureCode>> = {
  consent: 'CONSENT_REVOKED_AT_BANK',
  accounts: 'BANK_ERROR',
  account: 'ACCOUNT_NOT_FOUND',
};

const codesOfMissing = new Set(['RESOURCE_UNKNOWN', 'RESOURCE_EXPIRED']);

/** The codes that an answer's body names; none when it is no error body of the standard (HTML, Spring, empty). */
function errorCodes(body: string): readonly string[] {
  try {
    return wireErrorCodes.safeParse(JSON.parse(body)).data ?? [];
  } catch {
    return [];
  }
}

/** The failure that an answer of 400 and above means for us. The bank's own texts stay out of it. */
export function failureOfAnswer(call: BankCall, resource: Resource, answer: BankHttpAnswer): Failure {
  const codes = errorCodes(answer.body);
  const code = isMaintenancePage(answer) ? 'BANK_MAINTENANCE' : failureCode(answer.status, codes, resource);
  const isRateLimit = code === 'BANK_RATE_LIMITED';
  const retryAt = retryAfter(call, answer) ?? (isRateLimit && call.psu === null ? nextBankDay(call) : null);
  return new Failure(code, {
    ...(code === 'BANK_ERROR' ? { message: `The bank answered with ${[answer.status, ...codes].join(' ')}.` } : {}),
    ...(retryAt && (isRateLimit || answer.status === 503) ? { retryAt } : {}),
    cause: { status: answer.status, codes },
  });
}

function failureCode(status: number, codes: readonly string[], resource: Resource): FailureCode {
  for (const code of codes) {
    if (codesOfMissing.has(code)) return failureOfMissing[resource];
    for (const key of [`${status} ${code}`, code]) {
      const known = Object.hasOwn(failureByCode, key) ? failureByCode[key] : undefined;
      if (known) return known;
    }
  }
  if (status === 404) return failureOfMissing[resource];
  return failureByStatus[status] ?? 'BANK_ERROR';
}

/** A page for people in the place of the interface: the bank has put up its sign. */
function isMaintenancePage(answer: BankHttpAnswer): boolean {
  return answer.status === 503 && (answer.headers['content-type'] ?? '').startsWith('text/html');
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
