import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { ActionContext } from '../actions/context.ts';
import { Failure } from '../domain/failure.ts';
import { revokedAccessToken, upsertOauthRecord } from '../store/oauth-records.ts';
import { endpoints } from './addresses.ts';
import { rootReason } from './root-reason.ts';
import type { AccessTokenVerifier } from './verify-access-token.ts';

type StructuredContext = Pick<ActionContext, 'database' | 'publicUrl' | 'log'>;

/**
 * Introspection (RFC 7662) and revocation (RFC 7009) of access tokens. oidc-provider authenticates the client and then
 * declines to speak about JWTs, because it keeps none; here we do, as we list the revoked ones.
 */
export function answerForStructuredTokens(
  provider: Provider,
  context: StructuredContext,
  verifier: AccessTokenVerifier,
): void {
  const answers: Record<string, (client: string, token: string) => Promise<object | string>> = {
    [endpoints.introspection.path]: (client, token) => introspect(context, verifier, client, token),
    [endpoints.revocation.path]: (client, token) => revoke(context, verifier, client, token),
  };
  provider.use(async (ctx: KoaContextWithOIDC, next) => {
    await next();
    if (!isDeclined(ctx.body)) return;
    const token = ctx.oidc.params?.['token'];
    const client = ctx.oidc.client?.clientId;
    if (typeof token !== 'string' || client === undefined) return;
    try {
      ctx.body = await answers[ctx.path]?.(client, token);
      ctx.status = 200;
    } catch (error) {
      context.log.error({ reason: rootReason(error) }, 'The authorization server failed to answer a request.');
      ctx.status = 500;
      ctx.body = { error: 'server_error', error_description: 'The authorization server failed; try again.' };
    }
  });
}

function isDeclined(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'error' in body && body.error === 'unsupported_token_type';
}

/** Another client's token is as unknown as one that never was. */
async function introspect(context: StructuredContext, verifier: AccessTokenVerifier, client: string, token: string) {
  const claims = await verifier.inspect(token);
  if (!claims || claims.oauthClientId !== client) return { active: false };
  return {
    active: true,
    iss: context.publicUrl,
    sub: claims.subject,
    client_id: claims.oauthClientId,
    scope: claims.scope,
    token_type: 'Bearer',
    subject_kind: claims.viewer.kind,
    iat: claims.issuedAtSeconds,
    exp: claims.expiresAtSeconds,
    jti: claims.jti,
  };
}

/** A token that is not ours, expired or another client's needs no revocation, and is not spoken about. */
async function revoke(context: StructuredContext, verifier: AccessTokenVerifier, client: string, token: string) {
  const claims = await verifier.read(token).catch((error: unknown) => {
    if (error instanceof Failure) return null;
    throw error;
  });
  if (claims?.oauthClientId === client) {
    const { jti, expiresAt } = claims;
    const record = {
      model: revokedAccessToken,
      id: jti,
      grantId: null,
      uid: null,
      accountId: null,
      payload: {},
      expiresAt,
    };
    await upsertOauthRecord(context.database, record);
    verifier.forget(token);
  }
  return '';
}
