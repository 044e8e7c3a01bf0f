import { createPublicKey, verify } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { createWebhook } from '../../src/actions/create-webhook.ts';
import { deleteWebhook } from '../../src/actions/delete-webhook.ts';
import { rotateWebhookSecret } from '../../src/actions/rotate-webhook-secret.ts';
import { rotationOverlapMilliseconds } from '../../src/domain/webhook.ts';
import { publicId } from '../../src/events/wire-event.ts';
import { findWebhook } from '../../src/store/webhooks.ts';
import { openReceiver, type Received } from '../support/receiver.ts';
import { append, makeClient, makeUser } from './log-support.ts';
import { clientScope, deliveryHouse, hooked, marksOf, wholeLog, type DeliveryHouse } from './webhook-support.ts';

function verifies(secret: string, { body, headers }: Received): boolean {
  try {
    new Webhook(secret).verify(body, headers as Record<string, string>);
    return true;
  } catch {
    return false;
  }
}

function verifiesByKey(publicKey: string, { body, headers }: Received): boolean {
  const raw = Buffer.from(publicKey.replace('whpk_', ''), 'base64').toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw }, format: 'jwk' });
  const signed = Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`);
  return String(headers['webhook-signature'])
    .split(' ')
    .filter((signature) => signature.startsWith('v1a,'))
    .some((signature) => verify(null, signed, key, Buffer.from(signature.slice(4), 'base64')));
}

async function publicKeyOf({ database, client }: DeliveryHouse, id: Parameters<typeof findWebhook>[2]) {
  return (await findWebhook(client, database.db, id))!.publicKey;
}

test('pushes each event once with its id, facts and place, and tells the one before', async () => {
  const house = await deliveryHouse();
  const { receiver } = await hooked(house);
  await append(house.database, house.user, 'a', 'b');
  await house.deliver();
  const log = await wholeLog(house.database, house.user);
  const sorted = receiver.received.toSorted((left, right) => left.event.sequence.localeCompare(right.event.sequence));
  expect(sorted.map(({ event }) => event)).toEqual(
    log.map((event, index) => ({
      id: publicId('Event', event.id),
      type: 'account.updated',
      occurredAt: event.occurredAt.toISOString(),
      sequence: String(index + 1),
      cursor: event.cursor,
      userId: publicId('User', house.user.userId),
      data: expect.objectContaining({ changed: [index === 0 ? 'a' : 'b'] }),
      previousEventId: index === 0 ? null : publicId('Event', log[0]!.id),
    })),
  );
  expect(sorted.map(({ headers }) => headers['webhook-id'])).toEqual(log.map((event) => publicId('Event', event.id)));
  await house.deliver();
  expect(receiver.received).toHaveLength(2);
});

test('the standardwebhooks library verifies the signature, and a key of the type the other one', async () => {
  const house = await deliveryHouse();
  const { receiver, id, secret } = await hooked(house);
  await append(house.database, house.user, 'a');
  await house.deliver();
  const [received] = receiver.received;
  expect(verifies(secret, received!)).toBe(true);
  expect(verifies(secret, { ...received!, body: `${received!.body} ` })).toBe(false);
  const publicKey = await publicKeyOf(house, id);
  expect(verifiesByKey(publicKey, received!)).toBe(true);
  expect(verifiesByKey(publicKey, { ...received!, body: '{}' })).toBe(false);
});

test('after a rotation both secrets and both keys verify for a day, then only the new ones', async () => {
  const house = await deliveryHouse();
  const { receiver, id, secret: before } = await hooked(house);
  const keyBefore = await publicKeyOf(house, id);
  const { secret: after } = await rotateWebhookSecret(house.actions, house.client, id);
  const keyAfter = await publicKeyOf(house, id);
  await append(house.database, house.user, 'a');
  await house.deliver();
  const during = receiver.received.at(-1)!;
  expect([verifies(before, during), verifies(after, during)]).toEqual([true, true]);
  expect([verifiesByKey(keyBefore, during), verifiesByKey(keyAfter, during)]).toEqual([true, true]);

  // The time of the signature must be that of the library, so the old secret is made a day older instead.
  await house.database.sql`
    update webhooks set previous_secret_expires_at =
      previous_secret_expires_at - ${rotationOverlapMilliseconds} * interval '1 millisecond'`;
  await append(house.database, house.user, 'b');
  await house.deliver();
  const later = receiver.received.at(-1)!;
  expect([verifies(before, later), verifies(after, later)]).toEqual([false, true]);
  expect([verifiesByKey(keyBefore, later), verifiesByKey(keyAfter, later)]).toEqual([false, true]);
});

test('an endpoint gets what its filter wants, of its user only, and the place before in that', async () => {
  const house = await deliveryHouse();
  const other = await makeUser(house.database, house.client.clientId);
  const { receiver } = await hooked(house, { scope: house.user, types: ['account.updated'] });
  const unwanted = await hooked(house, { types: ['sync.failed'] });
  await append(house.database, house.user, 'a');
  await append(house.database, other, 'not this');
  await append(house.database, house.user, 'b');
  await house.deliver();
  expect(marksOf(receiver).toSorted()).toEqual(['a', 'b']);
  const b = receiver.received.find(({ event }) => event.data['changed']?.toString() === 'b')!;
  const a = receiver.received.find(({ event }) => event.data['changed']?.toString() === 'a')!;
  expect([b.event.previousEventId, a.event.previousEventId]).toEqual([a.event.id, null]);
  expect(unwanted.receiver.received).toEqual([]);
});

test.each([
  { types: [], heard: ['webhook.created', 'a'] },
  { types: ['webhook.created'], heard: ['webhook.created'] },
  { types: ['account.updated'], heard: ['a'] },
] as const)('an endpoint hears that it was added where its filter wants it: $types', async ({ types, heard }) => {
  const house = await deliveryHouse();
  const { actions, user, database } = house;
  const receiver = await openReceiver();
  // In order, so that the list is one of times too.
  await createWebhook(actions, user, { url: receiver.url, types, isOrdered: true, after: null });
  await append(database, user, 'a');
  await house.deliver();
  expect(marksOf(receiver)).toEqual(heard);
});

test('another client’s endpoint gets nothing', async () => {
  const house = await deliveryHouse();
  const stranger = clientScope(await makeClient(house.database));
  const foreign = await hooked(house, { scope: stranger });
  const own = await hooked(house);
  await append(house.database, house.user, 'a');
  await house.deliver();
  expect([marksOf(own.receiver), marksOf(foreign.receiver)]).toEqual([['a'], []]);
});

test('a deleted endpoint gets nothing more', async () => {
  const house = await deliveryHouse();
  const { receiver, id } = await hooked(house);
  await append(house.database, house.user, 'a');
  await deleteWebhook(house.actions, house.client, id);
  await house.deliver();
  expect(receiver.received).toEqual([]);
});
