import { Failure } from '../../domain/failure.ts';
import type { FailureCode } from '../../domain/failure-catalogue.ts';
import { failureCodeOfStatus, failureOfRefusal } from '../bank-refusal.ts';
import type { BankCall } from '../connector.ts';
import type { PortalPage } from './client.ts';

/** Pages that lead no further, by the name in their `data-notice`. */
const codeByNotice: Readonly<Record<string, FailureCode>> = {
  captcha: 'CAPTCHA_REQUIRED',
  'security-key': 'SCA_METHOD_UNSUPPORTED',
  moved: 'BANK_MIGRATING',
  closed: 'BANK_NO_LONGER_SUPPORTED',
  unavailable: 'BANK_UNAVAILABLE',
  maintenance: 'BANK_MAINTENANCE',
  busy: 'BANK_RATE_LIMITED',
  error: 'BANK_ERROR',
};

/** Why the bank led back to the log-in, by the `reason` in its address. */
const codeByReason: Readonly<Record<string, FailureCode>> = {
  locked: 'ACCOUNT_LOCKED',
  'challenge-failed': 'SCA_FAILED',
  'challenge-refused': 'SCA_FAILED',
  'challenge-expired': 'SCA_TIMEOUT',
};

/** What the log-in form says is wrong, by the name in its `data-problem`. */
const codeByLoginProblem: Readonly<Record<string, FailureCode>> = {
  refused: 'CREDENTIALS_INVALID',
  required: 'CREDENTIALS_INVALID',
  locked: 'ACCOUNT_LOCKED',
  'form-expired': 'BANK_ERROR',
  'address-invalid': 'CREDENTIALS_INVALID',
  'address-forbidden': 'CREDENTIALS_INVALID',
  'too-many-redirects': 'CREDENTIALS_INVALID',
  'not-found': 'CREDENTIALS_INVALID',
  'too-large': 'CREDENTIALS_INVALID',
  'too-many-movements': 'CREDENTIALS_INVALID',
  'file-invalid': 'CREDENTIALS_INVALID',
  'too-slow': 'BANK_UNAVAILABLE',
  unreachable: 'BANK_UNAVAILABLE',
  'too-busy': 'BANK_UNAVAILABLE',
};

/** A page that this connector was not written for: the site has changed. */
export function unknownPage(): Failure {
  return new Failure('CONNECTOR_BUG', {
    message: 'A page of the bank is not as it was: the connector must be adapted.',
  });
}

/** The failure that a page stands for whatever was asked, or null when it is one that leads on. */
export function failureOfPage(call: BankCall, page: PortalPage): Failure | null {
  const { status } = page.answer;
  const notice = page.document('[data-notice]').first().attr('data-notice');
  const code = notice === undefined ? undefined : lookUp(codeByNotice, notice);
  if (code) return failureOfRefusal(call, page.answer, code, code);
  if (isMissing(page)) return null;
  // A refused form comes back as a page, with 400 or 403 and what is wrong.
  if (problemOf(page) !== null || status < 400) return null;
  const byStatus = status === 401 || status === 403 ? null : failureCodeOfStatus(page.answer);
  return failureOfRefusal(call, page.answer, 'BANK_ERROR', byStatus ?? 'BANK_ERROR');
}

/** True where nothing stands: an account that is no more, or an address of another layout. */
export function isMissing(page: PortalPage): boolean {
  return page.answer.status === 404;
}

/** The name of what is wrong with a posted form, or null. */
export function problemOf(page: PortalPage): string | null {
  return page.document('[role="alert"][data-problem]').first().attr('data-problem') ?? null;
}

/** Why a log-in was refused; null when the form only waits to be filled in. */
export function failureOfLogin(page: PortalPage): Failure | null {
  const problem = problemOf(page);
  if (problem === null) return null;
  const code = lookUp(codeByLoginProblem, problem);
  return code ? new Failure(code) : unknownPage();
}

/** Why a sign-in that was under way ended at the log-in form; `fallback` when the bank does not say. */
export function failureOfReturn(page: PortalPage, fallback: FailureCode): Failure {
  return new Failure(lookUp(codeByReason, page.url.searchParams.get('reason') ?? '') ?? fallback);
}

function lookUp(table: Readonly<Record<string, FailureCode>>, key: string): FailureCode | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
