import { z } from 'zod';
import type { BankHttp } from './bank-http.ts';
import type { BankIdentity } from './bank-identity.ts';
import type { BankCall } from './connector.ts';

const webAddress = z.url({ protocol: /^https?$/ });

/**
 * How a bank's authorization server deviates from what its metadata (RFC 8414) tells, as data of its provider's entry;
 * what is given here goes before the metadata.
 */
export const oauthQuirks = z.strictObject({
  /** The identifier of the server; its metadata is looked for where RFC 8414 (section 3.1) puts it. */
  issuer: webAddress.optional(),
  /** Where the metadata stands, for a bank that keeps it elsewhere or names the place in an answer. */
  metadataUrl: webAddress.optional(),
  authorizationEndpoint: webAddress.optional(),
  tokenEndpoint: webAddress.optional(),
  revocationEndpoint: webAddress.optional(),
  /**
   * How we prove who we are; by default the first that the server takes and our identity can do, certificate first.
   * `client_secret_post` helps where a server does not decode what RFC 6749 (2.3.1) has us encode in the header.
   */
  clientAuthentication: z.enum(['tls_client_auth', 'client_secret_basic', 'client_secret_post']).optional(),
  /** For how long an access token serves where the bank does not say (`expires_in` is optional, RFC 6749, 5.1). */
  accessTokenSeconds: z.int().min(30).max(31_536_000).default(300),
});
export type OAuthSettings = z.infer<typeof oauthQuirks>;

/** What every step of OAuth2 at a bank works with. */
export interface OAuthAccess {
  readonly http: BankHttp;
  readonly call: BankCall;
  readonly identity: BankIdentity;
  readonly settings: OAuthSettings;
}
