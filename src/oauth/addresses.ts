/** The paths of the authorization server, and the methods that each answers. */
export const endpoints = {
  metadata: { path: '/.well-known/oauth-authorization-server', methods: ['GET', 'HEAD'] },
  jwks: { path: '/oauth/jwks', methods: ['GET', 'HEAD'] },
  token: { path: '/oauth/token', methods: ['POST'] },
  introspection: { path: '/oauth/introspection', methods: ['POST'] },
  revocation: { path: '/oauth/revocation', methods: ['POST'] },
} as const;
export type EndpointName = keyof typeof endpoints;

/** The `aud` of our access tokens (RFC 9068): the one API that they open. */
export function audienceOf(publicUrl: string): string {
  return `${publicUrl}/graphql`;
}
