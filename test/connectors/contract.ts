import { describeBooks } from './contract/books.ts';
import { describeRedirectAccess } from './contract/redirect-access.ts';
import { describeSignInAccess } from './contract/sign-in-access.ts';
import type { ContractSubject } from './contract/subject.ts';

/**
 * The promises of the port `Connector`, run against the test bank over HTTP. A connector's test calls it once:
 *
 * ```ts
 * describeConnector({
 *   createConnector: (http, identities) => createStetConnector(http, identities),
 *   endpointAt: (bankUrl, { quirks }) => ({ baseUrl: `${bankUrl}/stet/v1`, timeZone: 'Europe/Paris', quirks: quirks ?? {} }),
 *   profiles: [{ name: 'no oddities' }, { name: 'version 1.6', switches: { stetVersion: '1.6' } }],
 *   redirect: {
 *     profiles: [{ name: 'rotating refresh tokens' }, { name: 'static ones', switches: { refreshTokens: 'static' } }],
 *     letsChooseAccounts: true,
 *     limitsUnattended: true,
 *     hasConsents: true,
 *     failures: [...bankFailures, ...consentFailures],
 *   },
 * });
 * ```
 *
 * - `profiles` (all connectors): accounts, every booked transaction, balances and texts as the bank keeps them. A profile
 *   names habits of the test bank: a bundle (`bankProfile`), fields of `bank`, `switches`; and the quirks that tell of it.
 *   `access: 'sign-in'` where the person answers through us at a connector that can do both.
 * - `redirect` (also OAuth2): a person plays through the bank's pages; the parameters with which his browser comes back
 *   (`code`, `error`) go to `readConsent`; sessions are renewed by `renewSession` before data is read.
 * - `signIn` (portal, decoupled, EmbeddedSca): `credentialsOf` fills in the form; codes are read from the bank's phone,
 *   apps approved. `challenges` says which kinds the bank can ask.
 * - `failures` are cases of ./contract/failures.ts: take the lists that fit, filter what the protocol cannot show (say
 *   why), add rows where another login leads to the code.
 */
export function describeConnector(subject: ContractSubject): void {
  describeBooks(subject);
  if (subject.redirect) describeRedirectAccess(subject, subject.redirect);
  if (subject.signIn) describeSignInAccess(subject, subject.signIn);
}
