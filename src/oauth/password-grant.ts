import { isIP } from 'node:net';
import { errors, type Provider, type TokenEndpointGrantContext } from 'oidc-provider';
import { authenticateUser } from '../actions/authenticate-user.ts';
import type { ActionContext } from '../actions/context.ts';
import { findEnabledClient } from '../store/clients.ts';
import { resourceServerFor, type ResourceServerContext } from './resource-server.ts';
import { refuseThrottled } from './throttled.ts';

interface PasswordParameters {
  readonly username?: string;
  readonly password?: string;
}

type GrantContext = Pick<ActionContext, 'database' | 'clock'> & ResourceServerContext;

/**
 * The resource owner password grant (RFC 6749, section 4.3): the username is the e-mail of a user of the authenticated
 * client. An unknown user and a wrong password have one answer and cost the same work. The header PSU-IP-Address tells
 * the person's address, which keeps others from slowing this login down.
 */
export function registerPasswordGrant(provider: Provider, context: GrantContext): void {
  const parameters = ['username', 'password', 'scope', 'resource'];
  provider.registerGrantType<PasswordParameters>('password', (ctx) => issueTokens(provider, context, ctx), parameters);
}

async function issueTokens(
  provider: Provider,
  context: GrantContext,
  ctx: TokenEndpointGrantContext<PasswordParameters>,
): Promise<void> {
  const { params, client } = ctx.oidc;
  const email = required('username', params.username);
  const password = required('password', params.password);
  const { scope, audience, ...resourceServer } = await resourceServerFor(context, ctx, client);
  const owner = await findEnabledClient(context.database, client.clientId);
  if (!owner) throw new errors.InvalidGrant('the client was disabled');
  const attempt = { clientId: owner.id, email, password, address: personsAddress(ctx) };
  const accountId = await authenticateUser(context, attempt).catch((error: unknown) =>
    refuseThrottled(ctx, context, error),
  );
  if (accountId === null) throw new errors.InvalidGrant('wrong username or password');

  const grant = new provider.Grant({ accountId, clientId: client.clientId });
  grant.addResourceScope(audience, scope);
  const grantId = await grant.save();
  const token = new provider.AccessToken({ accountId, client, grantId, gty: 'password', scope });
  token.resourceServer = new provider.ResourceServer(audience, { ...resourceServer, scope, audience });
  ctx.oidc.entity('AccessToken', token);
  const attributes = { accountId, client, grantId, gty: 'password', resource: audience, rotations: 0, scope };
  const refreshToken = new provider.RefreshToken(attributes);
  ctx.oidc.entity('RefreshToken', refreshToken);
  ctx.body = {
    access_token: await token.save(),
    expires_in: token.expiration,
    refresh_token: await refreshToken.save(),
    scope: token.scope,
    token_type: token.tokenType,
  };
}

function required(name: string, value: string | undefined): string {
  if (value === undefined || value === '') throw new errors.InvalidRequest(`missing required parameter '${name}'`);
  return value;
}

/** Null when the client does not tell it. */
function personsAddress(ctx: TokenEndpointGrantContext<PasswordParameters>): string | null {
  const address = ctx.get('psu-ip-address');
  if (address === '') return null;
  if (isIP(address) > 0) return address;
  throw new errors.InvalidRequest('the header PSU-IP-Address must be one IPv4 or IPv6 address');
}
