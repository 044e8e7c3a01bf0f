import { expect, onTestFinished, test } from 'vitest';
import { startEventReader } from '../../src/events/event-reader.ts';
import { scopeOfRow } from '../../src/domain/viewer.ts';
import type { Wakes } from '../../src/store/log-wake.ts';
import { placeOf, startOfLog } from '../../src/store/log-place.ts';
import { readAddedEvents } from '../../src/store/log-added.ts';
import { movedSince } from '../../src/store/log-moved.ts';
import { readUserLogs } from '../../src/store/log-of-users.ts';
import { readLog } from '../../src/store/log-reader.ts';
import { append, appendUncommitted, makeClient, makeUser, markOf } from '../events/log-support.ts';
import { testDatabase } from '../support/database.ts';

const start = startOfLog;
const nobody: Wakes = { notify: () => Promise.resolve(), listen: () => Promise.reject(new Error('nobody listens')) };

test('gives each user’s page as a read of that user alone does, and nothing of another client', async () => {
  const database = await testDatabase();
  const clientId = await makeClient(database);
  const [ada, bob, foreign] = [
    await makeUser(database, clientId),
    await makeUser(database, clientId),
    await makeUser(database, await makeClient(database)),
  ];
  await append(database, ada, 'a', 'b', 'c');
  await append(database, bob, 'd');
  await append(database, foreign, 'secret');
  const first = (await readLog(database, ada, { after: null, limit: 1 })).events[0]!.cursor;
  const pages = await readUserLogs(
    database,
    [
      { scope: bob, end: start },
      { scope: ada, end: placeOf(first) },
      { scope: scopeOfRow({ clientId, userId: foreign.userId }), end: start },
      { scope: ada, end: start },
    ],
    2,
  );
  expect(
    pages.map(({ events, hasMore }) => ({ events: events.map(({ event }) => event), hasMore, isHeld: false })),
  ).toEqual([
    await readLog(database, bob, { after: null, limit: 2 }),
    await readLog(database, ada, { after: first, limit: 2 }),
    { events: [], hasMore: false, isHeld: false },
    await readLog(database, ada, { after: null, limit: 2 }),
  ]);
  const placed = pages.flatMap(({ events }) => events);
  expect(placed.map(({ place }) => place)).toEqual(placed.map(({ event }) => placeOf(event.cursor)));
  expect(pages.map((page) => page.events.map(({ event }) => markOf(event)))).toEqual([
    ['d'],
    ['b', 'c'],
    [],
    ['a', 'b'],
  ]);
});

test('streams of many users that move at once are read together', async () => {
  const statements: string[] = [];
  const database = await testDatabase({ onStatement: (text) => statements.push(text) });
  const clientId = await makeClient(database);
  const users = await Promise.all(Array.from({ length: 40 }, () => makeUser(database, clientId)));
  const reader = await startEventReader({ database, pollMilliseconds: 600_000 });
  onTestFinished(() => reader.close());
  const streams = await Promise.all(users.map((scope) => reader.stream(scope, { after: null })));
  const first = streams.map((items) => items.next());
  statements.length = 0;
  // One notification after another within one transaction: they arrive together.
  await Promise.all(users.map((scope) => append({ ...database, wakes: nobody }, scope, scope.userId)));
  await database.sql`
    select pg_notify('tributary_events', ${clientId} || ' ' || u) from unnest(${users.map(({ userId }) => userId)}::text[]) u`;
  const marks = (await Promise.all(first)).map(({ value }) => markOf(value));
  expect(marks).toEqual(users.map(({ userId }) => userId));
  const reads = statements.filter((text) => text.includes('json_to_recordset'));
  expect(reads.length).toBeGreaterThan(0);
  expect(reads.length).toBeLessThanOrEqual(4);
  expect(statements.filter((text) => text.startsWith('select') && text.includes('from "events"'))).toEqual([]);
});

test('what the log has got since a snapshot is read for all at once, of this client only', async () => {
  const database = await testDatabase();
  const clientId = await makeClient(database);
  const [ada, bob, slow, foreign] = [
    await makeUser(database, clientId),
    await makeUser(database, clientId),
    await makeUser(database, clientId),
    await makeUser(database, await makeClient(database)),
  ];
  await append(database, ada, 'before');
  const commit = await appendUncommitted(database, slow, 'ran then');
  const { snapshot } = await movedSince(database, [], null);
  await append(database, ada, 'a', 'b', 'c');
  await append(database, bob, 'd');
  await append(database, foreign, 'secret');
  await commit();
  const pages: string[][] = [];
  const users = [bob.userId, ada.userId, foreign.userId, slow.userId];
  await readAddedEvents(database, clientId, users, snapshot, (events) => {
    expect(events.map(({ place }) => place)).toEqual(events.map(({ event }) => placeOf(event.cursor)));
    pages.push(events.map(({ event }) => markOf(event)));
  });
  // In the order of the log: the slow transaction has the older number.
  expect(pages.flat()).toEqual(['ran then', 'a', 'b', 'c', 'd']);
});

/** A statement that can be read with a cursor. */
interface Query {
  cursor(rows: number): AsyncIterable<unknown>;
}

/** The same connection, or pool of them, whose texts, in its transactions as well, are sent as `unsafe` sends them. */
function intercepting<Client extends object>(
  client: Client,
  unsafe: (text: string, send: () => Query) => Query,
): Client {
  return new Proxy(client, {
    get(target, key): unknown {
      const found: unknown = Reflect.get(target, key);
      if (typeof found !== 'function') return found;
      if (key === 'unsafe') {
        return (text: string, ...rest: unknown[]) =>
          unsafe(text, () => Reflect.apply(found, target, [text, ...rest]) as Query);
      }
      if (key !== 'begin') return found;
      return (options: string, run: (transaction: object) => unknown): unknown =>
        Reflect.apply(found, target, [options, (transaction: object) => run(intercepting(transaction, unsafe))]);
    },
  });
}

test('of two transactions of a user that end while the log is read, the later one does not hide the other', async () => {
  const database = await testDatabase();
  const clientId = await makeClient(database);
  const ada = await makeUser(database, clientId);
  const commit = await appendUncommitted(database, ada, 'ran then');
  // Only what has a lower number than one that has ended counts as running then.
  await append(database, await makeUser(database, clientId), 'of another user');
  const { snapshot } = await movedSince(database, [], null);
  let isFirst = true;
  const sql = intercepting(database.sql, (_statement, send) => {
    if (!isFirst) return send();
    isFirst = false;
    return {
      async *cursor(rows: number) {
        yield* send().cursor(rows);
        await commit();
        await append(database, ada, 'later');
      },
    };
  });
  const told: string[][] = [];
  for (const each of [{ ...database, sql }, database]) {
    const marks: string[] = [];
    await readAddedEvents(each, clientId, [ada.userId], snapshot, (events) => {
      marks.push(...events.map(({ event }) => markOf(event)));
    });
    told.push(marks);
  }
  expect(told).toEqual([[], ['ran then', 'later']]);
});

test('a reader who fails over what the log has got hears of it, and the connection is free for the next', async () => {
  const database = await testDatabase({ maxConnections: 1 });
  const clientId = await makeClient(database);
  const ada = await makeUser(database, clientId);
  const { snapshot } = await movedSince(database, [], null);
  const marks = Array.from({ length: 1700 }, (_, index) => String(index));
  await append(database, ada, ...marks);
  let pages = 0;
  const failing = readAddedEvents(database, clientId, [ada.userId], snapshot, () => {
    pages += 1;
    throw new Error('cannot take it');
  });
  await expect(failing).rejects.toThrow('cannot take it');
  expect(pages).toBe(1);
  const seen: string[] = [];
  await readAddedEvents(database, clientId, [ada.userId], snapshot, (events) => {
    seen.push(...events.map(({ event }) => markOf(event)));
  });
  expect(seen).toEqual(marks);
});

test('hundreds of streams that move again and again are read in one go, without a gap or a repetition', async () => {
  const statements: string[] = [];
  const database = await testDatabase();
  const clientId = await makeClient(database);
  const users = await Promise.all(Array.from({ length: 150 }, () => makeUser(database, clientId)));
  const sql = intercepting(database.sql, (text, send) => {
    statements.push(text);
    return send();
  });
  const reader = await startEventReader({ database: { ...database, sql }, pollMilliseconds: 20 });
  onTestFinished(() => reader.close());
  const seen = new Map(users.map(({ userId }) => [userId, [] as string[]]));
  const all = Promise.withResolvers<void>();
  let count = 0;
  for (const scope of users) {
    const stream = await reader.stream(scope, { after: null });
    stream.pushTo({
      push(item) {
        if (item.type !== 'lagged') seen.get(scope.userId)!.push(markOf(item));
        count += 1;
        if (count === 3 * users.length) all.resolve();
        return true;
      },
      end: (error) => all.reject(error),
    });
  }
  for (const mark of ['1', '2', '3']) {
    await Promise.all(users.map((scope) => append({ ...database, wakes: nobody }, scope, `${scope.userId} ${mark}`)));
    await database.sql`
      select pg_notify('tributary_events', ${clientId} || ' ' || u) from unnest(${users.map(({ userId }) => userId)}::text[]) u`;
  }
  await all.promise;
  expect(seen).toEqual(
    new Map(users.map(({ userId }) => [userId, ['1', '2', '3'].map((mark) => `${userId} ${mark}`)])),
  );
  expect(statements.some((text) => text.includes('pg_snapshot_xmax'))).toBe(true);
});
