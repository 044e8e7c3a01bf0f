import { readFile } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { createQueue } from '../../src/actions/create-queue.ts';
import { eventTypes, type NewEvent, type NewSetUpEvent } from '../../src/domain/event.ts';
import { startEventReader } from '../../src/events/event-reader.ts';
import { defaultConsumer, pollQueue } from '../../src/events/queue.ts';
import type { StreamItem } from '../../src/events/stream.ts';
import { toWireEvent } from '../../src/events/wire-event.ts';
import { parseGlobalId } from '../../src/graphql/global-id.ts';
import { schema } from '../../src/graphql/schema.ts';
import { eventTypeName } from '../../src/graphql/types/event.ts';
import { newId } from '../../src/kernel/id.ts';
import { inSetUpTransaction, inUserTransaction } from '../../src/store/log.ts';
import { sampledAt, samples } from './event-samples.ts';
import { deliveryHouse, hooked } from './webhook-support.ts';

const at = sampledAt;
const all = eventTypes.map((type) => ({ type, facts: samples[type] })) as NewEvent[];
const setUp = all.filter(({ type }) => /^(category_rule|queue|webhook)\./.test(type)) as NewSetUpEvent[];

test('queue, webhook and subscription deliver the same ids, types, facts, cursors and sequences of every type', async () => {
  const house = await deliveryHouse({ maxConnections: 10 });
  const reader = await startEventReader({ database: house.database });
  onTestFinished(() => reader.close());
  const queue = await createQueue(house.actions, house.client, { name: null, types: [], after: null });
  const { receiver } = await hooked(house);
  const stream = await reader.stream(house.client, { after: null });
  await inUserTransaction(house.database, house.user, ({ append }) => append(at, ...all));
  await inSetUpTransaction(house.database, house.client, ({ append }) => append(at, ...setUp));

  const total = all.length + setUp.length;
  const streamed: unknown[] = [];
  while (streamed.length < total) {
    const item = (await stream.next()).value as StreamItem;
    if (item.type === 'lagged') throw new Error('The stream lags.');
    // Its place is now, and a client's may be a little earlier.
    if (item.occurredAt.getTime() === at.getTime()) streamed.push(toWireEvent(item));
  }
  await house.deliver();
  const ofTest = ({ occurredAt }: { occurredAt: string }) => occurredAt === at.toISOString();
  const pushed = receiver.received
    .map(({ event: { previousEventId, ...event } }) => {
      expect(previousEventId === null || parseGlobalId(previousEventId)?.typeName === 'Event').toBe(true);
      return event;
    })
    .filter(ofTest);
  const options = { consumer: defaultConsumer, limit: 100, after: null, waiting: null };
  const batch = await pollQueue(house.database, reader, house.client, queue, options);
  const polled = batch.events.map(toWireEvent).filter(ofTest);
  expect(polled).toEqual(streamed);
  expect(pushed.toSorted(byPlace(polled))).toEqual(streamed);
  expect(streamed).toMatchObject(
    [...all, ...setUp].map(({ type }, index) => ({
      type,
      userId: index < all.length ? expect.any(String) : null,
      ...(index < all.length ? { sequence: String(index + 1) } : {}),
    })),
  );
});

function byPlace(order: readonly { id: string }[]) {
  const places = new Map(order.map(({ id }, index) => [id, index]));
  return (left: { id: string }, right: { id: string }) => places.get(left.id)! - places.get(right.id)!;
}

test('every id on the wire is the global id that GraphQL gives and takes', () => {
  const ids: [name: string, id: string][] = [];
  const collect = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, inner] of Object.entries(value)) {
      if (name.endsWith('Id') && typeof inner === 'string') ids.push([name, inner]);
      else collect(inner);
    }
  };
  for (const event of all) {
    const envelope = { id: newId('event', at), clientId: newId('client', at), userId: newId('user', at) };
    collect(toWireEvent({ ...event, ...envelope, sequence: 1n, cursor: 'c', occurredAt: at } as never).data);
  }
  expect(ids.length).toBeGreaterThan(20);
  expect(ids.filter(([name, id]) => `${parseGlobalId(id)?.typeName}Id`.toLowerCase() !== name.toLowerCase())).toEqual(
    [],
  );
});

test('the README lists exactly the catalogue', async () => {
  const text = await readFile(new URL('../../src/events/README.md', import.meta.url), 'utf8');
  const [, catalogue = ''] = /## Catalogue\n([^]*?)\n## /.exec(text) ?? [];
  const rows = catalogue.split('\n').filter((line) => line.startsWith('| `'));
  const listed = rows.flatMap((row) => [...row.split('|')[1]!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!));
  expect(listed.toSorted()).toEqual([...eventTypes].toSorted());
});

test('every event has a GraphQL type of its own', () => {
  const missing = eventTypes.filter((type) => !schema.getType(eventTypeName(type)));
  expect(missing).toEqual([]);
});
