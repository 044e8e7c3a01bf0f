import type { GraphqlContext } from '../graphql/context.ts';
import { requestError } from '../graphql/request-error.ts';

/** Who a token speaks for, and until when (null for nobody, who has no token). */
export interface Authentication {
  readonly viewer: GraphqlContext['viewer'];
  readonly expiresAt: Date | null;
}

/** Verifies an access token; throws a `Failure` UNAUTHENTICATED for one that is not valid. */
export type VerifyAccessToken = (token: string) => Promise<{ viewer: GraphqlContext['viewer']; expiresAt: Date }>;

const anonymous: Authentication = { viewer: { kind: 'anonymous' }, expiresAt: null };

/** Who an Authorization header speaks for; without one, nobody. Throws UNAUTHENTICATED (RFC 6750 section 2.1). */
export async function authenticate(
  authorization: string | undefined,
  verifyAccessToken: VerifyAccessToken,
): Promise<Authentication> {
  if (authorization === undefined) return anonymous;
  const [, token] = /^Bearer +([A-Za-z0-9\-._~+/]+=*)$/i.exec(authorization.trim()) ?? [];
  if (token === undefined) {
    throw requestError(
      'UNAUTHENTICATED',
      'The Authorization header must read "Bearer <access token>": get a token at /oauth/token.',
    );
  }
  return verifyAccessToken(token);
}

/**
 * The Authorization header of a connection_init payload, at its top or under `headers` (where some clients put it), whatever
 * its case; else that of the upgrade request.
 */
export function authorizationOf(
  payload: Readonly<Record<string, unknown>> | undefined,
  ofUpgrade: string | undefined,
): string | undefined {
  const { headers = {} } = payload ?? {};
  const inside = typeof headers === 'object' && headers ? Object.entries(headers) : [];
  for (const [name, value] of [...Object.entries(payload ?? {}), ...inside]) {
    if (name.toLowerCase() === 'authorization' && typeof value === 'string') return value;
  }
  return ofUpgrade;
}

/** The challenge of a 401 (RFC 6750 section 3). */
export const bearerChallenge = 'Bearer realm="tributary", error="invalid_token"';
