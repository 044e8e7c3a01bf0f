import fc from 'fast-check';
import { expect, test } from 'vitest';
import { replayWebhook } from '../../src/actions/replay-webhook.ts';
import { testWebhook } from '../../src/actions/test-webhook.ts';
import { updateWebhook } from '../../src/actions/update-webhook.ts';
import { deliverRound, leaseMilliseconds } from '../../src/events/deliver.ts';
import { failingMillisecondsToDisable, retryPausesMilliseconds } from '../../src/domain/webhook.ts';
import { findWebhook } from '../../src/store/webhooks.ts';
import { publicId } from '../../src/events/wire-event.ts';
import { append, appendedAt, makeUser } from './log-support.ts';
import { deliveryHouse, hooked, marksOf, wholeLog, type DeliveryHouse } from './webhook-support.ts';

async function statuses({ database }: DeliveryHouse): Promise<string[]> {
  const rows = await database.sql`
    select status, attempts from webhook_deliveries where kind = 'LIVE' order by xid, position offset 1`;
  return rows.map((row) => `${String(row['status'])} ${String(row['attempts'])}`);
}

test('a receiver that fails at random ends with exactly the log, the same ids and at least once', async () => {
  const house = await deliveryHouse();
  const second = await makeUser(house.database, house.client.clientId);
  const { receiver, id } = await hooked(house);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(1), { minLength: 4, maxLength: 12 }),
      fc.infiniteStream(fc.boolean()),
      async (writers, fails) => {
        for (const [index, writer] of writers.entries()) {
          await append(house.database, writer === 0 ? house.user : second, String(index));
        }
        receiver.answer = () => ({ status: fails.next().value ? 500 : 200 });
        await house.deliver();
        receiver.answer = () => ({ status: 204 });
        for (const pause of retryPausesMilliseconds) {
          house.clock.advance(pause);
          await house.deliver();
        }
        await updateWebhook(house.actions, house.client, id, { isEnabled: true });
      },
    ),
    { numRuns: 8 },
  );
  await house.deliver();
  const log = await wholeLog(house.database, house.client);
  const ids = new Set(receiver.received.map(({ event }) => event.id));
  const wanted = log.map((event) => publicId('Event', event.id)).slice(1);
  expect([...ids].toSorted()).toEqual(wanted.toSorted());
});

test('a worker that dies after sending leaves the delivery to another, which sends the same id', async () => {
  const house = await deliveryHouse();
  const { receiver, id } = await hooked(house);
  await append(house.database, house.user, 'a');
  const dying = { ...house.delivery, sender: { ...house.delivery.sender, post: dyingPost } };
  async function dyingPost(...request: Parameters<typeof house.delivery.sender.post>): Promise<never> {
    await house.delivery.sender.post(...request);
    throw new Error('kill -9');
  }
  await expect(deliverRound(dying, house.client, id)).rejects.toThrow('kill -9');
  await house.deliver();
  expect(receiver.received).toHaveLength(1);
  house.clock.advance(leaseMilliseconds);
  await house.deliver();
  expect(receiver.received.map(({ event }) => event.id)).toEqual([
    receiver.received[0]!.event.id,
    receiver.received[0]!.event.id,
  ]);
  expect(await statuses(house)).toEqual(['SUCCEEDED 1']);
});

test('two workers at once send each event once', async () => {
  const house = await deliveryHouse({ maxConnections: 10 });
  const { receiver } = await hooked(house);
  await append(house.database, house.user, ...Array.from({ length: 100 }, (_, index) => String(index)));
  await Promise.all([house.deliver(), house.deliver()]);
  await house.deliver();
  expect(
    marksOf(receiver)
      .map(Number)
      .toSorted((left, right) => left - right),
  ).toEqual(Array.from({ length: 100 }, (_, index) => index));
});

test('retries on schedule, gives up after three days, and replays the failures', async () => {
  const house = await deliveryHouse();
  const { receiver, id } = await hooked(house);
  // Another event that succeeds keeps the endpoint healthy.
  receiver.answer = ({ event }) => ({ status: event.data['changed']?.toString() === 'bad' ? 503 : 200, body: 'no' });
  await append(house.database, house.user, 'bad');
  await house.deliver();
  const startedAt = house.clock.now().getTime();
  for (const [index, pause] of retryPausesMilliseconds.entries()) {
    house.clock.advance(pause - 1);
    await house.deliver();
    expect(await statuses(house)).toContain(`PENDING ${index + 1}`);
    await append(house.database, house.user, 'good');
    house.clock.advance(1);
    await house.deliver();
    await append(house.database, house.user, 'good');
    await house.deliver();
  }
  expect(await statuses(house)).toContain('FAILED 10');
  expect(house.clock.now().getTime() - startedAt).toBeGreaterThan(failingMillisecondsToDisable);
  expect((await findWebhook(house.client, house.database.db, id))?.status).toBe('ENABLED');
  const attempts = await house.database.sql`
    select outcome, status_code, snippet from webhook_attempts where outcome <> 'SUCCEEDED'`;
  expect(attempts).toHaveLength(10);
  expect(attempts[0]).toEqual({ outcome: 'STATUS_REFUSED', status_code: 503, snippet: 'no' });

  receiver.answer = () => ({ status: 200 });
  receiver.received.length = 0;
  const failures = { eventIds: null, from: null, until: null, isFailedOnly: true };
  expect(await replayWebhook(house.actions, house.client, id, failures)).toBe(1);
  await house.deliver();
  expect(marksOf(receiver)).toEqual(['bad']);
  expect(await replayWebhook(house.actions, house.client, id, failures)).toBe(0);
});

test('replays named events and those of a time, and refuses to replay what nobody named', async () => {
  const house = await deliveryHouse({ now: new Date(appendedAt.getTime() - 1) });
  const { receiver, id } = await hooked(house);
  const start = (await wholeLog(house.database, house.user)).length;
  await append(house.database, house.user, 'a', 'b', 'c');
  await house.deliver();
  const log = (await wholeLog(house.database, house.user)).slice(start);
  receiver.received.length = 0;
  const nothing = { eventIds: null, from: null, until: null, isFailedOnly: false };
  await replayWebhook(house.actions, house.client, id, { ...nothing, eventIds: [log[1]!.id] });
  await house.deliver();
  expect(marksOf(receiver)).toEqual(['b']);
  expect(receiver.received[0]!.event.id).toBe(publicId('Event', log[1]!.id));
  const { occurredAt } = log[0]!;
  const range = { ...nothing, from: occurredAt, until: new Date(occurredAt.getTime() + 1) };
  expect(await replayWebhook(house.actions, house.client, id, range)).toBe(3);
  const before = await house.database.sql`select * from webhook_deliveries order by id`;
  await expect(replayWebhook(house.actions, house.client, id, nothing)).rejects.toMatchObject({
    code: 'VALIDATION_FAILED',
  });
  for (const until of [occurredAt, new Date(occurredAt.getTime() - 1)]) {
    const reversed = replayWebhook(house.actions, house.client, id, { ...range, until });
    await expect(reversed).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      issues: [{ path: ['occurredUntilAt'], message: 'Must be later than occurredFromAt.' }],
    });
  }
  expect(await house.database.sql`select * from webhook_deliveries order by id`).toEqual(before);
});

test('what is replayed to a disabled endpoint waits, and comes once it is enabled', async () => {
  const house = await deliveryHouse();
  const { receiver, id } = await hooked(house);
  await append(house.database, house.user, 'a');
  await house.deliver();
  receiver.received.length = 0;
  await updateWebhook(house.actions, house.client, id, { types: ['account.updated'], isEnabled: false });
  const replay = { eventIds: null, from: appendedAt, until: null, isFailedOnly: false };
  expect(await replayWebhook(house.actions, house.client, id, replay)).toBe(1);
  await house.deliver();
  expect(receiver.received).toEqual([]);
  await updateWebhook(house.actions, house.client, id, { isEnabled: true });
  await house.deliver();
  expect(marksOf(receiver)).toEqual(['a']);
});

test('the circuit opens after failures in a row, probes once, and closes with the first success', async () => {
  const house = await deliveryHouse();
  const { receiver, id } = await hooked(house);
  receiver.answer = () => ({ status: 500 });
  for (let index = 0; index < 5; index += 1) {
    await append(house.database, house.user, String(index));
    await house.deliver();
  }
  await append(house.database, house.user, '5', '6');
  await house.deliver();
  expect(marksOf(receiver)).toEqual(['0', '1', '2', '3', '4']);
  house.clock.advance(30_000);
  await house.deliver();
  expect(receiver.received).toHaveLength(6);
  receiver.answer = () => ({ status: 200 });
  house.clock.advance(60_000);
  await house.deliver();
  expect((await findWebhook(house.client, house.database.db, id))?.circuitOpenUntil).toBeNull();
  house.clock.advance(retryPausesMilliseconds[1] * 2);
  await house.deliver();
  expect([...new Set(marksOf(receiver))].toSorted()).toEqual(['0', '1', '2', '3', '4', '5', '6']);
});

test('an endpoint that fails for three days is disabled with an event, and loses nothing when enabled again', async () => {
  const house = await deliveryHouse();
  const { receiver, id } = await hooked(house, { types: ['account.updated', 'webhook.tested'] });
  const watcher = await hooked(house, { types: ['webhook.disabled'] });
  receiver.answer = () => ({ status: 500 });
  await append(house.database, house.user, 'first');
  await house.deliver();
  for (const pause of retryPausesMilliseconds) {
    house.clock.advance(pause);
    await house.deliver();
  }
  expect((await findWebhook(house.client, house.database.db, id))?.disabledReason).toBe('KEEPS_FAILING');
  expect(watcher.receiver.received.map(({ event }) => [event.type, event.userId, event.data])).toEqual([
    ['webhook.disabled', null, { webhookId: publicId('Webhook', id), reason: 'KEEPS_FAILING' }],
  ]);
  receiver.answer = () => ({ status: 200 });
  receiver.received.length = 0;
  await append(house.database, house.user, 'while disabled');
  await house.deliver();
  expect(receiver.received).toEqual([]);
  await testWebhook(house.actions, house.client, id);
  await house.deliver();
  expect(marksOf(receiver)).toEqual(['webhook.tested']);
  await updateWebhook(house.actions, house.client, id, { isEnabled: true });
  await house.deliver();
  expect(marksOf(receiver).toSorted()).toContain('while disabled');
});

test('410 Gone disables at once', async () => {
  const house = await deliveryHouse();
  const { receiver, id } = await hooked(house);
  receiver.answer = () => ({ status: 410 });
  await append(house.database, house.user, 'a');
  await house.deliver();
  expect(await findWebhook(house.client, house.database.db, id)).toMatchObject({
    status: 'DISABLED',
    disabledReason: 'GONE',
  });
});
