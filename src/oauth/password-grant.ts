import { errors, type Provider, type TokenEndpointGrantContext } from 'oidc-provider';
import type { ActionContext } from '../actions/context.ts';
import { verifyPassword } from '../actions/password.ts';
import { findUserByEmail } from '../store/users.ts';
import { findEnabledClient } from '../store/clients.ts';
import { resourceServerFor } from './resource-server.ts';

interface PasswordParameters {
  readonly username?: string;
  readonly password?: string;
}

type GrantContext = Pick<ActionContext, 'database' | 'publicUrl'>;

/**
 * The resource owner password grant (RFC 6749, section 4.3): the username is the e-mail of a user of the authenticated
 * client. An unknown user and a wrong password have one answer and cost the same work.
 */
export function registerPasswordGrant(provider: Provider, context: GrantContext): void {
  const parameters = ['username', 'password', 'scope', 'resource'];
  provider.registerGrantType<PasswordParameters>('password', (ctx) => issueToken(provider, context, ctx), parameters);
}

async function issueToken(
  provider: Provider,
  context: GrantContext,
  ctx: TokenEndpointGrantContext<PasswordParameters>,
): Promise<void> {
  const { params, client } = ctx.oidc;
  const username = required('username', params.username);
  const password = required('password', params.password);
  const resourceServer = await resourceServerFor(context, ctx, client, 'user');
  const accountId = await authenticateUser(context, client.clientId, username, password);
  if (accountId === null) throw new errors.InvalidGrant('wrong username or password');

  // No grant is kept: there is no refresh token that would hang on it.
  const grantId = '';
  const token = new provider.AccessToken({ accountId, client, grantId, gty: 'password', scope: resourceServer.scope });
  token.resourceServer = new provider.ResourceServer(resourceServer.audience, resourceServer);
  ctx.oidc.entity('AccessToken', token);
  const value = await token.save();
  ctx.body = {
    access_token: value,
    expires_in: token.expiration,
    scope: token.scope,
    token_type: token.tokenType,
  };
}

async function authenticateUser(
  { database }: GrantContext,
  oauthClientId: string,
  email: string,
  password: string,
): Promise<string | null> {
  const client = await findEnabledClient(database, oauthClientId);
  // PostgreSQL cannot take a NUL in a text; no e-mail has one.
  const user = client && !email.includes('\0') ? await findUserByEmail(database, client.id, email) : null;
  return (await verifyPassword(user ? [user.passwordHash] : [], password)) && user ? user.id : null;
}

function required(name: string, value: string | undefined): string {
  if (value === undefined || value === '') throw new errors.InvalidRequest(`missing required parameter '${name}'`);
  return value;
}
