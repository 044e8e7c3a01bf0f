import { expect, it } from 'vitest';
import { requestSync } from '../../src/actions/request-sync.ts';
import { syncs } from '../../src/store/schema/tables.ts';
import { runSync } from '../../src/sync/run-sync.ts';
import { linkedBank } from '../support/linked-bank.ts';
import { challenged, signInWorld } from '../support/signed-in-bank.ts';

it.each([
  ['in time', 30 * 60_000, true],
  ['half an hour later', 30 * 60_000 + 1, false],
])('a person who asked is present when the worker comes %s: %s ms', async (_, milliseconds, isAttended) => {
  const { context, scope, connection, clock, bank, database } = await linkedBank();
  const psu = { ipAddress: '192.0.2.1' };
  const input = { connectionId: connection.id, type: 'ALL', trigger: 'ON_DEMAND', psu } as const;
  const { syncId } = await requestSync(context, scope, input);
  expect(await database.db.select().from(syncs)).toMatchObject([{ psu, psuSeenAt: clock.now() }]);
  clock.advance(milliseconds);
  expect(await runSync(context, scope, syncId, new AbortController().signal)).toBe('SUCCEEDED');
  expect(new Set(bank.calls.map((call) => call.isAttended))).toEqual(new Set([isAttended]));
});

it('an answer brings the person back: what follows it is attended, however old the request', async () => {
  const world = await signInWorld();
  const expiresAt = new Date(world.clock.now().getTime() + 3_600_000);
  world.bank.signIns = [challenged(world, 'OTP', { expiresAt })];
  expect(await world.run()).toBe('WAITING_FOR_USER');
  world.clock.advance(40 * 60_000);
  await world.answer('123456');
  world.clock.advance(10 * 60_000);
  expect(await world.run()).toBe('SUCCEEDED');
  expect(world.bank.calls.every(({ isAttended }) => isAttended)).toBe(true);
});

it('an app that is asked for longer than a person is present is waited for all the same, and read without him', async () => {
  const world = await signInWorld();
  const expiresAt = new Date(world.clock.now().getTime() + 3_600_000);
  const asked = challenged(world, 'APP_APPROVAL', { expiresAt });
  world.bank.signIns = [asked, asked];
  expect(await world.run()).toBe('WAITING_FOR_USER');
  world.clock.advance(31 * 60_000);
  expect(await world.run()).toBe('WAITING_FOR_USER');
  world.clock.advance(60_000);
  expect(await world.run()).toBe('SUCCEEDED');
  expect(world.bank.calls.slice(1).some(({ isAttended }) => isAttended)).toBe(false);
});
