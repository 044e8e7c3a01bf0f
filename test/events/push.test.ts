import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { startEventReader, type EventReader } from '../../src/events/event-reader.ts';
import type { StreamItem } from '../../src/events/stream.ts';
import type { Scope } from '../../src/domain/viewer.ts';
import { headOfLog } from '../../src/store/log-reader.ts';
import { testDatabase } from '../support/database.ts';
import { clientScope } from '../support/fixtures.ts';
import { append, makeClient, makeUser, markOf } from './log-support.ts';

/**
 * Has a stream pushed to a sink that is full after every `capacity` items, until it has seen `count` events; a lagging
 * one subscribes again with the cursor that it was given.
 */
async function collect(reader: EventReader, scope: Scope, after: string, count: number, capacity: number) {
  const marks: string[] = [];
  const done = Promise.withResolvers<string[]>();
  async function subscribe(from: string): Promise<void> {
    const stream = await reader.stream(scope, { after: from });
    let taken = 0;
    let lagged: string | null = null;
    const flow = stream.pushTo({
      push(item: StreamItem) {
        if (item.type === 'lagged') lagged = item.cursor;
        else marks.push(markOf(item));
        taken += 1;
        if (taken % capacity !== 0) return true;
        setImmediate(() => flow.resume());
        return false;
      },
      end(error) {
        if (error !== undefined) done.reject(error);
        else if (lagged !== null) subscribe(lagged).catch(done.reject);
      },
    });
    const watch = setInterval(() => {
      if (marks.length < count) return;
      clearInterval(watch);
      flow.stop();
      done.resolve(marks);
    }, 5);
    onTestFinished(() => clearInterval(watch));
  }
  await subscribe(after);
  return done.promise;
}

test('pushed streams of users and of a client give every event once and in order, however often a sink is full', async () => {
  const database = await testDatabase({ maxConnections: 12 });
  const reader = await startEventReader({ database, windowEvents: 6 });
  onTestFinished(() => reader.close());
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ user: fc.nat({ max: 1 }), events: fc.integer({ min: 1, max: 4 }) }), {
        minLength: 5,
        maxLength: 30,
      }),
      fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 4, maxLength: 4 }),
      async (writes, capacities) => {
        const clientId = await makeClient(database);
        const users = [await makeUser(database, clientId), await makeUser(database, clientId)];
        const all = clientScope(clientId);
        const start = await headOfLog(database, all);
        const wanted: string[][] = [[], []];
        for (const [index, { user, events }] of writes.entries()) {
          for (let position = 0; position < events; position += 1) wanted[user]!.push(`${user}/${index}.${position}`);
        }
        const total = wanted[0]!.length + wanted[1]!.length;
        const sinks = [
          collect(reader, users[0]!, start, wanted[0]!.length, capacities[0]!),
          collect(reader, users[1]!, start, wanted[1]!.length, capacities[1]!),
          collect(reader, all, start, total, capacities[2]!),
          collect(reader, all, start, total, capacities[3]!),
        ];
        await Promise.all(
          users.map(async (scope, user) => {
            for (const [index, write] of writes.entries()) {
              if (write.user !== user) continue;
              await append(
                database,
                scope,
                ...Array.from({ length: write.events }, (_, position) => `${user}/${index}.${position}`),
              );
            }
          }),
        );
        const [first, second, one, other] = await Promise.all(sinks);
        expect([first, second]).toEqual(wanted);
        // Both see the same order, and in it each user's own.
        expect(other).toEqual(one);
        expect([0, 1].map((user) => one!.filter((mark) => mark.startsWith(`${user}/`)))).toEqual(wanted);
      },
    ),
    { numRuns: 12, endOnFailure: true },
  );
});

test('a sink is told of the end once: when it stops, and when the reader closes', async () => {
  const database = await testDatabase();
  const scope = await makeUser(database, await makeClient(database));
  const reader = await startEventReader({ database });
  const ends: string[] = [];
  const open = async (name: string) =>
    (await reader.stream(scope, { after: null })).pushTo({ push: () => true, end: () => void ends.push(name) });
  const stopped = await open('stopped');
  await open('closed');
  stopped.stop();
  stopped.stop();
  await reader.close();
  expect(ends).toEqual(['stopped', 'closed']);
});
