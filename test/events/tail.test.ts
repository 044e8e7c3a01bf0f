import { expect, test } from 'vitest';
import { openTail } from '../../src/events/tail.ts';
import type { ReadStream } from '../../src/events/tail-reads.ts';
import type { PlacedEvent } from '../../src/store/log-of-users.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { testDatabase } from '../support/database.ts';
import { makeClient, makeUser } from './log-support.ts';

/** A tail of an empty stream, whose reads are told by the test. */
async function house() {
  const database = await testDatabase();
  const scope = await makeUser(database, await makeClient(database));
  const looks = { latest: 'first look', earlier: 'none' };
  const reads: ReadStream[] = [];
  const tail = await openTail(
    { database, windowEvents: 100, looks, readOn: (stream) => void reads.push(stream), log: silentLog },
    scope,
  );
  return { tail, reads, looks };
}

/** An event of this transaction; nothing but its place matters here. */
function placed(xid: bigint): PlacedEvent {
  const event = {
    id: 'evt_00000000000000000000000001',
    type: 'unknown',
    name: 'of.this.test',
    facts: { connectionId: null },
  } as unknown as PlacedEvent['event'];
  return { place: { xid, position: 1n }, event };
}

test('a transaction that a look finds while the read that brings it is under way is not read again', async () => {
  const { tail, reads, looks } = await house();
  tail.wake();
  tail.began();
  tail.wake(5n);
  looks.earlier = looks.latest;
  looks.latest = 'second look';
  tail.settle('first look', 'second look');
  tail.take([placed(5n)]);
  tail.ended('first look', false, false);
  tail.wake(5n);
  // It stands with the others, which are read in one go: what the second look has found it has.
  expect([reads.length, tail.seen]).toEqual([1, 'second look']);
});

test('a transaction that the read under way did not bring is read, from where that read began', async () => {
  const { tail, reads, looks } = await house();
  tail.wake();
  tail.began();
  looks.latest = 'second look';
  tail.wake(6n);
  tail.take([placed(5n)]);
  tail.ended('first look', false, false);
  expect([reads.length, tail.seen]).toEqual([2, 'first look']);
  tail.began();
  tail.take([placed(6n)]);
  tail.ended('second look', false, false);
  expect([reads.length, tail.seen]).toEqual([2, 'second look']);
});

test('a wake-up that does not say of what is one further read, unless the read has not begun', async () => {
  const { tail, reads } = await house();
  tail.wake();
  tail.wake();
  tail.began();
  tail.take([placed(5n)]);
  tail.ended('first look', false, false);
  expect(reads.length).toBe(1);
  tail.wake();
  tail.began();
  tail.wake();
  tail.wake();
  tail.ended('first look', false, false);
  expect(reads.length).toBe(3);
  tail.began();
  tail.ended('first look', false, false);
  expect(reads.length).toBe(3);
});
