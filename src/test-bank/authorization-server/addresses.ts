/** Where the authorization server is, below the bank's own address. */
export const oauthPath = '/oauth';

export const oauthRoutes = {
  authorization: `${oauthPath}/authorize`,
  token: `${oauthPath}/token`,
  jwks: `${oauthPath}/jwks`,
  revocation: `${oauthPath}/revoke`,
} as const;

/** The issuer of a bank that is reached at this origin. */
export function issuerOf(origin: string): string {
  return `${origin}${oauthPath}`;
}

/** RFC 8414, section 3.1: the well-known part comes before the path of the issuer. */
export const metadataPath = `/.well-known/oauth-authorization-server${oauthPath}`;

/** What access tokens are for (RFC 8707). Not an address: tokens outlive a change of the bank's own. */
export const accountsResource = 'urn:test-bank:accounts';
