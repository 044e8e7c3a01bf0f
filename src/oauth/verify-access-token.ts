import { createLocalJWKSet, errors, jwtVerify } from 'jose';
import { z } from 'zod';
import type { ActionContext } from '../actions/context.ts';
import { Failure } from '../domain/failure.ts';
import { permissions, type Viewer } from '../domain/viewer.ts';
import { millisecondsPerSecond } from '../kernel/clock.ts';
import { parseId, type ClientId, type UserId } from '../kernel/id.ts';
import { isTokenInForce } from '../store/oauth-records.ts';
import { audienceOf } from './addresses.ts';
import { subjectKinds } from './scopes.ts';
import { publicKeySet, signatureAlgorithm } from './signing-keys.ts';

/** What a good access token says. */
export interface VerifiedAccessToken {
  readonly viewer: Exclude<Viewer, { kind: 'anonymous' }>;
  readonly expiresAt: Date;
}

/** The same with the claims that introspection tells. */
interface AccessTokenClaims extends VerifiedAccessToken {
  readonly jti: string;
  readonly subject: string;
  /** The OAuth client id, as the client knows itself. */
  readonly oauthClientId: string;
  /** What a user's token hangs on; null for a client's. */
  readonly grantId: string | null;
  readonly issuedAtSeconds: number;
  readonly expiresAtSeconds: number;
  readonly scope: string;
}

type VerifierContext = Pick<ActionContext, 'database' | 'clock' | 'publicUrl'>;

const claimsSchema = z.object({
  jti: z.string().min(1),
  sub: z.string().min(1),
  iat: z.number().int(),
  exp: z.number().int(),
  scope: z.string().default(''),
  client_id: z.string().min(1),
  subject_kind: z.enum(subjectKinds),
  client: z.string(),
  /** Tokens of users hang on a grant; those of clients do not. */
  grant_id: z.string().min(1).optional(),
  /** A token that is bound to a key (RFC 7800) is worth nothing without a proof, and we ask for none. */
  cnf: z.never().optional(),
});
type Claims = z.infer<typeof claimsSchema>;

/** For this long a token that was found good is believed to be: the most by which a revocation may lag. */
const believedForMilliseconds = 1000;
const believedTokensMax = 10_000;
/** For this long the keys that were read are believed to be all: the most by which the end of a key may lag. */
const keysBelievedForMilliseconds = 5000;
/** Nobody makes us read the keys more often than this by naming keys that do not exist. */
const keysReadAgainAfterMilliseconds = 1000;

export interface AccessTokenVerifier {
  /** The viewer of a token; throws UNAUTHENTICATED, saying what is wrong with it. */
  verify(token: string): Promise<VerifiedAccessToken>;
  /** The claims of a token in force, read afresh; null for any other. */
  inspect(token: string): Promise<AccessTokenClaims | null>;
  /** Makes this process look again whether a token is in force; others do within a second. */
  forget(token: string): void;
  /** The claims of a token that is ours and has not expired, whether it is in force or not; throws as `verify`. */
  read(token: string): Promise<AccessTokenClaims>;
}

/**
 * Verifies our own access tokens (RFC 9068, section 4): signature by one of our keys and nothing but ES256, `typ`,
 * issuer, audience, expiry by the injected clock without tolerance; then that nothing has ended the token early.
 */
export function createAccessTokenVerifier(context: VerifierContext): AccessTokenVerifier {
  const { database, clock, publicUrl } = context;
  const believed = new Map<string, { claims: AccessTokenClaims; until: number }>();
  let keys: { resolve: ReturnType<typeof createLocalJWKSet>; readAt: number } | null = null;

  async function readKeys() {
    keys = { resolve: createLocalJWKSet(await publicKeySet(context)), readAt: clock.now().getTime() };
    return keys;
  }

  async function verifySignature(token: string): Promise<unknown> {
    const isOutdated = keys === null || clock.now().getTime() - keys.readAt > keysBelievedForMilliseconds;
    const known = keys === null || isOutdated ? await readKeys() : keys;
    const options = {
      algorithms: [signatureAlgorithm],
      typ: 'at+jwt',
      issuer: publicUrl,
      audience: audienceOf(publicUrl),
      currentDate: clock.now(),
    };
    try {
      return (await jwtVerify(token, known.resolve, options)).payload;
    } catch (error) {
      const isStale = clock.now().getTime() - known.readAt > keysReadAgainAfterMilliseconds;
      if (!(error instanceof errors.JWKSNoMatchingKey) || !isStale) throw error;
      return (await jwtVerify(token, (await readKeys()).resolve, options)).payload;
    }
  }

  async function read(token: string): Promise<AccessTokenClaims> {
    try {
      return toClaims(claimsSchema.parse(await verifySignature(token)));
    } catch (error) {
      throw refusal(error);
    }
  }

  async function isInForce(claims: AccessTokenClaims): Promise<boolean> {
    const { viewer, jti, grantId } = claims;
    const userId = viewer.kind === 'user' ? viewer.userId : null;
    const applicationId = parseId('application', claims.oauthClientId);
    const token = { jti, clientId: viewer.clientId, userId, applicationId, grantId };
    return isTokenInForce(database, token, clock.now());
  }

  return {
    read,
    forget: (token) => void believed.delete(token),
    async verify(token) {
      const now = clock.now().getTime();
      const known = believed.get(token);
      if (known && known.until > now) return known.claims;
      const claims = await read(token);
      if (!(await isInForce(claims))) throw unauthenticated('The access token was revoked.');
      if (believed.size >= believedTokensMax) believed.clear();
      const until = Math.min(now + believedForMilliseconds, claims.expiresAt.getTime());
      believed.set(token, { claims, until });
      return claims;
    },
    async inspect(token) {
      const claims = await read(token).catch((error: unknown) => {
        if (error instanceof Failure) return null;
        throw error;
      });
      return claims && (await isInForce(claims)) ? claims : null;
    },
  };
}

function toClaims(claims: Claims): AccessTokenClaims {
  const carried = claims.scope.split(' ');
  const clientId = parseId('client', claims.client);
  if (!clientId) throw unauthenticated('The access token is malformed.');
  return {
    viewer: viewerOf(claims, clientId, new Set(permissions.filter((permission) => carried.includes(permission)))),
    expiresAt: new Date(claims.exp * millisecondsPerSecond),
    jti: claims.jti,
    subject: claims.sub,
    oauthClientId: claims.client_id,
    grantId: claims.grant_id ?? null,
    issuedAtSeconds: claims.iat,
    expiresAtSeconds: claims.exp,
    scope: claims.scope,
  };
}

function viewerOf(claims: Claims, clientId: ClientId, carried: VerifiedAccessToken['viewer']['permissions']) {
  if (claims.subject_kind === 'client') return { kind: 'client', clientId, permissions: carried } as const;
  const userId: UserId | null = parseId('user', claims.sub);
  if (!userId) throw unauthenticated('The access token is malformed.');
  return { kind: 'user', clientId, userId, permissions: carried } as const;
}

/** What may be told about a token that was refused; what is not the token's fault is passed on. */
function refusal(error: unknown): unknown {
  if (error instanceof errors.JWTExpired)
    return unauthenticated('The access token has expired. Request a new one.', error);
  if (error instanceof errors.JWTClaimValidationFailed) {
    return unauthenticated(`The access token is not one for this API (${error.claim}).`, error);
  }
  const isForeign =
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JOSEAlgNotAllowed;
  if (isForeign) return unauthenticated('The access token was not issued here.', error);
  if (error instanceof errors.JOSEError || error instanceof z.ZodError) {
    return unauthenticated('The access token is malformed.', error);
  }
  return error;
}

function unauthenticated(message: string, cause?: unknown): Failure {
  return new Failure('UNAUTHENTICATED', { message, cause });
}
