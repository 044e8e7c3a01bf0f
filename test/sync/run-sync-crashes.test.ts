import { describe, expect, it } from 'vitest';
import { cancelSync } from '../../src/actions/cancel-sync.ts';
import { requestSync } from '../../src/actions/request-sync.ts';
import { accounts, challenges, events } from '../../src/store/schema/tables.ts';
import { leaseMilliseconds } from '../../src/sync/run.ts';
import { runSync } from '../../src/sync/run-sync.ts';
import { dyingAt } from '../support/dying-database.ts';
import { challenged, psu, signInWorld, type SignInWorld } from '../support/signed-in-bank.ts';

const never = () => new AbortController().signal;

/** Runs with a worker that dies at this commit, lets its lease run out, and takes the sync up until it waits or ends. */
async function killed(world: SignInWorld, commits: number, when: 'before' | 'after'): Promise<string> {
  const dying = { ...world.context, database: dyingAt(world.database, commits, when) };
  await runSync(dying, world.scope, world.syncId, never()).catch(() => {});
  world.clock.advance(leaseMilliseconds);
  return world.run();
}

/** What must hold whatever died when: one open challenge at most, no secret left, sequences without a gap. */
async function expectWhole({ database }: SignInWorld) {
  const rows = await database.db.select().from(challenges);
  expect(rows.filter(({ status }) => status === 'OPEN').length).toBeLessThanOrEqual(1);
  for (const { status, sealedAnswer, sealedSession } of rows) {
    if (status !== 'OPEN') expect([sealedAnswer, sealedSession]).toEqual([null, null]);
  }
  const told = await database.db.select({ sequence: events.sequence }).from(events).orderBy(events.sequence);
  expect(told.map(({ sequence }) => sequence)).toEqual(told.map((_, index) => BigInt(index + 1)));
}

describe('a worker that dies', () => {
  it('at any commit of a sign-in with a challenge leaves one that another worker finishes', async () => {
    for (let commits = 1; commits <= 14; commits += 1) {
      const when = commits % 2 === 0 ? 'before' : 'after';
      const world = await signInWorld();
      // The bank asks a code of everybody who begins, and takes any.
      world.bank.before = (call) => {
        if (call === 'begin') world.bank.signIns = [challenged(world, 'OTP', { expiresAt: new Date('2027-01-01') })];
      };
      let result = await killed(world, commits, when);
      const seen = [when, commits];
      for (let asked = 0; result === 'WAITING_FOR_USER' && asked < 3; asked += 1) {
        await world.answer('123456');
        result = asked === 0 ? await killed(world, commits, when) : await world.run();
      }
      if (result === 'ENDED') result = (await world.rows()).sync.status;
      expect([...seen, result]).toEqual([...seen, 'SUCCEEDED']);
      await expectWhole(world);
      expect(await world.database.db.select().from(accounts)).toHaveLength(1);
      const types = await world.eventTypes();
      expect(types.filter((type) => type === 'sync.succeeded')).toHaveLength(1);
      expect(types.filter((type) => type === 'consent.granted')).toHaveLength(1);
      const count = (type: string) => types.filter((one) => one === type).length;
      expect(count('challenge.closed')).toBe(count('challenge.requested'));
      const sent = world.bank.given.filter(({ answer }) => answer !== null).map(({ request }) => request.state);
      expect(new Set(sent).size).toBe(sent.length);
      await world.database[Symbol.asyncDispose]();
    }
    // Fourteen syncs, each begun twice: half a minute is not enough on a machine that is busy.
  }, 120_000);

  it('with an answer in its hands loses it: the bank is asked anew, never answered twice', async () => {
    const world = await signInWorld();
    world.bank.signIns = [challenged(world, 'OTP', { expiresAt: new Date('2027-01-01') })];
    await world.run();
    await world.answer('123456');
    const asleep = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    world.bank.before = async (call) => {
      if (call !== 'proceed') return;
      reached.resolve();
      await asleep.promise;
    };
    const first = world.run();
    await reached.promise;
    world.bank.before = () => {};
    world.bank.signIns = [challenged(world, 'OTP', { expiresAt: new Date('2027-01-01') })];
    world.clock.advance(leaseMilliseconds);
    expect(await world.run()).toBe('WAITING_FOR_USER');
    expect(world.bank.calls.map(({ call }) => call)).toEqual(['begin', 'proceed', 'begin']);
    asleep.resolve();
    expect(await first).toBe('LOST');
    const rows = await world.database.db.select().from(challenges);
    expect(rows.map(({ status, outcome }) => [status, outcome])).toContainEqual(['ANSWERED', 'LOST']);
    expect(rows.map(({ status }) => status)).toContain('OPEN');
    await expectWhole(world);
    await world.answer('654321');
    expect(await world.run()).toBe('SUCCEEDED');
  });
});

describe('a cancelled sync', () => {
  it('that waits takes its challenge with it, and leaves the connection as it was', async () => {
    const world = await signInWorld();
    world.bank.signIns = [challenged(world, 'OTP')];
    await world.run();
    await cancelSync(world.context, world.scope, world.syncId);
    const { sync, connection } = await world.rows();
    expect(sync).toMatchObject({ status: 'CANCELLED', psu: null, resumeAt: null, finishedAt: world.clock.now() });
    expect(connection).toMatchObject({ status: 'AUTHORIZING', lastSyncStatus: 'NONE' });
    expect(await world.challenge()).toMatchObject({ status: 'CANCELLED', sealedSession: null });
    expect((await world.eventTypes()).slice(-2)).toEqual(['challenge.closed', 'sync.cancelled']);
    await expect(world.answer('123456')).rejects.toMatchObject({ code: 'CONFLICT' });
    const told = await world.eventTypes();
    await cancelSync(world.context, world.scope, world.syncId);
    expect(await world.eventTypes()).toEqual(told);
    expect(await world.run()).toBe('ENDED');
  });

  it('that runs is lost to its worker at the next commit; the next one is new', async () => {
    const world = await signInWorld();
    world.bank.before = async (call) => {
      if (call === 'accounts') await cancelSync(world.context, world.scope, world.syncId);
    };
    expect(await world.run()).toBe('LOST');
    expect((await world.rows()).sync.status).toBe('CANCELLED');
    expect(await world.database.db.select().from(accounts)).toEqual([]);
    expect((await world.eventTypes()).at(-1)).toBe('sync.cancelled');
    world.bank.before = () => {};
    const { connectionId, context, scope } = world;
    const input = { connectionId, type: 'ALL', trigger: 'ON_DEMAND', psu } as const;
    const next = await requestSync(context, scope, input);
    expect(next.isNew).toBe(true);
    expect(await world.run(next.syncId)).toBe('SUCCEEDED');
  });

  it('tells of the connection what the sync before it had told', async () => {
    const world = await signInWorld();
    await world.run();
    world.clock.advance(1_000);
    const { connectionId, context, scope } = world;
    const input = { connectionId, type: 'ALL', trigger: 'ON_DEMAND', psu } as const;
    const { syncId } = await requestSync(context, scope, input);
    world.bank.before = async (call) => {
      if (call === 'begin') await cancelSync(context, scope, syncId);
    };
    expect(await world.run(syncId)).toBe('LOST');
    expect((await world.rows()).connection).toMatchObject({ status: 'ACTIVE', lastSyncStatus: 'SUCCESS' });
  });
});
