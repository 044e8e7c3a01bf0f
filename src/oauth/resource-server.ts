import { errors, type Client, type KoaContextWithOIDC, type ResourceServer } from 'oidc-provider';
import type { ActionContext } from '../actions/context.ts';
import { findEnabledClient } from '../store/clients.ts';
import { audienceOf } from './addresses.ts';
import { grantable, narrowScope, type SubjectKind } from './scopes.ts';
import { signatureAlgorithm } from './signing-keys.ts';

/** How long an access token lives: long enough for a widget session, short enough to lose one. */
export const accessTokenLifetimeInSeconds = 900;

/**
 * What a token of this request may be: for our API alone (RFC 8707), a JWT, with the scope that was asked for where all
 * of it may be had. Throws invalid_scope otherwise.
 */
export async function resourceServerFor(
  context: Pick<ActionContext, 'database' | 'publicUrl'>,
  ctx: KoaContextWithOIDC,
  client: Client,
  kind: SubjectKind,
): Promise<ResourceServer & { readonly audience: string }> {
  const audience = audienceOf(context.publicUrl);
  const resource = ctx.oidc.params?.['resource'];
  if (resource !== undefined && resource !== audience) {
    throw new errors.InvalidTarget(`the only resource here is ${audience}`);
  }
  const row = await findEnabledClient(context.database, client.clientId);
  const available = row ? grantable(row, kind) : [];
  const requested = ctx.oidc.params?.['scope'];
  const { permissions, refused } = narrowScope(typeof requested === 'string' ? requested : undefined, available);
  if (permissions === null) {
    const remedy = available.length > 0 ? `choose among: ${available.join(' ')}` : 'the client has none';
    throw new errors.InvalidScope(`a ${kind} token of this client cannot carry this scope; ${remedy}`, refused);
  }
  if (permissions.length === 0) {
    throw new errors.InvalidScope(`a ${kind} token of this client can carry no scope`, '');
  }
  return {
    scope: permissions.join(' '),
    audience,
    accessTokenTTL: accessTokenLifetimeInSeconds,
    accessTokenFormat: 'jwt',
    jwt: { sign: { alg: signatureAlgorithm } },
  };
}
