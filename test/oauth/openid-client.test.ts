import * as openid from 'openid-client';
import { beforeAll, afterAll, expect, it } from 'vitest';
import { createApplication } from '../../src/actions/create-application.ts';
import { permissions } from '../../src/domain/viewer.ts';
import { parseId } from '../../src/kernel/id.ts';
import { approve, Browser, redirectUri } from '../support/code-flow.ts';
import { houseContext } from '../support/house-context.ts';
import { serveOauth, testClient, testUser, type TestAuthorizationServer, type TestClient } from '../support/oauth.ts';

// The second of the two client libraries; oauth4webapi is used by the other tests here.
const context = await houseContext();
let served: TestAuthorizationServer;
let client: TestClient;
let user: Awaited<ReturnType<typeof testUser>>;
beforeAll(async () => {
  served = await serveOauth(context);
  client = await testClient(context);
  user = await testUser(context, parseId('client', client.id)!, 'ada@example.com');
});
afterAll(() => served[Symbol.asyncDispose]());

function discover(id: string, authentication: openid.ClientAuth) {
  const execute = [openid.allowInsecureRequests];
  return openid.discovery(new URL(served.publicUrl), id, {}, authentication, { algorithm: 'oauth2', execute });
}

it.each([
  ['client_secret_basic', openid.ClientSecretBasic],
  ['client_secret_post', openid.ClientSecretPost],
] as const)(
  'serves a client by %s: its own token, its user’s, a newer one, introspection and revocation',
  async (_name, by) => {
    const config = await discover(client.id, by(client.secret));
    const own = await openid.clientCredentialsGrant(config, { scope: 'users_read' });
    expect(own.scope).toBe('users_read');
    const credentials = { username: user.email, password: user.password };
    const first = await openid.genericGrantRequest(config, 'password', credentials);
    const second = await openid.refreshTokenGrant(config, first.refresh_token!);
    expect(await openid.tokenIntrospection(config, second.access_token)).toMatchObject({ active: true, sub: user.id });
    await openid.tokenRevocation(config, second.refresh_token!);
    expect(await openid.tokenIntrospection(config, second.access_token)).toEqual({ active: false });
    await expect(openid.refreshTokenGrant(config, second.refresh_token!)).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  },
);

it('serves a third party that signs its assertions: PKCE, state, issuer, rotation', async () => {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const publicJwk = await crypto.subtle.exportKey('jwk', pair.publicKey);
  const jwks = { keys: [{ kty: 'EC', crv: publicJwk.crv, x: publicJwk.x, y: publicJwk.y }] };
  const { id } = await createApplication(context, client.id, {
    name: 'Signed',
    permissions,
    redirectUris: [redirectUri],
    authentication: { method: 'private_key_jwt', jwks },
  });
  const config = await discover(id, openid.PrivateKeyJwt(pair.privateKey));
  const verifier = openid.randomPKCECodeVerifier();
  const state = openid.randomState();
  const url = openid.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: 'accounts_read transactions_read',
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
  });
  const back = await approve(new Browser(), url.href, user);
  const checks = { pkceCodeVerifier: verifier, expectedState: state };
  const tokens = await openid.authorizationCodeGrant(config, back, checks);
  expect(tokens.scope).toBe('accounts_read transactions_read');
  const newer = await openid.refreshTokenGrant(config, tokens.refresh_token!);
  expect((await served.server.verifyAccessToken(newer.access_token)).viewer).toMatchObject({ userId: user.id });

  const forged = new URL(back);
  forged.searchParams.set('iss', 'https://attacker.example');
  await expect(openid.authorizationCodeGrant(config, forged, checks)).rejects.toThrow();
});

it('refuses a third party the grants of a client, and a client those of a third party', async () => {
  const input = { name: 'App', permissions, redirectUris: [redirectUri] };
  const application = await createApplication(context, client.id, input);
  const config = await discover(application.id, openid.ClientSecretBasic(application.secret));
  const refused = { error: 'invalid_request' };
  await expect(openid.clientCredentialsGrant(config)).rejects.toMatchObject(refused);
  const credentials = { username: user.email, password: user.password };
  await expect(openid.genericGrantRequest(config, 'password', credentials)).rejects.toMatchObject(refused);
  const ofClient = await discover(client.id, openid.ClientSecretBasic(client.secret));
  const exchange = { code: 'x', redirect_uri: redirectUri, code_verifier: 'x'.repeat(43) };
  await expect(openid.genericGrantRequest(ofClient, 'authorization_code', exchange)).rejects.toMatchObject(refused);
});
