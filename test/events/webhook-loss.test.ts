import { expect, test } from 'vitest';
import { cleanUp } from '../../src/actions/clean-up.ts';
import { updateWebhook } from '../../src/actions/update-webhook.ts';
import type { Scope } from '../../src/domain/viewer.ts';
import { deliverRound, leaseMilliseconds } from '../../src/events/deliver.ts';
import { publicId } from '../../src/events/wire-event.ts';
import { millisecondsPerDay } from '../../src/kernel/clock.ts';
import { newId, type WebhookId } from '../../src/kernel/id.ts';
import { inUserTransaction } from '../../src/store/log.ts';
import { readLog } from '../../src/store/log-reader.ts';
import { claimDeliveries } from '../../src/store/webhook-deliveries.ts';
import { findWebhook, placeOfWebhook } from '../../src/store/webhooks.ts';
import { append, connection, makeUser, marked } from './log-support.ts';
import { deliveryHouse, hooked, marksOf, wholeLog, type DeliveryHouse } from './webhook-support.ts';

async function appendNow({ database, clock, user }: DeliveryHouse, ...marks: string[]): Promise<void> {
  await inUserTransaction(database, user, (transaction) => transaction.append(clock.now(), ...marks.map(marked)));
}

async function forget({ actions, clock }: DeliveryHouse): Promise<void> {
  clock.advance(402 * millisecondsPerDay);
  await cleanUp(actions, { eventDays: 400 });
}

/** An endpoint that was disabled while 'a' and 'b', but not the deletion between, were lost; 'c' is kept. */
async function losingHouse(options: { isOrdered?: boolean; isOfUser?: boolean } = {}) {
  const house = await deliveryHouse({ maxConnections: 10 });
  const { actions, database, user, client, clock } = house;
  const scope: Scope = options.isOfUser ? user : client;
  const endpoint = await hooked(house, { ...options, scope, types: ['account.updated', 'account.deleted'] });
  await updateWebhook(actions, scope, endpoint.id, { isEnabled: false });
  await append(database, user, 'a');
  await inUserTransaction(database, user, (transaction) =>
    transaction.append(clock.now(), {
      type: 'account.deleted',
      facts: { connectionId: connection, accountId: newId('account', clock.now()) },
    }),
  );
  await append(database, user, 'b');
  const last = (await wholeLog(database, user)).at(-1)!.cursor;
  await forget(house);
  await appendNow(house, 'c');
  await updateWebhook(actions, scope, endpoint.id, { isEnabled: true });
  return { ...house, ...endpoint, house, scope, last };
}

/** Events of this type in the whole log. */
async function told({ database, client }: Pick<DeliveryHouse, 'database' | 'client'>) {
  return (await wholeLog(database, client)).filter(({ type }) => type === 'webhook.events_lost');
}

const placeOf = async ({ database }: DeliveryHouse, scope: Scope, id: WebhookId) =>
  placeOfWebhook((await findWebhook(scope, database.db, id))!);

test.each([true, false])(
  'an endpoint (of one user: %s) is told once of what it has lost, whatever its filter, then goes on with what is kept',
  async (isOfUser) => {
    const { house, receiver, id, scope, last } = await losingHouse({ isOfUser });
    const before = await placeOf(house, scope, id);
    await house.deliver();
    expect(marksOf(receiver)[0]).toBe('webhook.events_lost');
    expect(marksOf(receiver).slice(1).toSorted()).toEqual(['account.deleted', 'c']);
    const [event] = await told(house);
    expect(receiver.received[0]!.event).toMatchObject({
      id: publicId('Event', event!.id),
      userId: isOfUser ? publicId('User', house.user.userId) : null,
      data: { webhookId: publicId('Webhook', id), lostAfter: before, lostUpTo: last },
    });
    await appendNow(house, 'd');
    await house.deliver();
    expect(marksOf(receiver).slice(3)).toEqual(['d']);
    expect(await told(house)).toHaveLength(1);
  },
);

test('one that wants all gets it once, and those of other users and of what was lost before hear nothing', async () => {
  const house = await deliveryHouse();
  const quiet = await makeUser(house.database, house.user.clientId);
  const all = await hooked(house);
  const ofQuiet = await hooked(house, { scope: quiet });
  await house.deliver();
  all.receiver.received.length = 0;
  await append(house.database, house.user, 'a');
  await forget(house);
  await append(house.database, quiet, 'x');
  const later = await hooked(house);
  const marks = marksOf(all.receiver);
  expect(marks[0]).toBe('webhook.events_lost');
  expect(marks.toSorted()).toEqual(['webhook.created', 'webhook.events_lost', 'x']);
  await appendNow(house, 'b');
  await house.deliver();
  expect(marksOf(ofQuiet.receiver)).toEqual(['x']);
  expect(marksOf(later.receiver)).toEqual(['b']);
  expect(await told(house)).toHaveLength(1);
});

test('what is lost later is told again', async () => {
  const { house, receiver, id, scope } = await losingHouse({ isOfUser: true });
  await house.deliver();
  await updateWebhook(house.actions, scope, id, { isEnabled: false });
  await appendNow(house, 'd');
  await forget(house);
  await updateWebhook(house.actions, scope, id, { isEnabled: true });
  receiver.received.length = 0;
  await house.deliver();
  expect(marksOf(receiver)).toEqual(['webhook.events_lost']);
});

test('of workers that find it at once one tells it', async () => {
  const { house, receiver } = await losingHouse();
  await Promise.all([house.deliver(), house.deliver(), house.deliver(), house.deliver()]);
  await house.deliver();
  expect(marksOf(receiver).toSorted()).toEqual(['account.deleted', 'c', 'webhook.events_lost']);
  expect(await told(house)).toHaveLength(1);
});

test('a crash before its commit has told nothing and moved nothing; the next round tells it', async () => {
  const { house, receiver, id, scope } = await losingHouse();
  const { sql } = house.database;
  const before = await findWebhook(scope, house.database.db, id);
  await sql`create function die() returns trigger language plpgsql as $$ begin raise exception 'died'; end $$`;
  await sql`create trigger die before insert on webhook_deliveries for each row execute function die()`;
  await expect(deliverRound(house.delivery, scope, id)).rejects.toMatchObject({ cause: { message: 'died' } });
  expect(await told(house)).toEqual([]);
  expect(await findWebhook(scope, house.database.db, id)).toEqual(before);
  await sql`drop trigger die on webhook_deliveries`;
  await house.deliver();
  expect(marksOf(receiver)[0]).toBe('webhook.events_lost');
  expect(await told(house)).toHaveLength(1);
});

test('a worker that dies while it sends it leaves it to another, which sends the same event', async () => {
  const { house, receiver, id, scope } = await losingHouse();
  const dying = { ...house.delivery, sender: { ...house.delivery.sender, post: dyingPost } };
  async function dyingPost(...request: Parameters<typeof house.delivery.sender.post>): Promise<never> {
    await house.delivery.sender.post(...request);
    throw new Error('kill -9');
  }
  await expect(deliverRound(dying, scope, id)).rejects.toThrow('kill -9');
  house.clock.advance(leaseMilliseconds);
  await house.deliver();
  const ids = receiver.received.flatMap(({ event }) => (event.type === 'webhook.events_lost' ? event.id : []));
  expect(ids).toHaveLength(2);
  expect(new Set(ids)).toEqual(new Set((await told(house)).map((event) => publicId('Event', event.id))));
});

test('what is lost between the reading of a page and its hand-out is seen: nothing is handed out', async () => {
  const house = await deliveryHouse();
  const { database, client, clock } = house;
  const { id } = await hooked(house, { types: ['account.updated'] });
  await append(database, house.user, 'a');
  clock.advance(402 * millisecondsPerDay);
  await appendNow(house, 'b');
  const after = await placeOf(house, client, id);
  const { events } = await readLog(database, client, { after, limit: 10 });
  expect(events).toHaveLength(2);
  await cleanUp(house.actions, { eventDays: 400 });
  const claim = {
    now: clock.now(),
    token: 'round',
    leasedUntil: clock.now(),
    inFlightMax: 10,
    handOut: { after, upTo: events.at(-1)!.cursor, events },
  };
  const before = await findWebhook(client, database.db, id);
  expect(await claimDeliveries(client, database, id, claim)).toBe('EVENTS_LOST');
  expect(await findWebhook(client, database.db, id)).toEqual(before);
  expect([...(await database.sql`select * from webhook_deliveries`)]).toEqual([]);
});

test('at an ordered endpoint of one user what is kept waits until it has been told', async () => {
  const { house, receiver } = await losingHouse({ isOrdered: true, isOfUser: true });
  receiver.answer = () => ({ status: 503 });
  await house.deliver();
  await appendNow(house, 'd');
  await house.deliver();
  expect(marksOf(receiver)).toEqual(['webhook.events_lost']);
  receiver.answer = () => ({ status: 200 });
  receiver.received.length = 0;
  house.clock.advance(30_000);
  await house.deliver();
  expect(marksOf(receiver)).toEqual(['webhook.events_lost', 'account.deleted', 'c', 'd']);
});
