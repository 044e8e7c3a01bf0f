import { and, eq, ne } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { deleteConnection } from '../../src/actions/delete-connection.ts';
import { requestSync } from '../../src/actions/request-sync.ts';
import { Failure } from '../../src/domain/failure.ts';
import {
  accounts,
  channels,
  connections,
  consents,
  events,
  syncSteps,
  syncs,
  transactions,
} from '../../src/store/schema/tables.ts';
import { runSync } from '../../src/sync/run-sync.ts';
import { leaseMilliseconds } from '../../src/sync/run.ts';
import { bankAccount, bankTransaction, booked } from '../support/fake-connector.ts';
import { dyingAt } from '../support/dying-database.ts';
import { linkedBank, type LinkedBank } from '../support/linked-bank.ts';

const never = () => new AbortController().signal;
const days = (bookedOn: string, amount = '-3.20') => bankTransaction({ bookedOn, money: { amount, currency: 'EUR' } });

async function ledger({ database }: LinkedBank) {
  const rows = await database.db.select().from(transactions).where(ne(transactions.status, 'VOID'));
  return rows.map((row) => `${row.bookedOn} ${row.amount}`).toSorted();
}

async function requested({ context, scope, connection }: LinkedBank) {
  const input = { connectionId: connection.id, type: 'ALL', trigger: 'ON_DEMAND', psu: null } as const;
  return (await requestSync(context, scope, input)).syncId;
}

describe('a sync', () => {
  it('reads every account, tells each step in order, and plans the next one', async () => {
    const world = await linkedBank();
    world.bank.transactions = {
      'bank-account-1': [days('2026-02-20'), days('2026-02-20'), days('2026-03-01', '-9.00')],
    };
    world.bank.balances = { 'bank-account-1': [booked('EXPECTED', '1.00'), booked('INTERIM_BOOKED', '90.00')] };
    const { syncId, result } = await world.sync();
    expect(result).toBe('SUCCEEDED');
    expect(await ledger(world)).toEqual(['2026-02-20 -3.20', '2026-02-20 -3.20', '2026-03-01 -9.00']);
    expect(await world.eventTypes()).toEqual([
      'sync.queued',
      'sync.started',
      'sync.progressed',
      'sync.progressed',
      'sync.progressed',
      'account.created',
      'sync.progressed',
      'sync.progressed',
      'transactions.changed',
      'account.updated',
      'sync.progressed',
      'sync.progressed',
      'sync.progressed',
      'sync.succeeded',
    ]);
    const [account] = await world.database.db.select().from(accounts);
    expect(account).toMatchObject({
      balanceAmount: '90.00',
      balanceType: 'INTERIM_BOOKED',
      coveredFrom: '2025-12-02',
      status: 'ACTIVE',
    });
    const [sync] = await world.database.db.select().from(syncs).where(eq(syncs.id, syncId));
    expect(sync).toMatchObject({
      status: 'SUCCEEDED',
      progressPercent: 100,
      counts: { created: 3, updated: 0, voided: 0, unchanged: 0 },
    });
    const [connection] = await world.database.db.select().from(connections);
    expect(connection).toMatchObject({ status: 'ACTIVE', lastSyncStatus: 'SUCCESS', lastSyncedAt: world.clock.now() });
    const hours = (connection!.nextSyncAt!.getTime() - world.clock.now().getTime()) / 3_600_000;
    expect(hours).toBeGreaterThanOrEqual(4);
    expect(hours).toBeLessThan(29);
  });

  it('run again rewrites no row and says nothing about transactions', async () => {
    const world = await linkedBank();
    world.bank.transactions = { 'bank-account-1': [days('2026-02-20'), days('2026-03-01')] };
    await world.sync();
    const before = await world.database.sql`select xmin::text, id from transactions order by id`;
    expect((await world.sync()).result).toBe('SUCCEEDED');
    expect(await world.database.sql`select xmin::text, id from transactions order by id`).toEqual(before);
    expect((await world.eventTypes()).filter((type) => type === 'transactions.changed')).toHaveLength(1);
  });

  it('names the account that failed and reads the others', async () => {
    const world = await linkedBank();
    world.bank.accounts = [
      bankAccount(),
      bankAccount({ bankAccountId: 'second', iban: null, otherIdentification: '42' }),
    ];
    world.bank.transactions = { second: [days('2026-03-01')] };
    world.bank.before = (call, id) => {
      if (call === 'balances' && id === 'bank-account-1') throw new Failure('BANK_ERROR');
    };
    const { syncId, result } = await world.sync();
    expect(result).toBe('PARTIALLY_SUCCEEDED');
    expect(await ledger(world)).toEqual(['2026-03-01 -3.20']);
    const rows = await world.database.db.select().from(accounts).orderBy(accounts.bankAccountId);
    expect(rows.map((row) => [row.status, row.failure?.code])).toEqual([
      ['ERROR', 'BANK_ERROR'],
      ['ACTIVE', undefined],
    ]);
    const [event] = await world.database.db.select().from(events).where(eq(events.type, 'sync.partially_succeeded'));
    expect(event?.facts).toMatchObject({
      syncId,
      failures: [{ accountId: rows[0]!.id, failure: { code: 'BANK_ERROR' } }],
    });
  });

  it('takes a connector that throws nonsense for its own bug, on that account alone', async () => {
    const world = await linkedBank();
    world.bank.before = (call) => {
      if (call === 'transactions') throw new TypeError('x is undefined');
    };
    expect((await world.sync()).result).toBe('FAILED');
    const [account] = await world.database.db.select().from(accounts);
    expect(account).toMatchObject({ status: 'ERROR', failure: { code: 'CONNECTOR_BUG' } });
  });

  it('ends in ACTION_REQUIRED when the bank has ended the consent, and loses nothing', async () => {
    const world = await linkedBank();
    world.bank.transactions = { 'bank-account-1': [days('2026-03-01')] };
    await world.sync();
    world.bank.consent = { status: 'REVOKED' };
    expect((await world.sync()).result).toBe('ACTION_REQUIRED');
    expect(await ledger(world)).toEqual(['2026-03-01 -3.20']);
    const [consent] = await world.database.db.select().from(consents);
    const [channel] = await world.database.db.select().from(channels);
    const [connection] = await world.database.db.select().from(connections);
    expect([consent?.status, channel?.status, connection?.status]).toEqual([
      'REVOKED',
      'ACTION_REQUIRED',
      'ACTION_REQUIRED',
    ]);
    expect(connection).toMatchObject({ nextSyncAt: null, failure: { code: 'CONSENT_REVOKED_AT_BANK' } });
    expect((await world.eventTypes()).slice(-6)).toEqual([
      'consent.revoked',
      'channel.status_changed',
      'connection.status_changed',
      'sync.progressed',
      'sync.progressed',
      'sync.action_required',
    ]);
    await expect(world.sync()).rejects.toMatchObject({ code: 'CONSENT_REVOKED_AT_BANK' });
  });

  it('knows an account again under another bank id', async () => {
    const world = await linkedBank();
    world.bank.transactions = { 'bank-account-1': [days('2026-03-01')], renewed: [days('2026-03-01')] };
    await world.sync();
    const [before] = await world.database.db.select().from(accounts);
    world.bank.accounts = [bankAccount({ bankAccountId: 'renewed' })];
    await world.sync();
    const rows = await world.database.db.select().from(accounts);
    expect(rows.map((row) => [row.id, row.bankAccountId])).toEqual([[before!.id, 'renewed']]);
    expect(await ledger(world)).toHaveLength(1);
  });

  it('states a balance that does not add up, and succeeds', async () => {
    const world = await linkedBank();
    world.bank.transactions = { 'bank-account-1': [days('2026-02-20')] };
    world.bank.balances = { 'bank-account-1': [booked('INTERIM_BOOKED', '100.00')] };
    await world.sync();
    world.bank.transactions = { 'bank-account-1': [days('2026-02-20'), days('2026-03-01', '-10.00')] };
    world.bank.balances = { 'bank-account-1': [booked('INTERIM_BOOKED', '91.00')] };
    const { syncId, result } = await world.sync();
    expect(result).toBe('SUCCEEDED');
    const [step] = await world.database.db
      .select()
      .from(syncSteps)
      .where(and(eq(syncSteps.syncId, syncId), eq(syncSteps.kind, 'CHECK_BOOKS')));
    expect(step).toMatchObject({ status: 'SUCCEEDED', failure: { code: 'BALANCE_DRIFT' } });
  });
});

describe('one open sync', () => {
  it('is joined by every other request, however many at once', async () => {
    const world = await linkedBank();
    const ids = await Promise.all(Array.from({ length: 8 }, () => requested(world)));
    expect(new Set(ids).size).toBe(1);
    expect(await world.eventTypes()).toEqual(['sync.queued']);
  });

  it('is worked on by one worker', async () => {
    const world = await linkedBank();
    const syncId = await requested(world);
    const results = await Promise.all([1, 2, 3].map(() => runSync(world.context, world.scope, syncId, never())));
    expect(results.toSorted()).toEqual(['HELD', 'HELD', 'SUCCEEDED']);
  });
});

describe('a worker that dies', () => {
  it('is replaced when its lease has run out, and can write nothing when it wakes up', async () => {
    const world = await linkedBank();
    world.bank.transactions = { 'bank-account-1': [days('2026-03-01')] };
    const asleep = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    world.bank.before = async (call) => {
      if (call !== 'transactions') return;
      world.bank.before = () => {};
      reached.resolve();
      await asleep.promise;
    };
    const syncId = await requested(world);
    const first = runSync(world.context, world.scope, syncId, never());
    await reached.promise;
    expect(await runSync(world.context, world.scope, syncId, never())).toBe('HELD');
    world.clock.advance(leaseMilliseconds);
    expect(await runSync(world.context, world.scope, syncId, never())).toBe('SUCCEEDED');
    const told = await world.eventTypes();
    asleep.resolve();
    expect(await first).toBe('LOST');
    expect(await world.eventTypes()).toEqual(told);
    expect(await ledger(world)).toEqual(['2026-03-01 -3.20']);
  });

  it('before or after any commit leaves a sync that another one finishes, with each event once', async () => {
    const calm = await linkedBank();
    fill(calm);
    await calm.sync();
    const expected = await calm.eventTypes();
    for (let commits = 1; commits <= 12; commits += 1) {
      const when = commits % 2 === 0 ? 'before' : 'after';
      const world = await linkedBank();
      fill(world);
      const syncId = await requested(world);
      const dying = { ...world.context, database: dyingAt(world.database, commits, when) };
      await runSync(dying, world.scope, syncId, never()).catch(() => {});
      world.clock.advance(leaseMilliseconds);
      const result = await runSync(world.context, world.scope, syncId, never());
      expect([when, commits, ['SUCCEEDED', 'ENDED'].includes(result)]).toEqual([when, commits, true]);
      expect(await world.eventTypes()).toEqual(expected);
      expect(await ledger(world)).toEqual(await ledger(calm));
      await world.database[Symbol.asyncDispose]();
    }
  });

  it('too often makes the sync fail, with the operator to act', async () => {
    const world = await linkedBank();
    const syncId = await requested(world);
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      const dying = { ...world.context, database: dyingAt(world.database, 2, 'before') };
      await runSync(dying, world.scope, syncId, never()).catch(() => {});
      world.clock.advance(leaseMilliseconds);
    }
    expect(await runSync(world.context, world.scope, syncId, never())).toBe('FAILED');
    const [sync] = await world.database.db.select().from(syncs);
    expect(sync).toMatchObject({ status: 'FAILED', failure: { code: 'CONNECTOR_BUG' } });
  });
});

it('is handed back between two commits when the worker must stop, without using up an attempt', async () => {
  const world = await linkedBank();
  const stopping = new AbortController();
  world.bank.before = (call) => {
    if (call === 'balances') stopping.abort(new Error('stop'));
  };
  const syncId = await requested(world);
  expect(await runSync(world.context, world.scope, syncId, stopping.signal)).toBe('HANDED_BACK');
  const [sync] = await world.database.db.select().from(syncs);
  expect(sync).toMatchObject({ status: 'RUNNING', attempt: 1, pauseCount: 1 });
  world.bank.before = () => {};
  expect(await runSync(world.context, world.scope, syncId, never())).toBe('SUCCEEDED');
});

it('stops silently when its connection is deleted meanwhile', async () => {
  const world = await linkedBank();
  world.bank.before = async (call) => {
    if (call === 'transactions') await deleteConnection(world.context, world.scope, world.connection.id);
  };
  const syncId = await requested(world);
  expect(await runSync(world.context, world.scope, syncId, never())).toBe('LOST');
  expect(await world.database.db.select().from(accounts)).toEqual([]);
  expect((await world.eventTypes()).at(-1)).toBe('connection.deleted');
});

function fill({ bank }: LinkedBank) {
  bank.transactions = { 'bank-account-1': [days('2026-02-20'), days('2026-02-20'), days('2026-03-01')] };
}
