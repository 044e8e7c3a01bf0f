/** The paths of the authorization server, and the methods that each answers. A path that ends with a slash has one part more. */
export const endpoints = {
  metadata: { path: '/.well-known/oauth-authorization-server', methods: ['GET', 'HEAD'] },
  jwks: { path: '/oauth/jwks', methods: ['GET', 'HEAD'] },
  authorization: { path: '/oauth/authorize', methods: ['GET'] },
  /** Where the browser goes on after login and consent. */
  resume: { path: '/oauth/authorize/', methods: ['GET'] },
  /** Login and consent. */
  interaction: { path: '/oauth/interaction/', methods: ['GET', 'POST'] },
  token: { path: '/oauth/token', methods: ['POST'] },
  introspection: { path: '/oauth/introspection', methods: ['POST'] },
  revocation: { path: '/oauth/revocation', methods: ['POST'] },
} as const;
export type EndpointName = keyof typeof endpoints;

const names: readonly EndpointName[] = [
  'metadata',
  'jwks',
  'authorization',
  'resume',
  'interaction',
  'token',
  'introspection',
  'revocation',
];

/** The endpoint at a path, which has no query; null when there is none. */
export function endpointAt(path: string): EndpointName | null {
  const lastSlash = path.lastIndexOf('/') + 1;
  const isAt = ({ path: known }: { path: string }) =>
    known.endsWith('/') ? known === path.slice(0, lastSlash) && lastSlash < path.length : known === path;
  return names.find((name) => isAt(endpoints[name])) ?? null;
}

/** The `aud` of our access tokens (RFC 9068): the one API that they open. */
export function audienceOf(publicUrl: string): string {
  return `${publicUrl}/graphql`;
}
