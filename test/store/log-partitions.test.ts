import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { migrate as applyMigrations } from 'drizzle-orm/postgres-js/migrator';
import fc from 'fast-check';
import { expect, onTestFinished, test, vi } from 'vitest';
import { tendLog } from '../../src/actions/tend-log.ts';
import { migrateDatabase } from '../../src/app/migrate-database.ts';
import { scopeOfRow, type Scope, type UserScope } from '../../src/domain/viewer.ts';
import { manualClock, millisecondsPerDay } from '../../src/kernel/clock.ts';
import { newId } from '../../src/kernel/id.ts';
import { silentLog } from '../../src/kernel/log.ts';
import type { Database } from '../../src/store/database.ts';
import { inUserTransaction } from '../../src/store/log.ts';
import { isAfter } from '../../src/store/log-compare.ts';
import { extendLog, logPartitions, strayEvents } from '../../src/store/log-partitions.ts';
import { readUserLogs } from '../../src/store/log-of-users.ts';
import { placeOf } from '../../src/store/log-place.ts';
import { previousEvents } from '../../src/store/log-previous.ts';
import { findEvents, headOfLog, readLog, readLogBack } from '../../src/store/log-reader.ts';
import { assertKept, pruneLog } from '../../src/store/prune-log.ts';
import { readTransactionChanges } from '../../src/store/transaction-changes.ts';
import { append, connection, makeClient, makeUser, markOf } from '../events/log-support.ts';
import { testDatabase } from '../support/database.ts';
import { clientScope } from '../support/fixtures.ts';

const at = new Date('2026-11-23T08:30:00Z');
const later = new Date(at.getTime() + millisecondsPerDay);

/** Ends the newest partition at this moment and begins another, as time alone would do it. */
async function rollOver(database: Database): Promise<string> {
  const { partitions, nextXid } = await logPartitions(database.db);
  const { name, from } = partitions.at(-1)!;
  const begin = from === null ? 'minvalue' : `'${from}'`;
  // The statements take a number each, so the boundary is a little ahead.
  const boundary = nextXid + 20n;
  const next = `events_${boundary}`;
  await database.sql.begin(async (tx) => {
    await tx.unsafe(`alter table events detach partition ${name}`);
    await tx.unsafe(`alter table events attach partition ${name} for values from (${begin}) to ('${boundary}')`);
    await tx.unsafe(
      `create table ${next} partition of events for values from ('${boundary}') to ('${boundary + 1000000n}')`,
    );
  });
  while ((await logPartitions(database.db)).nextXid < boundary) await database.sql`select pg_current_xact_id()`;
  return next;
}

/** Waits until no transaction of the cluster is older than this moment: other tests run beside this one. */
async function untilSettled(database: Database): Promise<void> {
  const [now] = await database.sql<[{ xid: string }]>`select pg_current_xact_id()::text as xid`;
  await vi.waitFor(async () => {
    const [{ oldest }] = await database.sql<[{ oldest: string }]>`
      select pg_snapshot_xmin(pg_current_snapshot())::text as oldest`;
    expect(BigInt(oldest)).toBeGreaterThan(BigInt(now.xid));
  }, 20_000);
}

async function deleteAccount(database: Database, scope: UserScope): Promise<void> {
  await inUserTransaction(database, scope, (transaction) =>
    transaction.append(at, {
      type: 'account.deleted',
      facts: { connectionId: connection, accountId: newId('account', at) },
    }),
  );
}

async function house() {
  const database = await testDatabase();
  const clientId = await makeClient(database);
  const [ada, bob] = [await makeUser(database, clientId), await makeUser(database, clientId)];
  return { database, clientId, ada, bob, client: clientScope(clientId) };
}

async function marks(database: Database, scope: Scope, after: string | null = null) {
  return (await readLog(database, scope, { after, limit: 1000 })).events.map(markOf);
}

test('a log that was one table keeps its events, their places and their numbers, and goes on', async () => {
  await using database = await testDatabase({ kind: 'empty' });
  const folder = mkdtempSync(join(tmpdir(), 'tributary-migrations-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  cpSync('src/store/migrations', folder, { recursive: true });
  for (const name of readdirSync(folder)) {
    if (name >= '20261123035737_log-partitions') rmSync(join(folder, name), { recursive: true });
  }
  await applyMigrations(database.db, { migrationsFolder: folder });
  const clientId = newId('client', at);
  const scope = scopeOfRow({ clientId, userId: newId('user', at) });
  await database.sql`insert into clients (id, oauth_client_id, name, created_at) values (${clientId}, 'c', 'C', ${at})`;
  await append(database, scope, 'a', 'b');
  await append(database, scope, 'c');
  const before = await readLog(database, scope, { after: null, limit: 10 });
  const [{ sequence: last }] = await database.sql<
    [{ sequence: string }]
  >`select max(position)::text as sequence from events`;

  await migrateDatabase(database.url, silentLog);

  expect(await readLog(database, scope, { after: null, limit: 10 })).toEqual(before);
  const head = before.events.at(-1)!.cursor;
  await append(database, scope, 'd');
  const { events } = await readLog(database, scope, { after: head, limit: 10 });
  expect(events.map((event) => [markOf(event), event.sequence])).toEqual([['d', 4n]]);
  const [{ position }] = await database.sql<[{ position: string }]>`select max(position)::text as position from events`;
  expect(BigInt(position)).toBeGreaterThan(BigInt(last));
  expect((await logPartitions(database.db)).partitions.map(({ name }) => name)).toEqual(['events_first']);
});

test('whoever reads over the boundaries of partitions finds every event once and in order, forwards and back', async () => {
  const { database, ada, bob, client } = await house();
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(fc.constant('roll'), fc.constantFrom('ada', 'bob')), { minLength: 3, maxLength: 10 }),
      fc.integer({ min: 1, max: 4 }),
      async (steps, limit) => {
        const from = await headOfLog(database, ada);
        const written: string[] = [];
        for (const step of steps) {
          if (step === 'roll') await rollOver(database);
          else {
            written.push(`${step} ${newId('event', at)}`);
            await append(database, step === 'ada' ? ada : bob, written.at(-1)!);
          }
        }
        await untilSettled(database);
        for (const [scope, wanted] of [
          [ada, written.filter((mark) => mark.startsWith('ada'))],
          [client, written],
        ] as const) {
          const forwards: string[] = [];
          let after = from;
          for (;;) {
            const page = await readLog(database, scope, { after, limit });
            forwards.push(...page.events.map(markOf));
            after = page.events.at(-1)?.cursor ?? after;
            if (!page.hasMore) break;
          }
          const ofTest = new Set(written);
          expect(forwards.filter((mark) => ofTest.has(mark))).toEqual(wanted);
          const back = await readLogBack(database, scope, { before: null, limit: 100 });
          expect(back.events.map(markOf).filter((mark) => ofTest.has(mark))).toEqual(wanted);
        }
        const [page] = await readUserLogs(database, [{ scope: bob, end: placeOf(from) }], 100);
        expect(page!.events.map(({ event }) => markOf(event)).filter((mark) => written.includes(mark))).toEqual(
          written.filter((mark) => mark.startsWith('bob')),
        );
      },
    ),
    { numRuns: 8 },
  );
  const { events } = await readLog(database, ada, { after: null, limit: 1000 });
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => BigInt(index + 1)));
  const found = await findEvents(
    database,
    client,
    events.map(({ id }) => id),
  );
  expect(found.map((event) => event?.id)).toEqual(events.map(({ id }) => id));
  const previous = await previousEvents(database, events, { id: newId('webhook', at), types: [] });
  expect(events.map(({ id }) => previous.get(id))).toEqual(
    [undefined, ...events.map(({ id }) => id)].slice(0, events.length),
  );
});

test('who reads on from a place does not look into the partitions before it', async () => {
  const { database, ada } = await house();
  await append(database, ada, 'a');
  const newest = await rollOver(database);
  await append(database, ada, 'b');
  const cursor = await headOfLog(database, ada);
  const plan = await database.db.execute<{ 'QUERY PLAN': string }>(
    sql`explain select from events where user_id = ${ada.userId} and ${isAfter(cursor)}`,
  );
  const text = plan.map((row) => row['QUERY PLAN']).join('\n');
  const read = new Set([...text.matchAll(/ on (events_\w+)/g)].map(([, name]) => name));
  expect(read).toEqual(new Set([newest, 'events_rest']));
});

test('a partition of which everything is old is dropped; deletions stay, streams know their gap, numbers go on', async () => {
  const { database, ada, bob, client } = await house();
  await append(database, ada, 'a', 'b');
  await deleteAccount(database, ada);
  await append(database, bob, 'c');
  await untilSettled(database);
  const before = await readLog(database, ada, { after: null, limit: 10 });
  const changes = await readTransactionChanges(database, client, { after: null, limit: 10 });
  await rollOver(database);
  await inUserTransaction(database, ada, (transaction) =>
    transaction.append(later, { type: 'user.updated', facts: {} }),
  );

  await untilSettled(database);
  expect(await pruneLog(database, at)).toBe(0);
  const rounds = await Promise.all([pruneLog(database, later), pruneLog(database, later)]);
  expect(rounds.toSorted()).toEqual([0, 3]);

  expect((await logPartitions(database.db)).partitions).toHaveLength(1);
  await untilSettled(database);
  expect(await marks(database, client)).toEqual(['account.deleted', 'user.updated']);
  expect(await strayEvents(database)).toBe(0);
  const [first, second] = before.events;
  await expect(assertKept(database, ada, first!.cursor)).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' });
  await expect(assertKept(database, client, first!.cursor)).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' });
  await assertKept(database, ada, second!.cursor);
  expect(await readTransactionChanges(database, client, { after: null, limit: 10 })).toEqual(changes);
  await append(database, ada, 'd');
  const { events } = await readLog(database, ada, { after: null, limit: 10 });
  expect(events.map(({ sequence }) => sequence)).toEqual([3n, 4n, 5n]);
});

test('a partition is not dropped while a transaction runs that could write into it', async () => {
  const { database, ada } = await house();
  await append(database, ada, 'a');
  const running = await database.sql.reserve();
  await running`begin`;
  await running`select pg_current_xact_id()`;
  await rollOver(database);
  // Its events are as old as any: they go one by one.
  expect(await pruneLog(database, later)).toBe(1);
  expect((await logPartitions(database.db)).partitions).toHaveLength(2);
  await running`rollback`;
  running.release();
  await untilSettled(database);
  expect(await pruneLog(database, later)).toBe(0);
  expect((await logPartitions(database.db)).partitions).toHaveLength(1);
});

test('partitions are made ahead, once however many ask, each of about a month of transactions', async () => {
  const { database, ada } = await house();
  expect(await extendLog(database, at)).toBeNull();
  await append(database, ada, 'a');
  await rollOver(database);
  // The range that is left is smaller than half of what is made without a measure.
  const made = await Promise.all([extendLog(database, at), extendLog(database, at), extendLog(database, at)]);
  expect(made.filter((name) => name !== null)).toHaveLength(1);
  const { partitions } = await logPartitions(database.db);
  expect(partitions).toHaveLength(3);
  expect(partitions[2]!.from).toBe(partitions[1]!.upTo);
  expect(partitions[2]!.upTo! - partitions[2]!.from!).toBe(2n ** 24n);
  expect(await extendLog(database, new Date(at.getTime() + 40 * millisecondsPerDay))).toBeNull();
});

test('events that come before their partition are kept in the rest, said aloud, and cleaned', async () => {
  const { database, ada, client } = await house();
  const newest = await rollOver(database);
  const warnings: object[] = [];
  const log = { ...silentLog, warn: (fields: object) => void warnings.push(fields) };
  const context = { database, log, clock: manualClock(at) };
  await database.sql.unsafe(`drop table ${newest}`);
  await append(database, ada, 'a', 'b');
  await tendLog(context);
  expect(warnings).toEqual([{ count: 2 }]);
  const { partitions, nextXid } = await logPartitions(database.db);
  expect(partitions.at(-1)!.from).toBeGreaterThan(nextXid);
  await append(database, ada, 'c');
  await untilSettled(database);
  expect(await marks(database, client)).toEqual(['a', 'b', 'c']);
  expect(await pruneLog(database, later)).toBe(3);
  await tendLog(context);
  expect(warnings).toHaveLength(1);
});

test('every partition is behind row-level security of its own', async () => {
  const { database } = await house();
  expect(await extendLog(database, at)).toBeNull();
  await rollOver(database);
  const made = await extendLog(database, at);
  const rows = await database.sql`
    select relname as name, relrowsecurity as "isSecured" from pg_class
    where relname in ('events', 'events_first', 'events_rest', ${made}) order by relname`;
  const secured = new Set(rows.filter((row) => row['isSecured'] === true).map((row) => String(row['name'])));
  expect(secured).toEqual(new Set(['events', 'events_first', 'events_rest', made]));
});
