import * as oauth from 'oauth4webapi';
import { z } from 'zod';
import { Failure } from '../domain/failure.ts';
import { oauthClient } from './oauth-access-client.ts';
import { failureOfCode, isRefusal, oauthFailure } from './oauth-access-errors.ts';
import { findAuthorizationServer, hasKnownIssuer } from './oauth-access-server.ts';
import type { OAuthAccess } from './oauth-access-settings.ts';
import { tokensOf, type OAuthTokens } from './oauth-access-tokens.ts';

/** What must be kept, sealed, until the browser comes back. */
export const oauthPending = z.object({
  state: z.string(),
  codeVerifier: z.string(),
  returnUrl: z.string(),
  /** The server that was asked, so that the answer of another is not taken for its own (RFC 9207). */
  issuer: z.string(),
});
export type OAuthPending = z.infer<typeof oauthPending>;

interface OAuthRequest {
  readonly scope: string;
  /** The address that is registered at the bank, letter by letter. */
  readonly returnUrl: string;
  readonly state: string;
}

/**
 * The bank's page for the person: authorization code grant with PKCE (RFC 6749, 4.1; RFC 7636). Asks the bank for
 * nothing but its metadata. Throws BANK_ERROR and CONNECTOR_CONFIG_INVALID as `findAuthorizationServer` does.
 */
export async function beginOAuth(
  access: OAuthAccess,
  { scope, returnUrl, state }: OAuthRequest,
): Promise<{ readonly redirectUrl: string; readonly pending: OAuthPending }> {
  const server = await findAuthorizationServer(access);
  const codeVerifier = oauth.generateRandomCodeVerifier();
  const url = new URL(server.authorization_endpoint ?? '');
  const parameters = {
    response_type: 'code',
    client_id: access.identity.clientId,
    redirect_uri: returnUrl,
    scope,
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return { redirectUrl: url.href, pending: { state, codeVerifier, returnUrl, issuer: server.issuer } };
}

/**
 * The tokens for which the bank's answer to the browser is exchanged; null when it says that access was refused. An
 * answer that is not the bank's to this request (`state`, `iss`, PKCE) or that was used before throws SCA_FAILED and
 * decides nothing: the true one may still come. Throws CONNECTOR_CONFIG_INVALID where the bank does not take us.
 */
export async function finishOAuth(
  access: OAuthAccess,
  pending: OAuthPending,
  returnParameters: Readonly<Record<string, string>>,
): Promise<OAuthTokens | null> {
  const server = await findAuthorizationServer(access);
  if (server.issuer !== pending.issuer) throw foreignReturn();
  const { client, authentication, options } = oauthClient(access, server);
  const parameters = new URLSearchParams(returnParameters);
  if (!hasKnownIssuer(server)) parameters.delete('iss');
  let checked: URLSearchParams;
  try {
    checked = oauth.validateAuthResponse(server, client, parameters, pending.state);
  } catch (error) {
    if (!(error instanceof oauth.AuthorizationResponseError)) throw foreignReturn(error);
    if (isRefusal(error.error)) return null;
    throw failureOfCode(error.error);
  }
  if (!checked.has('code')) throw foreignReturn();
  try {
    const answer = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      authentication,
      checked,
      pending.returnUrl,
      pending.codeVerifier,
      options,
    );
    const granted = await oauth.processAuthorizationCodeResponse(server, client, answer);
    return tokensOf(access, granted, null);
  } catch (error) {
    throw oauthFailure(error, () => foreignReturn(error));
  }
}

function foreignReturn(cause?: unknown): Failure {
  return new Failure('SCA_FAILED', {
    message: 'The browser came back with an answer that the bank does not stand by (any more): start again.',
    cause,
  });
}
