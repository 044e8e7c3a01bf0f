import { expect, test } from 'vitest';
import { replayWebhook } from '../../src/actions/replay-webhook.ts';
import { testWebhook } from '../../src/actions/test-webhook.ts';
import { retryPausesMilliseconds } from '../../src/domain/webhook.ts';
import type { WebhookId } from '../../src/kernel/id.ts';
import { append } from './log-support.ts';
import { deliveryHouse, hooked, marksOf, type DeliveryHouse } from './webhook-support.ts';

/** Kind, status and attempts of each delivery of the events of tests to this endpoint. */
async function deliveriesOfTests({ database }: DeliveryHouse, id: WebhookId): Promise<string[]> {
  const rows = await database.sql`
    select concat_ws(' ', delivery.kind, delivery.status, delivery.attempts) as text
    from webhook_deliveries as delivery join events on events.id = delivery.event_id
    where delivery.webhook_id = ${id} and events.type = 'webhook.tested'`;
  return rows.map((row) => String(row['text']));
}

async function deliverForThreeDays(house: DeliveryHouse): Promise<void> {
  await house.deliver();
  for (const pause of retryPausesMilliseconds) {
    house.clock.advance(pause);
    await house.deliver();
  }
}

test.each([
  { isOrdered: false, types: [] },
  { isOrdered: true, types: [] },
  { isOrdered: false, types: ['webhook.tested'] },
] as const)('the endpoint that is tested gets the test once, and it is tried once: %o', async (options) => {
  const house = await deliveryHouse();
  const { receiver, id } = await hooked(house, options);
  receiver.answer = () => ({ status: 500 });
  await testWebhook(house.actions, house.client, id);
  await deliverForThreeDays(house);
  expect(marksOf(receiver)).toEqual(['webhook.tested']);
  expect(await deliveriesOfTests(house, id)).toEqual(['TEST FAILED 1']);
});

test('other endpoints get the test of one as their filter says, and again when it fails', async () => {
  const house = await deliveryHouse();
  const tested = await hooked(house);
  const watcher = await hooked(house, { types: ['webhook.tested'] });
  const other = await hooked(house, { types: ['account.updated'] });
  tested.receiver.received.length = 0;
  watcher.receiver.answer = () => ({ status: watcher.receiver.received.length === 1 ? 500 : 200 });
  await testWebhook(house.actions, house.client, tested.id);
  await deliverForThreeDays(house);
  expect(marksOf(tested.receiver)).toEqual(['webhook.tested']);
  expect(marksOf(watcher.receiver)).toEqual(['webhook.tested', 'webhook.tested']);
  expect(await deliveriesOfTests(house, watcher.id)).toEqual(['LIVE SUCCEEDED 2']);
  expect(marksOf(other.receiver)).toEqual([]);
});

test('the chain of events passes a test by, whether they were read in one page or one by one', async () => {
  const house = await deliveryHouse();
  const { user, database } = house;
  const { receiver, id } = await hooked(house, { scope: user });
  receiver.answer = ({ event }) => ({ status: event.data['changed']?.toString() === 'c' ? 500 : 200 });
  await append(database, user, 'a');
  await house.deliver();
  await testWebhook(house.actions, user, id);
  await house.deliver();
  await append(database, user, 'b');
  await testWebhook(house.actions, user, id);
  await append(database, user, 'c');
  await house.deliver();
  house.clock.advance(retryPausesMilliseconds[0]);
  await house.deliver();
  const idOf = (mark: string) =>
    receiver.received.find(({ event }) => event.data['changed']?.toString() === mark)!.event.id;
  const chain = receiver.received.flatMap(({ event }) =>
    event.type === 'webhook.tested' ? [] : [[event.id, event.previousEventId]],
  );
  expect(chain.slice(1)).toEqual([
    [idOf('b'), idOf('a')],
    [idOf('c'), idOf('b')],
    [idOf('c'), idOf('b')],
  ]);
});

test('a replay of failures or of a time leaves tests out; one that names the test sends it', async () => {
  const house = await deliveryHouse();
  const { actions, client } = house;
  const { receiver, id } = await hooked(house, { types: ['webhook.tested'] });
  receiver.answer = () => ({ status: 500 });
  const testId = await testWebhook(actions, client, id);
  await house.deliver();
  receiver.received.length = 0;
  const nothing = { eventIds: null, from: null, until: null, isFailedOnly: false };
  expect(await replayWebhook(actions, client, id, { ...nothing, isFailedOnly: true })).toBe(0);
  expect(await replayWebhook(actions, client, id, { ...nothing, from: house.clock.now() })).toBe(0);
  expect(await replayWebhook(actions, client, id, { ...nothing, eventIds: [testId] })).toBe(1);
  receiver.answer = () => ({ status: 200 });
  await house.deliver();
  expect(marksOf(receiver)).toEqual(['webhook.tested']);
});
