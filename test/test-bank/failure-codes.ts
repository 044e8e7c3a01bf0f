import { failureLogins } from '../../src/test-bank/faults/failure-logins.ts';
import { portalFailures } from '../../src/test-bank/portal/failures.ts';

/** Failures of the aggregator that no login at a bank can cause, and where they come from instead. */
export const notByLogin: Readonly<Record<string, string>> = {
  scaRedirectRequired: 'every redirect begins with it: any login',
  consentRevokedByUser: 'the person revokes at the aggregator',
  consentRevokedByClient: 'the client revokes at the aggregator',
  accountMappingRequired:
    'two alike accounts under the profile `spaces-and-broken-next`, linked again with `resourceIds: per-consent`',
  termsNotAccepted: 'a rule of the client, before a bank is asked',
  syncPersonRequired: 'a bank that answers present persons only: any login',
  connectorBug: 'a fault of the aggregator',
  connectorDisabled: 'the operator of the aggregator',
  connectorConfigInvalid: 'the operator of the aggregator',
  syncAlreadyRunning: 'two syncs at once',
  syncBudgetExhausted: 'four unattended syncs within a day: any login',
  syncCancelled: 'the client cancels',
  validationFailed: 'a request to the aggregator',
  notFound: 'a request to the aggregator',
  conflict: 'a request to the aggregator',
  idempotencyKeyReused: 'a request to the aggregator',
  cursorInvalid: 'a request to the aggregator',
  cursorExpired: 'a request to the aggregator',
  unauthenticated: 'a request to the aggregator',
  forbidden: 'a request to the aggregator',
  rateLimited: 'a request to the aggregator',
  queryTooComplex: 'a request to the aggregator',
  internal: 'a fault of the aggregator',
};

/** SCREAMING_SNAKE of the catalogue as the key of the table above. */
export function keyOfCode(code: string): string {
  return code.toLowerCase().replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

export interface FailureRow {
  readonly login: string;
  readonly redirect: string;
  readonly portal: string;
}

/** What each failure login does, on the redirect faces and on the portal. */
export function failureRows(): FailureRow[] {
  const codes = [...new Set([...failureLogins, ...portalFailures].map(({ code }) => code))].toSorted();
  return codes.map((code) => {
    const redirect = failureLogins.find((entry) => entry.code === code);
    return {
      login: `error.${code}`,
      redirect: !redirect || redirect.effect.at === 'portal' ? '' : redirect.description,
      portal: portalFailures.find((entry) => entry.code === code)?.description ?? '',
    };
  });
}

/** The codes that a login produces: what follows a dot is another way to the same failure. */
export function codesByLogin(): ReadonlySet<string> {
  return new Set(failureRows().map(({ login }) => (login.split('.')[1] ?? '').toUpperCase()));
}
