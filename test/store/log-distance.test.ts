import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inUserTransaction } from '../../src/store/log.ts';
import { cursorBefore } from '../../src/store/log-distance.ts';
import { comparePlaces, cursorAt, placeOf, startOfLog } from '../../src/store/log-place.ts';
import { readLog } from '../../src/store/log-reader.ts';
import { makeClient, makeUser } from '../events/log-support.ts';
import { testDatabase } from '../support/database.ts';
import { clientScope } from '../support/fixtures.ts';

const start = Date.UTC(2026, 10, 23);

test('a time is the place after the last event before it, in the stream of a user and of a client', async () => {
  const database = await testDatabase();
  await fc.assert(
    fc.asyncProperty(
      // For each transaction whose it is, how long it comes after the one before, and how many events it writes.
      fc.array(fc.tuple(fc.boolean(), fc.nat({ max: 3 }), fc.integer({ min: 1, max: 3 })), { maxLength: 12 }),
      fc.array(fc.integer({ min: -1, max: 40 }), { minLength: 1, maxLength: 5 }),
      async (writes, asked) => {
        const clientId = await makeClient(database);
        const [ada, bob] = [await makeUser(database, clientId), await makeUser(database, clientId)];
        let now = start;
        for (const [isAda, later, count] of writes) {
          now += later * 1000;
          const at = new Date(now);
          await inUserTransaction(database, isAda ? ada : bob, ({ append }) =>
            append(at, ...Array.from({ length: count }, () => ({ type: 'user.updated', facts: {} }) as const)),
          );
        }
        for (const scope of [ada, clientScope(ada.clientId)]) {
          const own = [ada, bob].filter(({ userId }) => !scope.userId || scope.userId === userId);
          const pages = await Promise.all(own.map((user) => readLog(database, user, { after: null, limit: 1000 })));
          const events = pages.flatMap((page) => page.events);
          for (const seconds of asked) {
            const at = new Date(start + seconds * 1000);
            const places = events.filter((event) => event.occurredAt < at).map((event) => placeOf(event.cursor));
            const last = places.toSorted(comparePlaces).at(-1) ?? startOfLog;
            expect(await cursorBefore(database, scope, at)).toBe(cursorAt(last));
          }
        }
      },
    ),
    { numRuns: 15 },
  );
});
