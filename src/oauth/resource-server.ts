import { errors, type Client, type KoaContextWithOIDC, type ResourceServer } from 'oidc-provider';
import type { ActionContext } from '../actions/context.ts';
import { audienceOf } from './addresses.ts';
import { accessTokenLifetimeInSeconds } from './lifetimes.ts';
import { findParty } from './party.ts';
import { narrowScope, type SubjectKind } from './scopes.ts';
import { signatureAlgorithm } from './signing-keys.ts';

export interface ResourceServerContext extends Pick<ActionContext, 'database' | 'publicUrl'> {
  /** The key that signs now. */
  readonly signingKeyId: () => string;
}

/**
 * What a token of this request may be: for our API alone (RFC 8707), a JWT, with the scope that was asked for where all
 * of it may be had. Throws invalid_scope otherwise.
 */
export async function resourceServerFor(
  context: ResourceServerContext,
  ctx: KoaContextWithOIDC,
  client: Client,
): Promise<ResourceServer & { readonly audience: string }> {
  const audience = audienceOf(context.publicUrl);
  const resource = ctx.oidc.params?.['resource'];
  if (resource !== undefined && resource !== audience) {
    throw new errors.InvalidTarget(`the only resource here is ${audience}`);
  }
  const kind: SubjectKind = ctx.oidc.params?.['grant_type'] === 'client_credentials' ? 'client' : 'user';
  const party = await findParty(context.database, client.clientId);
  const available = party?.grantable[kind] ?? [];
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
    jwt: { sign: { alg: signatureAlgorithm, kid: context.signingKeyId() } },
  };
}
