import { createLocalJWKSet, decodeJwt, importJWK, jwtVerify, SignJWT, type JSONWebKeySet } from 'jose';
import { isNull } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { manualClock } from '../../src/kernel/clock.ts';
import { loadSigningKeys } from '../../src/oauth/signing-keys.ts';
import { oauthKeys } from '../../src/store/schema/oauth.ts';
import { houseContext } from '../support/house-context.ts';
import { serveOauth, testClient, tokenFor } from '../support/oauth.ts';

async function fetchKeys(publicUrl: string) {
  const answer = await fetch(`${publicUrl}/oauth/jwks`);
  return (await answer.json()) as JSONWebKeySet;
}

it('gives all gateways that start at once the same key', async () => {
  const context = await houseContext();
  const started = await Promise.all([1, 2, 3, 4].map(() => loadSigningKeys(context)));
  expect(new Set(started.map(([key]) => key?.kid)).size).toBe(1);
  expect(await context.database.db.select().from(oauthKeys)).toHaveLength(1);
});

it('lets one gateway verify what another has issued, and publishes no private half', async () => {
  const context = await houseContext();
  await using one = await serveOauth(context);
  await using two = await serveOauth(context);
  const token = await tokenFor(one, { client: await testClient(context) });
  const keys = await fetchKeys(two.publicUrl);
  expect(keys).toEqual({
    keys: [
      {
        alg: 'ES256',
        crv: 'P-256',
        kid: expect.any(String),
        kty: 'EC',
        use: 'sig',
        x: expect.any(String),
        y: expect.any(String),
      },
    ],
  });
  await expect(jwtVerify(token, createLocalJWKSet(keys))).resolves.toHaveProperty('payload.iss', one.publicUrl);
});

it('signs with a new key once the old one is retired, which still verifies', async () => {
  const context = await houseContext();
  await using before = await serveOauth(context);
  const client = await testClient(context);
  const old = await tokenFor(before, { client });
  await context.database.db.update(oauthKeys).set({ retiredAt: new Date() }).where(isNull(oauthKeys.retiredAt));
  await using after = await serveOauth(context);
  const fresh = await tokenFor(after, { client });
  const keys = await fetchKeys(after.publicUrl);
  expect(keys.keys).toHaveLength(2);
  const resolve = createLocalJWKSet(keys);
  const [a, b] = await Promise.all([jwtVerify(old, resolve), jwtVerify(fresh, resolve)]);
  expect(a.protectedHeader.kid).not.toBe(b.protectedHeader.kid);
  await expect(before.server.verifyAccessToken(old)).resolves.toHaveProperty('viewer');
});

it('lets a running gateway verify tokens of a key that another has made since', async () => {
  const clock = manualClock(new Date('2026-03-01T10:00:00Z'));
  const context = await houseContext({ clock });
  await using running = await serveOauth(context);
  const client = await testClient(context);
  const old = await tokenFor(running, { client });
  await running.server.verifyAccessToken(old);
  await context.database.db.update(oauthKeys).set({ retiredAt: new Date() });
  const [fresh] = await loadSigningKeys(context);
  clock.advance(60_000);
  const token = await new SignJWT({ ...decodeJwt(old), jti: 'another' })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: fresh!.kid! })
    .sign(await importJWK(fresh!, 'ES256'));
  await expect(running.server.verifyAccessToken(token)).resolves.toHaveProperty('viewer.kind', 'client');
});

it('does not start on keys that the vault does not open', async () => {
  const context = await houseContext();
  await loadSigningKeys(context);
  await context.database.db.update(oauthKeys).set({ kid: 'moved' });
  await expect(loadSigningKeys(context)).rejects.toThrow(/does not open/);
});
