import { sql } from 'drizzle-orm';
import { expect, onTestFinished, test } from 'vitest';
import { startEventReader, type EventReader } from '../../src/events/event-reader.ts';
import type { StreamItem } from '../../src/events/stream.ts';
import type { Database } from '../../src/store/database.ts';
import { headOfLog, readLog } from '../../src/store/log-reader.ts';
import { testDatabase } from '../support/database.ts';
import { append, connection, makeClient, makeUser, markOf } from './log-support.ts';
import { clientScope } from '../support/fixtures.ts';

async function reading(database: Database, options: { windowEvents?: number; pollMilliseconds?: number } = {}) {
  const reader = await startEventReader({ database, ...options });
  onTestFinished(() => reader.close());
  return reader;
}

async function take(items: AsyncIterator<StreamItem>, count: number): Promise<string[]> {
  const marks: string[] = [];
  while (marks.length < count) {
    const { done, value } = await items.next();
    if (done) return [...marks, 'end'];
    marks.push(markOf(value));
  }
  return marks;
}

function range(first: number, last: number): string[] {
  return Array.from({ length: last - first + 1 }, (_, index) => String(first + index));
}

test('begins now when no cursor is given', async () => {
  const database = await testDatabase();
  const scope = await makeUser(database, await makeClient(database));
  await append(database, scope, 'before');
  const reader = await reading(database);
  const items = await reader.stream(scope, { after: null });
  await append(database, scope, 'after');
  expect(await take(items, 1)).toEqual(['after']);
});

test.each(['user', 'client'])(
  'replays after a cursor, then goes live, with no gap and no duplicate while others write (stream of a %s)',
  async (kind) => {
    const database = await testDatabase({ maxConnections: 12 });
    const clientId = await makeClient(database);
    const user = await makeUser(database, clientId);
    const scope = kind === 'user' ? user : clientScope(clientId);
    const reader = await reading(database, { windowEvents: 8 });
    await append(database, user, ...range(0, 249));
    const { events } = await readLog(database, user, { after: null, limit: 250 });

    const cursors = [events[0]!.cursor, events[9]!.cursor, events[200]!.cursor, events[249]!.cursor, null];
    const writing = (async () => {
      for (let index = 250; index < 300; index += 1) await append(database, user, String(index));
    })();
    const streams = await Promise.all(
      cursors.map(async (after) => ({ after, items: await reader.stream(scope, { after }) })),
    );
    const read = streams.map(async ({ items }) => {
      const marks: string[] = [];
      // A subscriber that has lagged goes on from the cursor that it was given.
      let from = items;
      while (marks.at(-1) !== '299') {
        const { done, value } = await from.next();
        if (done) throw new Error('The stream ended.');
        if (value.type === 'lagged') from = await reader.stream(scope, { after: value.cursor });
        else marks.push(markOf(value));
      }
      await from.return?.();
      return marks;
    });
    const results = await Promise.all(read);
    await writing;
    expect(results.slice(0, 4)).toEqual([range(1, 299), range(10, 299), range(201, 299), range(250, 299)]);
    const live = results[4]!;
    expect(live).toEqual(range(Number(live[0]), 299));
  },
);

test('tells a slow live subscriber that it lags, and the cursor it gives loses nothing', async () => {
  const database = await testDatabase();
  const scope = await makeUser(database, await makeClient(database));
  const reader = await reading(database, { windowEvents: 4 });
  const quick = await reader.stream(scope, { after: null });
  const slow = await reader.stream(scope, { after: null });
  await append(database, scope, '0');
  expect(await take(slow, 1)).toEqual(['0']);
  const pending = slow.next();
  await append(database, scope, '1');
  expect(markOf((await pending).value as StreamItem)).toBe('1');

  for (const mark of range(2, 30)) await append(database, scope, mark);
  expect(await take(quick, 31)).toEqual(range(0, 30));
  const { value: last } = await slow.next();
  expect(last).toMatchObject({ type: 'lagged' });
  expect(await slow.next()).toMatchObject({ done: true });
  const resumed = await reader.stream(scope, { after: (last as StreamItem).cursor });
  expect(await take(resumed, 29)).toEqual(range(2, 30));
});

test('narrows by type and by connection, in the replay as well as live', async () => {
  const database = await testDatabase();
  const scope = await makeUser(database, await makeClient(database));
  const reader = await reading(database);
  const start = await headOfLog(database, scope);
  await append(database, scope, 'replayed');
  const wanted = await reader.stream(scope, { after: start, types: ['account.updated'], connectionId: connection });
  const unwanted = await reader.stream(scope, { after: start, types: ['sync.failed'] });
  const nothing = unwanted.next();
  await append(database, scope, 'live');
  expect(await take(wanted, 2)).toEqual(['replayed', 'live']);
  await unwanted.return?.();
  expect(await nothing).toEqual({ done: true, value: undefined });
});

test('ends at once when it is returned, aborted, or the reader closes, though no event comes', async () => {
  const database = await testDatabase();
  const scope = await makeUser(database, await makeClient(database));
  const reader = await startEventReader({ database });
  const abort = new AbortController();
  const [returned, aborted, closed] = await Promise.all([
    reader.stream(scope, { after: null }),
    reader.stream(scope, { after: null, signal: abort.signal }),
    reader.stream(scope, { after: null }),
  ]);
  const pending = [returned, aborted, closed].map((items) => items!.next());
  await returned!.return?.();
  abort.abort();
  await reader.close();
  expect(await Promise.all(pending)).toEqual(Array.from({ length: 3 }, () => ({ done: true, value: undefined })));
});

test('one read serves all subscribers of a stream', async () => {
  const statements: string[] = [];
  const database = await testDatabase({ onStatement: (text) => statements.push(text) });
  const scope = await makeUser(database, await makeClient(database));
  const reader = await reading(database, { pollMilliseconds: 600_000 });
  const streams = await Promise.all(Array.from({ length: 50 }, () => reader.stream(scope, { after: null })));
  const first = streams.map((items) => take(items, 1));
  await append(database, scope, 'warm');
  await Promise.all(first);
  const second = streams.map((items) => take(items, 1));
  statements.length = 0;
  await append(database, scope, 'one');
  expect(await Promise.all(second)).toEqual(Array.from({ length: 50 }, () => ['one']));
  const reads = statements.filter((text) => text.startsWith('select') && text.includes('"events"'));
  expect(reads.length).toBeLessThanOrEqual(2);
});

test('an event whose notification was lost is found by polling', async () => {
  const database = await testDatabase();
  const clientId = await makeClient(database);
  const scope = await makeUser(database, clientId);
  const reader = await reading(database, { pollMilliseconds: 20 });
  const [own, all] = await Promise.all([
    reader.stream(scope, { after: null }),
    reader.stream(clientScope(clientId), { after: null }),
  ]);
  // What a process does that dies between its commit and its notification.
  await database.db.execute(sql`
    with stream as (
      insert into event_streams (user_id, client_id, sequence) values (${scope.userId}, ${clientId}, 1)
    )
    insert into events (id, client_id, user_id, sequence, type, facts, occurred_at)
    values ('evt_1', ${clientId}, ${scope.userId}, 1, 'user.updated', '{}', now())`);
  expect([await take(own, 1), await take(all, 1)]).toEqual([['user.updated'], ['user.updated']]);
});

test('hears again after its listening connection was cut', async () => {
  const database = await testDatabase();
  const scope = await makeUser(database, await makeClient(database));
  const reader = await reading(database, { pollMilliseconds: 600_000 });
  const items = await reader.stream(scope, { after: null });
  const cut = await database.db.execute(sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and query ilike 'listen%'`);
  expect(cut.length).toBe(1);
  await append(database, scope, 'meanwhile');
  expect(await take(items, 1)).toEqual(['meanwhile']);
  await append(database, scope, 'afterwards');
  expect(await take(items, 1)).toEqual(['afterwards']);
});

test('two processes over one database wake each other', async () => {
  const database = await testDatabase();
  const scope = await makeUser(database, await makeClient(database));
  const gateways: EventReader[] = [await reading(database), await reading(database)];
  const streams = await Promise.all(gateways.map((reader) => reader.stream(scope, { after: null })));
  await append(database, scope, 'a');
  expect(await Promise.all(streams.map((items) => take(items, 1)))).toEqual([['a'], ['a']]);
});
