import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createTailReads, type ReadStream } from '../../src/events/tail-reads.ts';
import type { UserScope } from '../../src/domain/viewer.ts';
import { movedSince } from '../../src/store/log-moved.ts';
import { startOfLog } from '../../src/store/log-place.ts';
import { testDatabase } from '../support/database.ts';
import { append, makeClient, makeUser, markOf } from './log-support.ts';

/** A stream that notes what it is told. */
function noting(scope: UserScope, seen: string) {
  const told: string[] = [];
  const ended = Promise.withResolvers<void>();
  const stream: ReadStream = {
    scope,
    seen,
    end: startOfLog,
    began: () => void told.push('began'),
    take: (events) => void told.push(...events.map(({ event }) => markOf(event))),
    ended(snapshot, hasMore) {
      told.push(`ended ${snapshot === seen ? 'here' : 'elsewhere'}${hasMore ? ' with more' : ''}`);
      ended.resolve();
    },
    failed() {
      told.push('failed');
      ended.resolve();
    },
  };
  return { stream, told, ended: ended.promise };
}

async function house(count = 120) {
  const database = await testDatabase();
  const clientId = await makeClient(database);
  const users = await Promise.all(Array.from({ length: count }, () => makeUser(database, clientId)));
  const { snapshot } = await movedSince(database, [], null);
  return { database, users, looks: { latest: snapshot, earlier: snapshot }, snapshot };
}

test('of two streams of one user that are read at once, as when one was closed while it waited, each gets all', async () => {
  const { database, users, looks, snapshot } = await house();
  await append(database, users[0]!, 'a', 'b');
  await append(database, users[119]!, 'c');
  const streams = [...users, users[0]!].map((scope) => noting(scope, snapshot));
  const readOn = createTailReads(database, looks);
  for (const { stream } of streams) readOn(stream);
  await Promise.all(streams.map(({ ended }) => ended));
  expect(streams.map(({ told }) => told)).toEqual([
    ['began', 'a', 'b', 'ended here'],
    ...Array.from({ length: 118 }, () => ['began', 'ended here']),
    ['began', 'c', 'ended here'],
    ['began', 'a', 'b', 'ended here'],
  ]);
});

test('hundreds of streams that are woken one after another are read together, though they come in several turns', async () => {
  const { database, users, looks, snapshot } = await house(240);
  await append(database, users[0]!, 'a');
  await append(database, users[239]!, 'b');
  const streams = users.map((scope) => noting(scope, snapshot));
  let reads = 0;
  const sql = new Proxy(database.sql, {
    get(target, key): unknown {
      if (key === 'begin') reads += 1;
      return Reflect.get(target, key);
    },
  });
  const readOn = createTailReads({ ...database, sql }, looks);
  for (const { stream } of streams.slice(0, 120)) readOn(stream);
  await turn();
  for (const { stream } of streams.slice(120)) readOn(stream);
  await Promise.all(streams.map(({ ended }) => ended));
  expect(reads).toBe(1);
  expect(streams.map(({ told }) => told.length)).toEqual([3, ...Array.from({ length: 238 }, () => 2), 3]);
});

test('when the log cannot be read each stream is told once, and nothing else', async () => {
  const { database, users, looks, snapshot } = await house();
  const streams = [
    ...users.map((scope) => noting(scope, snapshot)),
    // Behind the last looks, so it is looked up by itself.
    noting(users[0]!, '3:3:'),
  ];
  await database.close();
  const readOn = createTailReads(database, looks);
  for (const { stream } of streams) readOn(stream);
  await Promise.all(streams.map(({ ended }) => ended));
  expect(new Set(streams.map(({ told }) => told.join()))).toEqual(new Set(['began,failed']));
});
