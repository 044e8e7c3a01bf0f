import { expect, it } from 'vitest';
import { deleteAccount } from '../../src/actions/delete-account.ts';
import { requestSync } from '../../src/actions/request-sync.ts';
import { accounts, syncSteps } from '../../src/store/schema/tables.ts';
import { runSync } from '../../src/sync/run-sync.ts';
import { bankAccount, type FakeCall } from '../support/fake-connector.ts';
import { linkedBank } from '../support/linked-bank.ts';

/** A connection with two accounts, one of which its person has deleted, and a planned sync of it. */
async function oneDeleted() {
  const world = await linkedBank();
  const { bank, context, scope, connection, database, clock } = world;
  bank.accounts = [bankAccount(), bankAccount({ bankAccountId: 'second', iban: null, otherIdentification: '2' })];
  await world.sync();
  const rows = await database.db.select().from(accounts);
  const second = rows.find(({ bankAccountId }) => bankAccountId === 'second');
  if (!second) throw new Error('The account is missing.');
  await deleteAccount(context, scope, second.id);
  clock.advance(1_000);
  const at = { connectionId: connection.id, psu: null };
  const { syncId } = await requestSync(context, scope, { ...at, type: 'ALL', trigger: 'SCHEDULED' });
  const listDuring = (call: FakeCall) => {
    bank.calls.length = 0;
    bank.before = async (current) => {
      if (current !== call) return;
      bank.before = () => {};
      const joined = await requestSync(context, scope, { ...at, type: 'LIST_ACCOUNTS', trigger: 'ON_DEMAND' });
      expect(joined).toEqual({ syncId, isNew: false });
    };
  };
  const run = () => runSync(context, scope, syncId, new AbortController().signal);
  const isBack = async () => (await database.db.select().from(accounts)).every(({ deletedAt }) => deletedAt === null);
  const calls = (call: FakeCall) => bank.calls.filter((one) => one.call === call).length;
  return { ...world, syncId, run, listDuring, isBack, calls };
}

it('a wish to list the accounts that meets a sync past its list is granted by it, and reads nothing twice', async () => {
  const world = await oneDeleted();
  world.listDuring('balances');
  expect(await world.run()).toBe('SUCCEEDED');
  expect(await world.isBack()).toBe(true);
  expect([world.calls('accounts'), world.calls('balances')]).toEqual([2, 2]);
  const steps = await world.database.db.select().from(syncSteps).orderBy(syncSteps.position);
  expect(steps.filter((step) => step.syncId === world.syncId).map(({ kind }) => kind)).toEqual([
    'CHECK_CONSENT',
    'LIST_ACCOUNTS',
    'READ_ACCOUNT',
    'LIST_ACCOUNTS',
    'READ_ACCOUNT',
    'CHECK_BOOKS',
  ]);
});

it('a wish that comes before the list costs no second one', async () => {
  const world = await oneDeleted();
  world.listDuring('consent');
  expect(await world.run()).toBe('SUCCEEDED');
  expect(await world.isBack()).toBe(true);
  expect([world.calls('accounts'), world.calls('balances')]).toEqual([1, 2]);
});

it('a wish that meets a list on its way has it asked again: the answer may be older than the wish', async () => {
  const world = await oneDeleted();
  world.listDuring('accounts');
  expect(await world.run()).toBe('SUCCEEDED');
  expect(await world.isBack()).toBe(true);
  expect([world.calls('accounts'), world.calls('balances')]).toEqual([2, 2]);
});

it('a wish to read what a sync reads already changes nothing', async () => {
  const world = await oneDeleted();
  const { context, scope, connection } = world;
  world.bank.before = async (call) => {
    if (call !== 'balances') return;
    await requestSync(context, scope, { connectionId: connection.id, type: 'ALL', trigger: 'ON_DEMAND', psu: null });
  };
  world.bank.calls.length = 0;
  expect(await world.run()).toBe('SUCCEEDED');
  expect(world.calls('accounts')).toBe(1);
  expect(await world.isBack()).toBe(false);
});
