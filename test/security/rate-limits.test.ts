import { expect, test } from 'vitest';
import { createRateLimiter } from '../../src/actions/rate-limiter.ts';
import { permissions, type Viewer } from '../../src/domain/viewer.ts';
import { manualClock } from '../../src/kernel/clock.ts';
import { testDatabase } from '../support/database.ts';
import { seededAt, seedWorld } from '../support/fixtures.ts';
import { openGateway } from '../support/gateway.ts';

const limits = { client: 50, user: 10 };

test('several gateways together never let in more than is allowed, nor less but what each may hold back', async () => {
  const database = await testDatabase();
  const clock = manualClock(seededAt);
  const { clientId } = await seedWorld(database);
  const viewer: Viewer = { kind: 'client', clientId, permissions: new Set() };
  const gateways = [1, 2, 3].map(() => createRateLimiter({ database, clock }, limits));
  const states = await Promise.all(Array.from({ length: 120 }, (_, index) => gateways[index % 3]!.take(viewer)));
  const allowed = states.filter((state) => state?.isAllowed).length;
  expect(allowed).toBeLessThanOrEqual(50);
  // A gateway leases three at a time (a twentieth of the limit), so it may sit on two when its requests are over.
  expect(allowed).toBeGreaterThanOrEqual(50 - 3 * 2);
  clock.advance(60_000);
  expect(await gateways[0]!.take(viewer)).toMatchObject({ isAllowed: true, limit: 50, remaining: 49 });
});

test('one gateway lets in all that is allowed', async () => {
  const database = await testDatabase();
  const { clientId } = await seedWorld(database);
  const limiter = createRateLimiter({ database, clock: manualClock(seededAt) }, limits);
  const viewer: Viewer = { kind: 'client', clientId, permissions: new Set() };
  const states = await Promise.all(Array.from({ length: 120 }, () => limiter.take(viewer)));
  expect(states.filter((state) => state?.isAllowed)).toHaveLength(50);
});

test('a client’s and each user’s requests are counted apart', async () => {
  const database = await testDatabase();
  const { clientId, userId } = await seedWorld(database);
  const limiter = createRateLimiter({ database, clock: manualClock(seededAt) }, limits);
  const user: Viewer = { kind: 'user', clientId, userId, permissions: new Set() };
  for (let count = 0; count < 10; count += 1) await limiter.take(user);
  expect(await limiter.take(user)).toMatchObject({ isAllowed: false, policy: 'user', remaining: 0 });
  expect(await limiter.take({ kind: 'client', clientId, permissions: new Set() })).toMatchObject({ isAllowed: true });
});

test('over HTTP the answer tells what is left, and 429 when to come back', async () => {
  const database = await testDatabase();
  const clock = manualClock(seededAt);
  const limiter = createRateLimiter({ database, clock }, { client: 2, user: 2 });
  const gateway = await openGateway({ database, takePermit: (viewer) => limiter.take(viewer) });
  const { clientId } = await seedWorld(database);
  const token = gateway.issue({ kind: 'client', clientId, permissions: new Set(permissions) });
  const ask = () =>
    fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: '{"query":"{ __typename }"}',
    });
  const [first, second, third] = [await ask(), await ask(), await ask()];
  expect([first, second, third].map(({ status }) => status)).toEqual([200, 200, 429]);
  expect(first.headers.get('ratelimit-policy')).toBe('"client";q=2;w=60');
  expect(second.headers.get('ratelimit')).toBe('"client";r=0;t=60');
  expect(third.headers.get('retry-after')).toBe('60');
  expect(await third.json()).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED', limit: 2 } }] });
});
