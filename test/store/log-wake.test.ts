import { expect, onTestFinished, test } from 'vitest';
import { isUserScope, type Scope } from '../../src/domain/viewer.ts';
import type { Database } from '../../src/store/database.ts';
import { listenForWakes, wakeReaders, type Wakes } from '../../src/store/log-wake.ts';
import { makeClient, makeUser } from '../events/log-support.ts';
import { testDatabase } from '../support/database.ts';
import { clientScope } from '../support/fixtures.ts';

/** The database of a process whose notifications end when the test says so. */
function telling(database: Database) {
  const told: (readonly string[])[] = [];
  const ends: PromiseWithResolvers<void>[] = [];
  const wakes: Wakes = {
    notify(payloads) {
      told.push(payloads);
      const end = Promise.withResolvers<void>();
      ends.push(end);
      return end.promise;
    },
    listen: () => Promise.reject(new Error('nobody listens')),
  };
  return { database: { ...database, wakes }, told, ends };
}

async function house() {
  const database = await testDatabase();
  const clientId = await makeClient(database);
  const [ada, bob] = [await makeUser(database, clientId), await makeUser(database, clientId)];
  return { database, clientId, ada, bob };
}

test('what moves while a process is telling is told of together, each stream once, in the next notification', async () => {
  const { database, clientId, ada, bob } = await house();
  const foreign = await makeUser(database, await makeClient(database));
  const { database: process, told, ends } = telling(database);
  const first = wakeReaders(process, ada);
  await Promise.resolve();
  const others = [ada, foreign, bob, clientScope(clientId), ada].map((scope: Scope) => wakeReaders(process, scope));
  expect(told).toEqual([[`${clientId} ${ada.userId}`]]);
  ends[0]!.resolve();
  await first;
  await Promise.resolve();
  await expect.poll(() => told.length).toBe(2);
  expect(told[1]).toEqual([`${clientId} ${ada.userId} ${bob.userId}`, `${foreign.clientId} ${foreign.userId}`]);
  ends[1]!.resolve();
  await Promise.all(others);
});

test('a notification that fails is no failure of who tells, and one that hangs holds up none that comes later', async () => {
  const { database, clientId, ada, bob } = await house();
  const { database: process, told, ends } = telling(database);
  const failing = wakeReaders(process, ada);
  await Promise.resolve();
  ends[0]!.reject(new Error('the connection is gone'));
  await failing;
  void wakeReaders(process, ada);
  const later = wakeReaders(process, bob);
  await expect.poll(() => told.length).toBe(2);
  const latest = wakeReaders(process, clientScope(clientId));
  await expect.poll(() => told.length).toBe(3);
  expect(told.slice(1)).toEqual([[`${clientId} ${ada.userId} ${bob.userId}`], [clientId]]);
  ends[2]!.resolve();
  await latest;
  ends[1]!.resolve();
  await later;
});

test('thousands of streams that move at once are told of in notifications that PostgreSQL takes', async () => {
  const { database, clientId, ada } = await house();
  const userIds = Array.from({ length: 1200 }, (_, index) => `${ada.userId.slice(0, -4)}${String(1000 + index)}`);
  const heard = new Set<string>();
  let notifications = 0;
  const all = Promise.withResolvers<void>();
  const connected = Promise.withResolvers<void>();
  const listener = await listenForWakes(
    database,
    (moved) => {
      expect(moved.clientId).toBe(clientId);
      notifications += 1;
      for (const userId of moved.userIds) heard.add(userId);
      if (heard.size === userIds.length) all.resolve();
    },
    connected.resolve,
  );
  onTestFinished(() => listener.close());
  await connected.promise;
  const scopes = userIds.map((userId) => ({ ...ada, userId }) as typeof ada);
  expect(scopes.every(isUserScope)).toBe(true);
  await Promise.all(scopes.map((scope) => wakeReaders(database, scope)));
  await all.promise;
  expect([...heard].toSorted()).toEqual(userIds.toSorted());
  expect(notifications).toBeLessThanOrEqual(6);
});
