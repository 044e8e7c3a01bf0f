import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as oauth from 'oauth4webapi';
import type { ActionContext } from '../../src/actions/context.ts';
import { createClient } from '../../src/actions/create-client.ts';
import { createUser } from '../../src/actions/create-user.ts';
import { permissions, type Permission } from '../../src/domain/viewer.ts';
import type { UserId } from '../../src/kernel/id.ts';
import { createAuthorizationServer, type AuthorizationServer } from '../../src/oauth/authorization-server.ts';

export const insecure = { [oauth.allowInsecureRequests]: true } as const;

/** A client application with its secret, as its owner knows it. */
export interface TestClient {
  readonly id: string;
  readonly secret: string;
}

/** The real authorization server behind real HTTP; closes with `await using`. */
export interface TestAuthorizationServer extends AsyncDisposable {
  readonly server: AuthorizationServer;
  readonly publicUrl: string;
  /** The metadata, as oauth4webapi has discovered it. */
  readonly discovered: oauth.AuthorizationServer;
}

type ServerParts = Partial<Parameters<typeof createAuthorizationServer>[0]>;

/** Serves OAuth2 on a free port; the address becomes the public one, unless another gateway's is given. */
export async function serveOauth(
  context: Omit<ActionContext, 'publicUrl'>,
  parts: ServerParts = {},
): Promise<TestAuthorizationServer> {
  const http = createServer((request, response) => void handler.then((server) => server.handle(request, response)));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const publicUrl = parts.publicUrl ?? `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const handler = createAuthorizationServer({ ...context, ...parts, publicUrl });
  const issuer = new URL(publicUrl);
  const answer = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure });
  return {
    server: await handler,
    publicUrl,
    discovered: await oauth.processDiscoveryResponse(issuer, answer),
    async [Symbol.asyncDispose]() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

/** A client registered for a test; everything is allowed unless told. */
export async function testClient(
  context: Pick<ActionContext, 'database' | 'clock'>,
  options: { permissions?: readonly Permission[]; isClientModeAllowed?: boolean } = {},
): Promise<TestClient> {
  const created = await createClient(context, { name: 'Test', permissions, isClientModeAllowed: true, ...options });
  return { id: created.oauthClientId, secret: created.secret };
}

interface TokenRequest {
  readonly client: TestClient;
  /** With a user, by the password grant; without, by client credentials. */
  readonly user?: { readonly email: string; readonly password: string };
  readonly scope?: string;
}

/** An access token that the server issued over HTTP; throws oauth4webapi's error when it refuses. */
export async function tokenFor(served: TestAuthorizationServer, request: TokenRequest): Promise<string> {
  return (await tokenResponseFor(served, request)).access_token;
}

/** The whole answer of the token endpoint. */
export async function tokenResponseFor(
  { discovered }: TestAuthorizationServer,
  { client, user, scope }: TokenRequest,
): Promise<oauth.TokenEndpointResponse> {
  const parameters = {
    ...(scope === undefined ? {} : { scope }),
    ...(user ? { username: user.email, password: user.password } : {}),
  };
  const owner = { client_id: client.id };
  const authentication = oauth.ClientSecretBasic(client.secret);
  const grantType = user ? 'password' : 'client_credentials';
  const answer = await oauth.genericTokenEndpointRequest(
    discovered,
    owner,
    authentication,
    grantType,
    parameters,
    insecure,
  );
  return oauth.processGenericTokenEndpointResponse(discovered, owner, answer);
}

/** A user with the password that tests use. */
export async function testUser(
  context: Pick<ActionContext, 'database' | 'clock'>,
  clientId: Parameters<typeof createUser>[1],
  email: string,
): Promise<{ id: UserId; email: string; password: string }> {
  const password = 'sesame-1';
  return { id: await createUser(context, clientId, { email, password }), email, password };
}
