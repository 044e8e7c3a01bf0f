import { createHmac, randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, importJWK, SignJWT, UnsecuredJWT, type JWK, type JWTPayload } from 'jose';
import { beforeAll, afterAll, expect, it } from 'vitest';
import { manualClock } from '../../src/kernel/clock.ts';
import { loadSigningKeys, publicKeySet } from '../../src/oauth/signing-keys.ts';
import { houseContext } from '../support/house-context.ts';
import { serveOauth, testClient, tokenFor, type TestAuthorizationServer, type TestClient } from '../support/oauth.ts';

const start = new Date('2026-03-01T10:00:00Z');
const clock = manualClock(start);
const context = await houseContext({ clock });
let served: TestAuthorizationServer;
let client: TestClient;
let ours: JWK;
beforeAll(async () => {
  served = await serveOauth(context);
  client = await testClient(context);
  const [key] = await loadSigningKeys(context);
  if (!key) throw new Error('no key');
  ours = key.jwk;
});
afterAll(() => served[Symbol.asyncDispose]());

function claims(): JWTPayload {
  const iat = start.getTime() / 1000;
  return {
    iss: served.publicUrl,
    aud: `${served.publicUrl}/graphql`,
    sub: client.id,
    client_id: client.id,
    client: client.id,
    subject_kind: 'client',
    scope: 'users_read',
    iat,
    exp: iat + 900,
    jti: randomUUID(),
  };
}

interface Forgery {
  /** An undefined claim is left out. */
  readonly claims?: Record<string, unknown>;
  readonly header?: Record<string, unknown>;
  readonly key?: JWK;
}

async function sign({ claims: changed, header, key = ours }: Forgery = {}): Promise<string> {
  return new SignJWT({ ...claims(), ...changed })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: ours.kid!, ...header })
    .sign(await importJWK(key, 'ES256'));
}

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function refusedWith(message: string) {
  return { name: 'Failure', code: 'UNAUTHENTICATED', message };
}

it('takes what the forgeries below start from, so each is refused for its own fault', async () => {
  await expect(served.server.verifyAccessToken(await sign())).resolves.toMatchObject({ viewer: { kind: 'client' } });
});

it('refuses alg none', async () => {
  const unsigned = new UnsecuredJWT(claims()).encode();
  await expect(served.server.verifyAccessToken(unsigned)).rejects.toMatchObject(
    refusedWith('The access token was not issued here.'),
  );
  const withKid = `${base64url({ alg: 'none', typ: 'at+jwt', kid: ours.kid })}.${base64url(claims())}.`;
  await expect(served.server.verifyAccessToken(withKid)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

it('refuses HS256 with our public key as the secret', async () => {
  const { keys } = await publicKeySet(context);
  const input = `${base64url({ alg: 'HS256', typ: 'at+jwt', kid: ours.kid })}.${base64url(claims())}`;
  const mac = createHmac('sha256', JSON.stringify(keys[0])).update(input).digest('base64url');
  await expect(served.server.verifyAccessToken(`${input}.${mac}`)).rejects.toMatchObject(
    refusedWith('The access token was not issued here.'),
  );
});

it("refuses another key's signature, under its own kid, under ours, and brought along in the header", async () => {
  const pair = await generateKeyPair('ES256', { extractable: true });
  const key = await exportJWK(pair.privateKey);
  const jwk = await exportJWK(pair.publicKey);
  const forgeries = [
    { kid: 'theirs' },
    { kid: ours.kid },
    { kid: ours.kid, jwk },
    { kid: '../../etc/passwd' },
    { kid: "' or 1=1 --" },
    { kid: ours.kid, jku: 'https://attacker.example/jwks' },
  ];
  for (const header of forgeries) {
    await expect(served.server.verifyAccessToken(await sign({ key, header }))).rejects.toMatchObject(
      refusedWith('The access token was not issued here.'),
    );
  }
});

it.each([
  ['another audience', { aud: 'https://elsewhere.example/graphql' }, 'aud'],
  ['the audience of a page of ours', { aud: 'http://127.0.0.1/' }, 'aud'],
  ['no audience', { aud: undefined }, 'aud'],
  ['another issuer', { iss: 'https://elsewhere.example' }, 'iss'],
])('refuses %s', async (_what, changed, claim) => {
  await expect(served.server.verifyAccessToken(await sign({ claims: changed }))).rejects.toMatchObject(
    refusedWith(`The access token is not one for this API (${claim}).`),
  );
});

it.each([['JWT'], ['logout+jwt'], [undefined]])('refuses the type %s, such as an ID token has', async (typ) => {
  await expect(served.server.verifyAccessToken(await sign({ header: { typ } }))).rejects.toMatchObject(
    refusedWith('The access token is not one for this API (typ).'),
  );
});

it.each([
  ['no jti', { jti: undefined }],
  ['no kind of subject', { subject_kind: undefined }],
  ['a user subject that is no user', { subject_kind: 'user' }],
  ['a client that is none', { client: 'sandbox' }],
  ['no expiry', { exp: undefined }],
])('refuses a token with %s', async (_what, changed) => {
  await expect(served.server.verifyAccessToken(await sign({ claims: changed }))).rejects.toMatchObject(
    refusedWith('The access token is malformed.'),
  );
});

it.each(['', 'x', 'a.b.c', 'a.b.c.d.e', 'eyJhbGciOiJFUzI1NiJ9.e30.', '💥'])('refuses %j', async (token) => {
  await expect(served.server.verifyAccessToken(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

it('refuses a token to which a scope was added', async () => {
  const token = await tokenFor(served, { client, scope: 'users_read' });
  const [header, , signature] = token.split('.');
  const forged = `${header}.${base64url({ ...claims(), scope: 'users_manage' })}.${signature}`;
  await expect(served.server.verifyAccessToken(forged)).rejects.toMatchObject(
    refusedWith('The access token was not issued here.'),
  );
});

it('gives no permission for a scope that does not exist', async () => {
  const token = await sign({ claims: { scope: 'users_read admin __proto__' } });
  const { viewer } = await served.server.verifyAccessToken(token);
  expect(viewer.permissions).toEqual(new Set(['users_read']));
});

it('refuses an expired token by the injected clock, to the second', async () => {
  const token = await tokenFor(served, { client });
  clock.set(new Date(start.getTime() + 899_000));
  await expect(served.server.verifyAccessToken(token)).resolves.toHaveProperty('expiresAt');
  clock.set(new Date(start.getTime() + 900_000));
  await expect(served.server.verifyAccessToken(token)).rejects.toMatchObject(
    refusedWith('The access token has expired. Request a new one.'),
  );
  clock.set(start);
});
