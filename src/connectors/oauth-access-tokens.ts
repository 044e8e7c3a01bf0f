import * as oauth from 'oauth4webapi';
import { z } from 'zod';
import { Failure } from '../domain/failure.ts';
import { millisecondsPerSecond } from '../kernel/clock.ts';
import { oauthClient } from './oauth-access-client.ts';
import { endOfAccess, oauthFailure } from './oauth-access-errors.ts';
import { findAuthorizationServer } from './oauth-access-server.ts';
import type { OAuthAccess } from './oauth-access-settings.ts';

/** Goes into a header and, sealed, into a row: visible characters (RFC 6750, 2.1), and not without end. */
const token = z.string().regex(/^[\x21-\x7E]{1,20000}$/);

/** What opens the data, to be kept in a session, sealed. */
export const oauthTokens = z.object({
  accessToken: token,
  /** RFC 3339, by the clock of the call that brought it. */
  expiresAt: z.iso.datetime(),
  /** Null where the bank gives none: the access then ends with the access token. */
  refreshToken: token.nullable(),
});
export type OAuthTokens = z.infer<typeof oauthTokens>;

const renewBeforeSeconds = 60;
const tokenSecondsMax = 10 * 366 * 86_400;

/** What a token endpoint answered; a refresh token that is not replaced goes on to serve (RFC 6749, section 6). */
export function tokensOf(
  { call, settings }: OAuthAccess,
  granted: oauth.TokenEndpointResponse,
  earlierRefreshToken: string | null,
): OAuthTokens {
  const seconds = Math.min(granted.expires_in ?? settings.accessTokenSeconds, tokenSecondsMax);
  const parsed = oauthTokens.safeParse({
    accessToken: granted.access_token,
    expiresAt: new Date(call.clock.now().getTime() + seconds * millisecondsPerSecond).toISOString(),
    refreshToken: granted.refresh_token ?? earlierRefreshToken,
  });
  if (parsed.success) return parsed.data;
  // The issues would quote the tokens.
  throw new Failure('BANK_ERROR', { message: 'The bank gives tokens in a form that the standard does not know.' });
}

/** Whether the access token still serves, by the clock of the call. */
export function isLive({ expiresAt }: OAuthTokens, access: Pick<OAuthAccess, 'call'>, seconds = 0): boolean {
  return Date.parse(expiresAt) - access.call.clock.now().getTime() > seconds * millisecondsPerSecond;
}

/**
 * New tokens for ones that end within a minute; null when they are still good or cannot be renewed. The refresh token is
 * used up by it: what is returned must be stored before anything else. `isOver` says whether the consent's time has
 * passed, which tells an expired consent from a revoked one where the bank does not: CONSENT_EXPIRED,
 * CONSENT_REVOKED_AT_BANK.
 */
export async function renewTokens(
  access: OAuthAccess,
  tokens: OAuthTokens,
  isOver: boolean,
): Promise<OAuthTokens | null> {
  const { refreshToken } = tokens;
  if (refreshToken === null || isLive(tokens, access, renewBeforeSeconds)) return null;
  const server = await findAuthorizationServer(access);
  const { client, authentication, options } = oauthClient(access, server);
  try {
    const answer = await oauth.refreshTokenGrantRequest(server, client, authentication, refreshToken, options);
    return tokensOf(access, await oauth.processRefreshTokenResponse(server, client, answer), refreshToken);
  } catch (error) {
    throw oauthFailure(error, (description) => endOfAccess(description, isOver));
  }
}

/**
 * Ends the tokens at the bank (RFC 7009); false where the bank offers no such thing. Tokens that are over already are
 * ended, too (section 2.2).
 */
export async function revokeTokens(access: OAuthAccess, tokens: OAuthTokens): Promise<boolean> {
  const server = await findAuthorizationServer(access);
  if (server.revocation_endpoint === undefined) return false;
  const { client, authentication, options } = oauthClient(access, server);
  // The refresh token first: with it most servers end the whole family.
  const families = [
    [tokens.refreshToken, 'refresh_token'],
    [tokens.accessToken, 'access_token'],
  ] as const;
  try {
    for (const [value, hint] of families) {
      if (value === null) continue;
      const additionalParameters = { token_type_hint: hint };
      const answer = await oauth.revocationRequest(server, client, authentication, value, {
        ...options,
        additionalParameters,
      });
      if (!answer.ok) await oauth.processRevocationResponse(answer);
    }
  } catch (error) {
    if (error instanceof oauth.ResponseBodyError && error.error === 'unsupported_token_type') return true;
    throw oauthFailure(error, (description) => endOfAccess(description, true));
  }
  return true;
}
