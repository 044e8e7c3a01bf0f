import fc from 'fast-check';
import { expect, test } from 'vitest';
import { retryPausesMilliseconds } from '../../src/domain/webhook.ts';
import type { Receiver } from '../support/receiver.ts';
import { append, makeUser } from './log-support.ts';
import { deliveryHouse, hooked, marksOf } from './webhook-support.ts';

/** What a receiver has accepted, in its order, with repetitions left out. */
function acceptedBy(receiver: Receiver, accepts: (mark: string) => boolean): string[] {
  const accepted: string[] = [];
  receiver.answer = ({ event }) => {
    const mark = (event.data['changed'] as string[]).join(',');
    if (!accepts(mark)) return { status: 500 };
    if (!accepted.includes(mark)) accepted.push(mark);
    return { status: 200 };
  };
  return accepted;
}

test('an ordered endpoint gets the events of one user in order whatever fails; other users do not wait', async () => {
  const house = await deliveryHouse();
  const other = await makeUser(house.database, house.client.clientId);
  const { receiver } = await hooked(house, { isOrdered: true, types: ['account.updated'] });
  let isBroken = true;
  const accepted = acceptedBy(receiver, (mark) => mark !== 'a1' || !isBroken);
  await append(house.database, house.user, 'a0', 'a1', 'a2');
  await append(house.database, other, 'b0', 'b1');
  await house.deliver();
  await append(house.database, house.user, 'a3');
  await append(house.database, other, 'b2');
  await house.deliver();
  expect(accepted.filter((mark) => mark.startsWith('a'))).toEqual(['a0']);
  expect(accepted.filter((mark) => mark.startsWith('b'))).toEqual(['b0', 'b1', 'b2']);
  expect(marksOf(receiver).filter((mark) => mark === 'a1')).toHaveLength(1);
  isBroken = false;
  house.clock.advance(retryPausesMilliseconds[0]);
  await house.deliver();
  expect(accepted.filter((mark) => mark.startsWith('a'))).toEqual(['a0', 'a1', 'a2', 'a3']);
});

test('with random failures and two workers each user’s events are accepted in order, and the chain has no gap', async () => {
  const house = await deliveryHouse({ maxConnections: 10 });
  const other = await makeUser(house.database, house.client.clientId);
  const { receiver } = await hooked(house, { isOrdered: true, types: ['account.updated'] });
  await fc.assert(
    fc.asyncProperty(fc.infiniteStream(fc.integer({ min: 0, max: 3 })), async (dice) => {
      receiver.received.length = 0;
      const accepted = acceptedBy(receiver, () => dice.next().value !== 0);
      const marks = Array.from({ length: 12 }, (_, index) => String(index));
      for (const mark of marks) {
        await append(house.database, house.user, `a${mark}`);
        await append(house.database, other, `b${mark}`);
      }
      for (let hours = 0; accepted.length < 2 * marks.length && hours < 200; hours += 6) {
        await Promise.all([house.deliver(), house.deliver()]);
        house.clock.advance(6 * 3_600_000);
      }
      for (const user of ['a', 'b']) {
        expect(accepted.filter((mark) => mark.startsWith(user))).toEqual(marks.map((mark) => user + mark));
      }
      const chain = new Map(receiver.received.map(({ event }) => [event.id, event.previousEventId]));
      const ends = [...chain.values()].filter((previous) => previous === null || !chain.has(previous));
      expect(ends).toHaveLength(2);
    }),
    { numRuns: 5 },
  );
});

test('who misses an event sees it by the id of the one before', async () => {
  const house = await deliveryHouse();
  const { receiver } = await hooked(house, { types: ['account.updated'] });
  await append(house.database, house.user, 'a', 'b', 'c');
  await house.deliver();
  const seen = receiver.received.filter(({ event }) => event.data['changed']?.toString() !== 'b');
  const ids = new Set(seen.map(({ event }) => event.id));
  const gaps = seen.filter(({ event }) => event.previousEventId !== null && !ids.has(event.previousEventId));
  expect(gaps.map(({ event }) => event.data['changed'])).toEqual([['c']]);
});
