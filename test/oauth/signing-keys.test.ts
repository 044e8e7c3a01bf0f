import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from 'jose';
import { describe, expect, it, onTestFinished } from 'vitest';
import { manualClock } from '../../src/kernel/clock.ts';
import { listSigningKeys, rotateSigningKey } from '../../src/oauth/rotate-signing-key.ts';
import { loadSigningKeys } from '../../src/oauth/signing-keys.ts';
import { oauthKeys } from '../../src/store/schema/oauth.ts';
import { houseContext } from '../support/house-context.ts';
import { serveOauth, testClient, tokenFor } from '../support/oauth.ts';

async function fetchKeys(publicUrl: string) {
  const answer = await fetch(`${publicUrl}/oauth/jwks`);
  return (await answer.json()) as JSONWebKeySet;
}

async function kidsAt(publicUrl: string) {
  return new Set((await fetchKeys(publicUrl)).keys.map(({ kid }) => kid));
}

it('gives all gateways that start at once the same key', async () => {
  const context = await houseContext();
  const started = await Promise.all([1, 2, 3, 4].map(() => loadSigningKeys(context)));
  expect(new Set(started.map(([key]) => key?.jwk.kid)).size).toBe(1);
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

describe('rotating the signing key', () => {
  const start = new Date('2026-03-01T10:00:00Z');

  async function twoGateways() {
    const clock = manualClock(start);
    const context = await houseContext({ clock });
    const one = await serveOauth(context);
    const two = await serveOauth(context, { publicUrl: one.publicUrl });
    const client = await testClient(context);
    const kidOf = async () => decodeProtectedHeader(await tokenFor(one, { client })).kid;
    async function close() {
      await one[Symbol.asyncDispose]();
      await two[Symbol.asyncDispose]();
    }
    onTestFinished(close);
    return { clock, context, one, two, client, kidOf };
  }

  it('publishes the new key first and signs with it when every verifier can know it, without a restart', async () => {
    const { clock, context, one, two, client, kidOf } = await twoGateways();
    const before = await kidOf();
    const rotated = await rotateSigningKey(context, { isImmediate: false });
    expect(rotated).toEqual({
      kid: expect.any(String),
      signsFrom: new Date(start.getTime() + 900_000),
      retired: [before],
    });
    expect(await kidsAt(one.publicUrl)).toEqual(new Set([before, rotated.kid]));
    clock.advance(899_000);
    const old = await tokenFor(one, { client });
    expect(decodeProtectedHeader(old).kid).toBe(before);
    clock.advance(1_000);
    const fresh = await tokenFor(one, { client });
    expect(decodeProtectedHeader(fresh).kid).toBe(rotated.kid);
    for (const gateway of [one, two]) {
      await expect(gateway.server.verifyAccessToken(old)).resolves.toHaveProperty('viewer');
      await expect(gateway.server.verifyAccessToken(fresh)).resolves.toHaveProperty('viewer');
    }
  });

  it('takes the retired key off the list once nothing that it signed can be valid', async () => {
    const { clock, context, one, kidOf } = await twoGateways();
    const before = await kidOf();
    const { kid } = await rotateSigningKey(context, { isImmediate: false });
    clock.advance(900_000 + 959_000);
    expect(await kidsAt(one.publicUrl)).toEqual(new Set([before, kid]));
    clock.advance(1_000);
    expect(await kidsAt(one.publicUrl)).toEqual(new Set([kid]));
  });

  it('ends a stolen key and all its tokens at once when told to', async () => {
    const { clock, context, one, two, client } = await twoGateways();
    const stolen = await tokenFor(one, { client });
    await two.server.verifyAccessToken(stolen);
    const { kid } = await rotateSigningKey(context, { isImmediate: true });
    expect(await kidsAt(two.publicUrl)).toEqual(new Set([kid]));
    const fresh = await tokenFor(one, { client });
    expect(decodeProtectedHeader(fresh).kid).toBe(kid);
    clock.advance(5_001);
    for (const gateway of [one, two]) {
      await expect(gateway.server.verifyAccessToken(stolen)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
      await expect(gateway.server.verifyAccessToken(fresh)).resolves.toHaveProperty('viewer');
    }
  });

  it('leaves one signer whatever happens at once', async () => {
    const { clock, context, one, kidOf } = await twoGateways();
    await Promise.all([1, 2, 3].map(() => rotateSigningKey(context, { isImmediate: false })));
    const keys = await listSigningKeys(context);
    expect(keys.filter(({ retiredAt }) => retiredAt === null)).toHaveLength(1);
    clock.advance(900_000);
    expect(await kidOf()).toBe(keys.find(({ retiredAt }) => retiredAt === null)?.kid);
    expect((await fetchKeys(one.publicUrl)).keys).toHaveLength(4);
  });
});

it('does not start on keys that the vault does not open', async () => {
  const context = await houseContext();
  await loadSigningKeys(context);
  await context.database.db.update(oauthKeys).set({ kid: 'moved' });
  await expect(loadSigningKeys(context)).rejects.toThrow(/does not open/);
});
