import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';
import * as oauth from 'oauth4webapi';
import { beforeAll, afterAll, expect, it } from 'vitest';
import { createClient } from '../../src/actions/create-client.ts';
import { permissions } from '../../src/domain/viewer.ts';
import { houseContext } from '../support/house-context.ts';
import { insecure, serveOauth, type TestAuthorizationServer } from '../support/oauth.ts';

const context = await houseContext();
const pair = await generateKeyPair('ES256', { extractable: true });
const refused = { error: 'invalid_client', error_description: 'client authentication failed' };
let served: TestAuthorizationServer;
let id: string;
beforeAll(async () => {
  served = await serveOauth(context);
  const jwks = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k1' }] };
  const authentication = { method: 'private_key_jwt', jwks } as const;
  const input = { name: 'Signed', permissions, isClientModeAllowed: true, authentication };
  id = (await createClient(context, input)).oauthClientId;
});
afterAll(() => served[Symbol.asyncDispose]());

function claims(): JWTPayload {
  const now = Math.floor(Date.now() / 1000);
  return { iss: id, sub: id, aud: served.publicUrl, jti: randomUUID(), iat: now, exp: now + 60 };
}

function sign(changed: Record<string, unknown> = {}, header: Record<string, unknown> = {}, key = pair.privateKey) {
  return new SignJWT({ ...claims(), ...changed }).setProtectedHeader({ alg: 'ES256', kid: 'k1', ...header }).sign(key);
}

async function ask(assertion: string, form: Record<string, string> = {}) {
  const answer = await fetch(`${served.publicUrl}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
      ...form,
    }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

it('takes a signed assertion from a real client, at every endpoint', async () => {
  const as = served.discovered;
  const owner = { client_id: id };
  const authentication = oauth.PrivateKeyJwt({ key: pair.privateKey, kid: 'k1' });
  const granted = await oauth.clientCredentialsGrantRequest(as, owner, authentication, {}, insecure);
  const { access_token: token } = await oauth.processClientCredentialsResponse(as, owner, granted);
  const introspected = await oauth.introspectionRequest(as, owner, authentication, token, insecure);
  expect(await oauth.processIntrospectionResponse(as, owner, introspected)).toMatchObject({ active: true });
  const revoked = await oauth.revocationRequest(as, owner, authentication, token, insecure);
  await oauth.processRevocationResponse(revoked);
  await expect(served.server.verifyAccessToken(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

it('takes an assertion once, though it comes many times at once', async () => {
  const assertion = await sign();
  const answers = await Promise.all([1, 2, 3, 4].map(() => ask(assertion)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  for (const { status, body } of answers) if (status !== 200) expect(body).toEqual(refused);
});

it.each([
  ['another audience', { aud: 'https://elsewhere.example' }],
  ['another issuer', { iss: 'somebody' }],
  ['an end that has passed', { exp: 1 }],
  ['no end', { exp: undefined }],
  ['no id of its own', { jti: undefined }],
])('refuses an assertion with %s', async (_what, changed) => {
  expect(await ask(await sign(changed))).toEqual({ status: 401, body: refused });
});

it('refuses another key, under any kid and brought along in the header', async () => {
  const other = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(other.publicKey);
  const headers = [{}, { kid: 'k2' }, { jwk }, { kid: '../../etc/passwd' }, { jku: 'https://attacker.example/jwks' }];
  for (const header of headers) {
    // oxlint-disable-next-line no-await-in-loop -- each is refused for its own fault
    expect(await ask(await sign({}, header, other.privateKey))).toEqual({ status: 401, body: refused });
  }
});

it('refuses alg none, and HS256 with the public key as the secret', async () => {
  expect(await ask(new UnsecuredJWT(claims()).encode())).toEqual({ status: 401, body: refused });
  const secret = new TextEncoder().encode(JSON.stringify(await exportJWK(pair.publicKey)));
  const forged = await new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', kid: 'k1' }).sign(secret);
  expect(await ask(forged)).toEqual({ status: 401, body: refused });
});

it('refuses a secret for such a client, and an assertion beside a secret', async () => {
  const answer = await fetch(`${served.publicUrl}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${id}:sec_guess`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  expect({ status: answer.status, body: await answer.json() }).toEqual({ status: 401, body: refused });
  expect(await ask(await sign(), { client_secret: 'x' })).toMatchObject({ status: 400 });
});
