import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { startEventReader } from '../../src/events/event-reader.ts';
import { scopeOfRow, type Scope } from '../../src/domain/viewer.ts';
import { inUserTransaction } from '../../src/store/log.ts';
import { readLog, readLogBack } from '../../src/store/log-reader.ts';
import type { Database } from '../../src/store/database.ts';
import { testDatabase } from '../support/database.ts';
import { appendUncommitted, heldOpen, makeClient, makeUser, marked, markOf } from './log-support.ts';
import { clientScope } from '../support/fixtures.ts';

const at = new Date('2026-11-23T08:30:00Z');

interface Write {
  readonly user: number;
  readonly events: number;
  /** How long the transaction stays open before and after it writes, in steps of a millisecond inside PostgreSQL. */
  readonly before: number;
  readonly after: number;
  readonly isRolledBack: boolean;
}

const write: fc.Arbitrary<Write> = fc.record({
  user: fc.integer({ min: 0, max: 2 }),
  events: fc.integer({ min: 1, max: 3 }),
  before: fc.integer({ min: 0, max: 8 }),
  after: fc.integer({ min: 0, max: 8 }),
  isRolledBack: fc.boolean(),
});

/** Reads on in pages of three until it has been told to stop and has read everything. */
async function readAll(database: Database, scope: Scope, isOver: () => boolean): Promise<string[]> {
  const seen: string[] = [];
  let after: string | null = null;
  for (;;) {
    const wasOver = isOver();
    const page = await readLog(database, scope, { after, limit: 3 });
    seen.push(...page.events.map(markOf));
    after = page.events.at(-1)?.cursor ?? after;
    if (wasOver && !page.hasMore && !page.isHeld) return seen;
  }
}

test('readers beside concurrent writers see exactly the committed events, each user in order, once', async () => {
  const database = await testDatabase({ maxConnections: 16 });
  const clientId = await makeClient(database);
  await fc.assert(
    fc.asyncProperty(fc.array(write, { minLength: 6, maxLength: 14 }), async (writes) => {
      const users = await Promise.all([0, 1, 2].map(() => makeUser(database, clientId)));
      const committed: string[][] = [[], [], []];
      let isOver = false;
      const start = await readLog(database, clientScope(clientId), { after: null, limit: 100_000 });
      const skipped = start.events.length;

      const readers = [
        ...users.map((scope) => readAll(database, scope, () => isOver)),
        readAll(database, clientScope(clientId), () => isOver),
      ];
      await Promise.all(
        writes.map(async ({ user, events, before, after, isRolledBack }, index) => {
          const marks = Array.from({ length: events }, (_, position) => `${user}/${index}.${position}`);
          await inUserTransaction(database, users[user]!, async ({ tx, append }) => {
            await tx.execute(sql`select pg_sleep(${before / 1000})`);
            await append(at, ...marks.map(marked));
            await tx.execute(sql`select pg_sleep(${after / 1000})`);
            if (isRolledBack) throw new Error('rolled back');
            // Under the stream's lock, so this is the order of the commits.
            committed[user]!.push(...marks);
          }).catch((error: unknown) => {
            if (!(error instanceof Error && error.message === 'rolled back')) throw error;
          });
        }),
      );
      isOver = true;
      const [first, second, third, all] = await Promise.all(readers);
      expect([first, second, third]).toEqual(committed);
      const ofThisRun = all!.slice(skipped);
      expect(ofThisRun.toSorted()).toEqual(committed.flat().toSorted());
      for (const [user, marks] of committed.entries()) {
        expect(ofThisRun.filter((mark) => mark.startsWith(`${user}/`))).toEqual(marks);
      }
    }),
    { numRuns: 15 },
  );
});

test('sequences of a user run 1, 2, 3 without a gap, whatever is rolled back', async () => {
  const database = await testDatabase();
  const scope = await makeUser(database, await makeClient(database));
  await Promise.all(
    Array.from({ length: 9 }, (_, index) =>
      inUserTransaction(database, scope, async ({ append }) => {
        await append(at, marked(String(index)));
        if (index % 3 === 0) throw new Error('rolled back');
      }).catch(() => {}),
    ),
  );
  const { events } = await readLog(database, scope, { after: null, limit: 100 });
  expect(events.map((event) => event.sequence)).toEqual([1n, 2n, 3n, 4n, 5n, 6n]);
});

/** A transaction that has its number and writes nothing, until the result is called. */
async function beginTransaction({ db }: Database): Promise<() => Promise<void>> {
  return heldOpen((hold) =>
    db.transaction(async (tx) => {
      await tx.execute(sql`select pg_current_xact_id()`);
      await hold();
    }),
  );
}

test('a client-wide reader waits for an older transaction of another user, a reader of one user does not', async () => {
  const database = await testDatabase();
  const clientId = await makeClient(database);
  const [slow, quick] = [await makeUser(database, clientId), await makeUser(database, clientId)];
  const commit = await appendUncommitted(database, slow, 'older');
  await inUserTransaction(database, quick, ({ append }) => append(at, marked('newer')));

  const held = await readLog(database, clientScope(clientId), { after: null, limit: 10 });
  const own = await readLog(database, quick, { after: null, limit: 10 });
  expect({ ...held, own: own.events.map(markOf) }).toEqual({
    events: [],
    hasMore: false,
    isHeld: true,
    own: ['newer'],
  });

  await commit();
  const all = await readLog(database, clientScope(clientId), { after: null, limit: 10 });
  expect(all.events.map(markOf)).toEqual(['older', 'newer']);
});

test('what was settled once stays so, though a transaction is counted now that was left out then', async () => {
  const database = await testDatabase();
  const clientId = await makeClient(database);
  const user = await makeUser(database, clientId);
  // Stands for a neighbour's: seen in its database when the stream was read, in none any more when it is read again.
  const endTransaction = await beginTransaction(database);
  await inUserTransaction(database, user, ({ append }) => append(at, marked('a'), marked('b')));
  const own = await readLog(database, user, { after: null, limit: 10 });
  const [first, last] = own.events.map(({ cursor }) => cursor);

  const all = clientScope(clientId);
  const again = await readLog(database, all, { after: null, upTo: last!, limit: 10 });
  const before = await readLogBack(database, all, { before: last!, limit: 10 });
  const fresh = await readLog(database, all, { after: first!, limit: 10 });
  await endTransaction();
  expect({ again: again.events.map(markOf), isHeld: again.isHeld }).toEqual({ again: ['a', 'b'], isHeld: false });
  expect(before.events.map(markOf)).toEqual(['a']);
  expect(fresh).toEqual({ events: [], hasMore: false, isHeld: true });
});

test('the same cursor means the same place in the stream of a user and of the client', async () => {
  const database = await testDatabase();
  const clientId = await makeClient(database);
  const [one, other] = [await makeUser(database, clientId), await makeUser(database, clientId)];
  for (const [scope, mark] of [
    [one, 'a'],
    [other, 'b'],
    [one, 'c'],
  ] as const) {
    await inUserTransaction(database, scope, ({ append }) => append(at, marked(mark)));
  }
  const [first] = (await readLog(database, one, { after: null, limit: 1 })).events;
  const rest = await readLog(database, clientScope(clientId), { after: first!.cursor, limit: 10 });
  expect(rest.events.map(markOf)).toEqual(['b', 'c']);
});

test.each([
  '',
  'nonsense',
  'ZXZ0OjE',
  'ZXZ0OjE6Mjoz',
  'ZXZ0Oi0xOjI',
  'dHhuOjE6Mg',
  'ZXZ0Ojk5OTk5OTk5OTk5OTk5OTk5OTk5OjE',
])('refuses the broken cursor "%s" with CURSOR_INVALID, before anything is read', async (after) => {
  const statements: string[] = [];
  const database = await testDatabase({ onStatement: (text) => statements.push(text) });
  const scope = clientScope(await makeClient(database));
  const reader = await startEventReader({ database });
  statements.length = 0;
  await expect(reader.read(scope, { after, limit: 1 })).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
  await expect(reader.stream(scope, { after })).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
  expect(statements).toEqual([]);
  await reader.close();
});

test('passes on an event of a type that it does not know, so that a stream has no hole', async () => {
  const database = await testDatabase();
  const scope = await makeUser(database, await makeClient(database));
  await inUserTransaction(database, scope, ({ append }) => append(at, marked('a'), marked('b'), marked('c')));
  await database.db.execute(sql`update events set type = 'account.frozen' where sequence = 2`);
  const { events } = await readLog(database, scope, { after: null, limit: 10 });
  expect(events.map(({ type, sequence }) => [type, sequence])).toEqual([
    ['account.updated', 1n],
    ['unknown', 2n],
    ['account.updated', 3n],
  ]);
  expect(events[1]).toMatchObject({ name: 'account.frozen' });
});

test('shows nothing of another client or user, by stream or by id', async () => {
  const database = await testDatabase();
  const [mine, foreign] = [await makeClient(database), await makeClient(database)];
  const owner = await makeUser(database, mine);
  const neighbour = await makeUser(database, mine);
  await inUserTransaction(database, owner, ({ append }) => append(at, marked('secret')));
  const [event] = (await readLog(database, owner, { after: null, limit: 1 })).events;
  const reader = await startEventReader({ database });
  const nobody = [clientScope(foreign), scopeOfRow({ clientId: foreign, userId: owner.userId }), neighbour];
  for (const scope of nobody) {
    expect(await readLog(database, scope, { after: null, limit: 10 })).toEqual({
      events: [],
      hasMore: false,
      isHeld: false,
    });
    expect(await reader.find(scope, [event!.id])).toEqual([null]);
  }
  expect((await reader.find(clientScope(mine), [event!.id])).map((found) => found?.id)).toEqual([event!.id]);
  await reader.close();
});

test('a transaction that runs in another database of the same server holds nothing back', async () => {
  const database = await testDatabase();
  const neighbour = await testDatabase({ kind: 'empty' });
  const clientId = await makeClient(database);
  const scope = await makeUser(database, clientId);
  const endTransaction = await beginTransaction(neighbour);
  await inUserTransaction(database, scope, ({ append }) => append(at, marked('a')));
  const { events, isHeld } = await readLog(database, clientScope(clientId), { after: null, limit: 10 });
  await endTransaction();
  expect({ marks: events.map(markOf), isHeld }).toEqual({ marks: ['a'], isHeld: false });
});
