import { expect, onTestFinished, test } from 'vitest';
import { startEventReader } from '../../src/events/event-reader.ts';
import { scopeOfRow } from '../../src/domain/viewer.ts';
import type { Wakes } from '../../src/store/log-wake.ts';
import { placeOf, startOfLog } from '../../src/store/log-place.ts';
import { readAddedEvents } from '../../src/store/log-added.ts';
import { movedSince } from '../../src/store/log-moved.ts';
import { eventOf, placeOfText, readUserLogs, userOfText, type PlacedEvent } from '../../src/store/log-of-users.ts';
import { readLog } from '../../src/store/log-reader.ts';
import { append, appendUncommitted, connection, makeClient, makeUser, markOf } from '../events/log-support.ts';
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

test('an event of a type that is not known here, about a connection or none, is what a read of that user alone gives', async () => {
  const database = await testDatabase();
  const ada = await makeUser(database, await makeClient(database));
  await append(database, ada, 'known', 'of a connection', 'of none');
  await database.sql`update events set type = 'moon.landed' where sequence > 1`;
  await database.sql`update events set connection_id = null where sequence = 3`;
  const [page] = await readUserLogs(database, [{ scope: ada, end: start }], 10);
  const events = page?.events.map(({ event }) => event);
  expect(events).toEqual((await readLog(database, ada, { after: null, limit: 10 })).events);
  expect(events?.map(({ type, facts }) => [type, 'connectionId' in facts && facts.connectionId])).toEqual([
    ['account.updated', connection],
    ['unknown', connection],
    ['unknown', null],
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
  await Promise.all(users.map((scope) => append({ ...database, wakes: nobody }, scope, scope.userId)));
  await database.sql.notify('tributary_events', [clientId, ...users.map(({ userId }) => userId)].join(' '));
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
  const events: PlacedEvent[] = [];
  const scopes = new Map([ada, bob, slow, foreign].map((scope) => [scope.userId as string, scope]));
  await readAddedEvents(database, { clientId, snapshot, userIds: () => [] }, (texts) => {
    events.push(...texts.map((text) => eventOf(scopes.get(userOfText(text))!, text)));
    expect(texts.map(placeOfText)).toEqual(events.slice(-texts.length).map(({ place }) => place));
    return true;
  });
  expect(events.map(({ place }) => place)).toEqual(events.map(({ event }) => placeOf(event.cursor)));
  // In the order of the log: the slow transaction has the older number.
  expect(events.map(({ event }) => markOf(event))).toEqual(['ran then', 'a', 'b', 'c', 'd']);
});

/** The same connection, or pool of them, whose statements, in its transactions as well, `unsafe` sends. */
function intercepting<Client extends object>(
  client: Client,
  unsafe: (text: string, send: () => Promise<unknown>) => Promise<unknown>,
): Client {
  return new Proxy(client, {
    get(target, key): unknown {
      const found: unknown = Reflect.get(target, key);
      if (typeof found !== 'function') return found;
      if (key === 'unsafe') {
        return (text: string, ...rest: unknown[]) =>
          unsafe(text, async () => Reflect.apply(found, target, [text, ...rest]) as unknown);
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
  const sql = intercepting(database.sql, async (_statement, send) => {
    const answer = await send();
    if (!isFirst) return answer;
    isFirst = false;
    await commit();
    await append(database, ada, 'later');
    return answer;
  });
  const told: string[][] = [];
  for (const each of [{ ...database, sql }, database]) {
    const marks: string[] = [];
    await readAddedEvents(each, { clientId, snapshot, userIds: () => [ada.userId] }, (texts) => {
      marks.push(...texts.map((text) => markOf(eventOf(ada, text).event)));
      return true;
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
  const read = { clientId, snapshot, userIds: () => [ada.userId] };
  let pages = 0;
  const failing = readAddedEvents(database, read, () => {
    pages += 1;
    throw new Error('cannot take it');
  });
  await expect(failing).rejects.toThrow('cannot take it');
  expect(pages).toBe(1);
  const seen: string[] = [];
  await readAddedEvents(database, read, (texts) => {
    seen.push(...texts.map((text) => markOf(eventOf(ada, text).event)));
    return true;
  });
  expect(seen).toEqual(marks);
});

test('where most of what the log has got is of no use, only what the users who are read for have got is read on', async () => {
  const database = await testDatabase();
  const clientId = await makeClient(database);
  const [ada, bob] = [await makeUser(database, clientId), await makeUser(database, clientId)];
  const { snapshot } = await movedSince(database, [], null);
  for (let round = 0; round < 10; round += 1) {
    await append(database, bob, ...Array.from({ length: 490 }, () => 'of no use'));
    await append(database, ada, ...Array.from({ length: 10 }, (_, index) => String(10 * round + index)));
  }
  const read = { clientId, snapshot, userIds: () => [ada.userId] };
  const marks: string[] = [];
  let texts = 0;
  await readAddedEvents(database, read, (page) => {
    const ofAda = page.filter((text) => userOfText(text) === ada.userId);
    texts += page.length;
    marks.push(...ofAda.map((text) => markOf(eventOf(ada, text).event)));
    return ofAda.length * 2 >= page.length;
  });
  expect(marks).toEqual(Array.from({ length: 100 }, (_, index) => String(index)));
  // The first page, and the next, which was asked for before the first was looked at; then Ada's own.
  expect(texts).toBe(2 * 500 + 80);
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
    await database.sql.notify('tributary_events', [clientId, ...users.map(({ userId }) => userId)].join(' '));
  }
  await all.promise;
  expect(seen).toEqual(
    new Map(users.map(({ userId }) => [userId, ['1', '2', '3'].map((mark) => `${userId} ${mark}`)])),
  );
  expect(statements.some((text) => text.includes('string_agg(event'))).toBe(true);
});
