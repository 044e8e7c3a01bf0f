import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { acknowledgeQueue, resetQueue } from '../../src/actions/acknowledge-queue.ts';
import { createQueue } from '../../src/actions/create-queue.ts';
import { deleteQueue } from '../../src/actions/delete-queue.ts';
import type { Scope } from '../../src/domain/viewer.ts';
import { startEventReader } from '../../src/events/event-reader.ts';
import { consumerLag, defaultConsumer, pollQueue } from '../../src/events/queue.ts';
import { cursorAt } from '../../src/store/log-place.ts';
import { inUserTransaction } from '../../src/store/log.ts';
import { append, makeClient, makeUser, marked, markOf } from './log-support.ts';
import { clientScope, deliveryHouse, wholeLog } from './webhook-support.ts';

type Input = Parameters<typeof createQueue>[2];

async function queueHouse(options: { pollMilliseconds?: number } = {}) {
  const house = await deliveryHouse({ maxConnections: 10 });
  const reader = await startEventReader({ database: house.database, ...options });
  onTestFinished(() => reader.close());
  return {
    ...house,
    make: (scope: Scope, input: Partial<Input> = {}) =>
      createQueue(house.actions, scope, { name: null, types: ['account.updated'], after: null, ...input }),
    poll: (
      scope: Scope,
      id: Awaited<ReturnType<typeof createQueue>>,
      {
        consumer = defaultConsumer,
        limit = 100,
        waiting = null as AbortSignal | null,
        after = null as string | null,
      } = {},
    ) => pollQueue(house.database, reader, scope, id, { consumer, limit, after, waiting }),
  };
}

const marks = (batch: { events: readonly Parameters<typeof markOf>[0][] }) => batch.events.map(markOf);

test('gives the same events until they are acknowledged, then those behind', async () => {
  const { database, user, actions, make, poll } = await queueHouse();
  const id = await make(user);
  await append(database, user, 'a', 'b', 'c');
  const first = await poll(user, id, { limit: 2 });
  expect([marks(first), first.hasMore]).toEqual([['a', 'b'], true]);
  expect(marks(await poll(user, id, { limit: 2 }))).toEqual(['a', 'b']);
  await acknowledgeQueue(actions, user, id, { consumer: defaultConsumer, cursor: first.events[0]!.cursor });
  expect(marks(await poll(user, id))).toEqual(['b', 'c']);
  await acknowledgeQueue(actions, user, id, { consumer: defaultConsumer, cursor: first.cursor });
  expect(marks(await poll(user, id))).toEqual(['c']);
});

test('a consumer that crashes between poll and acknowledge, at random, ends with exactly the log, the same ids', async () => {
  const { database, user, client, actions, make, poll } = await queueHouse();
  const other = await makeUser(database, client.clientId);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(1), { minLength: 3, maxLength: 10 }),
      fc.infiniteStream(fc.record({ crashes: fc.boolean(), limit: fc.integer({ min: 1, max: 4 }) })),
      async (writers, steps) => {
        const id = await make(client, { types: [] });
        const before = (await wholeLog(database, client)).length;
        const writing = (async () => {
          for (const [index, writer] of writers.entries()) await append(database, writer ? other : user, String(index));
        })();
        const seen: string[] = [];
        const ids = new Map<string, string>();
        let isOver = false;
        const done = writing.then(() => (isOver = true));
        for (;;) {
          const wasOver = isOver;
          const { crashes, limit } = steps.next().value;
          const batch = await poll(client, id, { limit });
          if (batch.events.length === 0 && wasOver) {
            const { length } = await wholeLog(database, client);
            if (seen.length >= length - before) break;
          }
          for (const event of batch.events) ids.set(event.id, event.cursor);
          if (crashes) continue;
          await acknowledgeQueue(actions, client, id, { consumer: defaultConsumer, cursor: batch.cursor });
          seen.push(...batch.events.map((event) => event.id));
        }
        await done;
        const log = (await wholeLog(database, client)).map((event) => event.id);
        expect(seen).toEqual(log.slice(-seen.length));
        expect(new Set(ids.keys())).toEqual(new Set(seen));
        await deleteQueue(actions, client, id);
      },
    ),
    { numRuns: 6 },
  );
});

test('consumers have cursors of their own, and a look ahead moves none', async () => {
  const { database, user, actions, make, poll } = await queueHouse();
  const id = await make(user);
  await append(database, user, 'a', 'b');
  const { events } = await poll(user, id, { consumer: 'billing' });
  await acknowledgeQueue(actions, user, id, { consumer: 'billing', cursor: events[1]!.cursor });
  expect(marks(await poll(user, id, { consumer: 'billing' }))).toEqual([]);
  expect(marks(await poll(user, id, { consumer: 'mirror' }))).toEqual(['a', 'b']);
  expect(marks(await poll(user, id, { after: events[0]!.cursor }))).toEqual(['b']);
  expect(marks(await poll(user, id))).toEqual(['a', 'b']);
});

test('a late acknowledgement changes nothing, and none reaches beyond the end of the log', async () => {
  const { database, user, actions, make, poll } = await queueHouse();
  const id = await make(user);
  await append(database, user, 'a', 'b');
  const { events } = await poll(user, id);
  const [first, second] = events.map((event) => event.cursor) as [string, string];
  const acknowledge = (cursor: string) => acknowledgeQueue(actions, user, id, { consumer: defaultConsumer, cursor });
  expect(await Promise.all([acknowledge(second), acknowledge(first)])).toContain(second);
  expect(await acknowledge(first)).toBe(second);
  for (const cursor of [cursorAt({ xid: 2n ** 63n, position: 1n }), 'bm9uc2Vuc2U']) {
    await expect(acknowledge(cursor)).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
  }
  await append(database, user, 'c');
  expect(marks(await poll(user, id))).toEqual(['c']);
});

test('waits for an event and is woken by it; without one it ends when the wait does', async () => {
  const { database, user, make, poll } = await queueHouse({ pollMilliseconds: 600_000 });
  const id = await make(user);
  const wait = new AbortController();
  const pending = poll(user, id, { waiting: wait.signal });
  await append(database, user, 'a');
  expect(marks(await pending)).toEqual(['a']);
  const idle = await make(user, { types: ['sync.failed'] });
  const nothing = poll(user, idle, { waiting: wait.signal });
  wait.abort();
  expect(await nothing).toMatchObject({ events: [], hasMore: false });
});

test('goes back to a time, and to the beginning', async () => {
  const { database, user, actions, make, poll, clock } = await queueHouse();
  const times = [0, 60_000, 120_000].map((offset) => new Date(clock.now().getTime() + offset));
  const id = await make(user);
  for (const [index, at] of times.entries()) {
    await inUserTransaction(database, user, (transaction) => transaction.append(at, marked(String(index))));
  }
  const { cursor } = await poll(user, id);
  await acknowledgeQueue(actions, user, id, { consumer: defaultConsumer, cursor });
  await resetQueue(actions, user, id, { consumer: defaultConsumer, to: times[1]! });
  expect(marks(await poll(user, id))).toEqual(['1', '2']);
  await resetQueue(actions, user, id, { consumer: defaultConsumer, to: null });
  expect(marks(await poll(user, id))).toEqual(['0', '1', '2']);
});

test('tells how far a consumer is behind, up to a thousand', async () => {
  const { database, user, actions, make, poll } = await queueHouse();
  const id = await make(user);
  const lag = () => consumerLag(database, user, id, defaultConsumer);
  expect(await lag()).toEqual({ count: 0, isAtLeast: false, oldestAt: null });
  await append(database, user, 'a', 'b');
  const { events } = await poll(user, id);
  expect(await lag()).toEqual({ count: 2, isAtLeast: false, oldestAt: events[0]!.occurredAt });
  await acknowledgeQueue(actions, user, id, { consumer: defaultConsumer, cursor: events[0]!.cursor });
  expect(await lag()).toMatchObject({ count: 1, isAtLeast: false });
  await append(database, user, ...Array.from({ length: 1000 }, (_, index) => String(index)));
  expect(await lag()).toMatchObject({ count: 1000, isAtLeast: true });
});

test('is nobody else’s: another client, another user, and nothing of them in it', async () => {
  const { database, user, client, actions, make, poll } = await queueHouse();
  const other = await makeUser(database, client.clientId);
  const stranger = clientScope(await makeClient(database));
  const id = await make(user);
  const all = await make(client);
  await append(database, other, 'of another');
  expect(marks(await poll(client, id))).toEqual([]);
  expect(marks(await poll(client, all))).toEqual(['of another']);
  for (const [scope, queue] of [
    [stranger, id],
    [stranger, all],
    [other, id],
    [other, all],
    [user, all],
  ] as const) {
    const refused = { code: 'NOT_FOUND' };
    await expect(poll(scope, queue)).rejects.toMatchObject(refused);
    await expect(deleteQueue(actions, scope, queue)).rejects.toMatchObject(refused);
    const cursor = (await poll(client, queue)).cursor;
    const acknowledgement = { consumer: defaultConsumer, cursor };
    await expect(acknowledgeQueue(actions, scope, queue, acknowledgement)).rejects.toMatchObject(refused);
    await expect(resetQueue(actions, scope, queue, { consumer: 'x', to: null })).rejects.toMatchObject(refused);
  }
  expect(await database.sql`select 1 from queue_consumers`).toHaveLength(0);
  expect(await database.sql`select 1 from queues`).toHaveLength(2);
});

test('an owner has a bounded number of queues, whoever asks at the same time, and a queue of consumers', async () => {
  const { database, user, client, actions, make, poll } = await queueHouse();
  const made = await Promise.allSettled(Array.from({ length: 24 }, () => make(user)));
  expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
  await expect(make(user)).rejects.toMatchObject({ code: 'CONFLICT' });
  const id = await make(client);
  const { cursor } = await poll(client, id);
  for (let index = 0; index < 20; index += 1) {
    await acknowledgeQueue(actions, client, id, { consumer: `c${index}`, cursor });
  }
  await expect(acknowledgeQueue(actions, client, id, { consumer: 'more', cursor })).rejects.toMatchObject({
    code: 'CONFLICT',
  });
  expect(await database.sql`select 1 from queue_consumers`).toHaveLength(20);
});
