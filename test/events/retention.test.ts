import { expect, onTestFinished, test } from 'vitest';
import { resetQueue } from '../../src/actions/acknowledge-queue.ts';
import { cleanUp } from '../../src/actions/clean-up.ts';
import { createQueue } from '../../src/actions/create-queue.ts';
import { createWebhook } from '../../src/actions/create-webhook.ts';
import { startEventReader } from '../../src/events/event-reader.ts';
import { defaultConsumer, pollQueue } from '../../src/events/queue.ts';
import { millisecondsPerDay } from '../../src/kernel/clock.ts';
import { newId } from '../../src/kernel/id.ts';
import { inUserTransaction } from '../../src/store/log.ts';
import { append, appendedAt, connection, makeUser, markOf } from './log-support.ts';
import { deliveryHouse, wholeLog } from './webhook-support.ts';

/** A log whose events are all older than 400 days, and have been deleted by two rounds at once. */
async function prunedHouse() {
  const house = await deliveryHouse({ now: appendedAt });
  const { database, user, actions, clock } = house;
  const reader = await startEventReader({ database });
  onTestFinished(() => reader.close());
  const queueId = await createQueue(actions, user, { name: null, types: ['account.updated'], after: null });
  const quiet = await makeUser(database, user.clientId);
  await append(database, user, 'a', 'b');
  await inUserTransaction(database, user, (transaction) =>
    transaction.append(clock.now(), {
      type: 'account.deleted',
      facts: { connectionId: connection, accountId: newId('account', clock.now()) },
    }),
  );
  await append(database, user, 'c');
  const before = await wholeLog(database, user);
  expect(before.map(markOf)).toEqual(['queue.created', 'a', 'b', 'account.deleted', 'c']);
  clock.advance(399 * millisecondsPerDay);
  expect(await cleanUp(actions, { eventDays: 400 })).toMatchObject({ events: 0 });
  clock.advance(3 * millisecondsPerDay);
  const rounds = [cleanUp(actions, { eventDays: 400 }), cleanUp(actions, { eventDays: 400 })];
  const [first, second] = await Promise.all(rounds);
  expect(first!.events + second!.events).toBe(4);
  return { ...house, reader, queueId, quiet, before };
}

test('a cursor with a gap behind it is CURSOR_EXPIRED on every transport; the last one goes on', async () => {
  const { database, reader, user, client, queueId, before, actions, clock } = await prunedHouse();
  const old = before[1]!.cursor;
  for (const scope of [user, client]) {
    await expect(reader.read(scope, { after: old, limit: 10 })).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' });
    await expect(reader.stream(scope, { after: old })).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' });
  }
  const options = { consumer: defaultConsumer, after: null, limit: 10, waiting: null };
  const poll = () => pollQueue(database, reader, user, queueId, options);
  await expect(poll()).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' });
  await resetQueue(actions, user, queueId, { consumer: defaultConsumer, to: clock.now() });
  await append(database, user, 'd');
  expect((await poll()).events.map(markOf)).toEqual(['d']);
  await resetQueue(actions, user, queueId, { consumer: defaultConsumer, to: null });
  expect((await poll()).events.map(markOf)).toEqual(['d']);
  const next = await reader.read(user, { after: before.at(-1)!.cursor, limit: 10 });
  expect(next.events.map((event) => [markOf(event), event.sequence])).toEqual([['d', 6n]]);
});

test('who begins anew gets what is kept, and the copy of transactions keeps its deletions', async () => {
  const { database, reader, user, before } = await prunedHouse();
  expect((await wholeLog(database, user)).map(markOf)).toEqual(['account.deleted']);
  const { changes } = await reader.changes(user, { after: null, limit: 10 });
  expect(changes.map(({ kind }) => kind)).toEqual(['ACCOUNT_DELETED']);
  const stream = await reader.stream(user, { after: null });
  await append(database, user, 'd');
  const { value } = await stream.next();
  expect(value).toMatchObject({ sequence: BigInt(before.length + 1) });
  await stream.return?.();
});

test('a user who has lost nothing is not told that he has', async () => {
  const { database, reader, quiet } = await prunedHouse();
  expect(await reader.read(quiet, { after: 'ZXZ0OjA6MA', limit: 10 })).toMatchObject({ events: [] });
  await append(database, quiet, 'x');
  const page = await reader.read(quiet, { after: 'ZXZ0OjA6MA', limit: 10 });
  expect(page.events.map(markOf)).toEqual(['x']);
});

test('neither a queue nor a webhook can begin behind a gap: CURSOR_EXPIRED, and nothing is made', async () => {
  const { database, user, client, before, actions } = await prunedHouse();
  const [old, last] = [before[1]!.cursor, before.at(-1)!.cursor];
  const webhook = { url: 'http://127.0.0.1/', types: [], isOrdered: false };
  const counts = () => database.sql`
    select (select count(*)::int from queues) as queues, (select count(*)::int from webhooks) as webhooks,
           (select count(*)::int from events) as events`;
  const found = await counts();
  for (const scope of [user, client]) {
    await expect(createQueue(actions, scope, { name: null, types: [], after: old })).rejects.toMatchObject({
      code: 'CURSOR_EXPIRED',
    });
    await expect(createWebhook(actions, scope, { ...webhook, after: old })).rejects.toMatchObject({
      code: 'CURSOR_EXPIRED',
    });
  }
  expect(await counts()).toEqual(found);
  await createQueue(actions, user, { name: null, types: [], after: last });
  await createWebhook(actions, client, { ...webhook, after: last });
});
