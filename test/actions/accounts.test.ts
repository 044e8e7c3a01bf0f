import { eq } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { deleteAccount } from '../../src/actions/delete-account.ts';
import { manageAccounts } from '../../src/actions/manage-accounts.ts';
import { requestSync } from '../../src/actions/request-sync.ts';
import { updateAccount } from '../../src/actions/update-account.ts';
import { newId } from '../../src/kernel/id.ts';
import { findLiveAccount } from '../../src/store/accounts.ts';
import {
  accounts,
  auditEntries,
  balances,
  channels,
  connections,
  consents,
  events,
  transactions,
} from '../../src/store/schema/tables.ts';
import { readTransactionChanges } from '../../src/store/transaction-changes.ts';
import { runSync } from '../../src/sync/run-sync.ts';
import { bankAccount, bankTransaction, booked } from '../support/fake-connector.ts';
import { linkedBank } from '../support/linked-bank.ts';

const never = new AbortController().signal;

/** A current account and a savings account, each with a transaction and a balance. */
async function twoAccounts() {
  const world = await linkedBank();
  const savings = { bankAccountId: 'bank-account-2', iban: 'FR1420041010050500013M02606', name: 'Livret A' };
  world.bank.accounts = [bankAccount(), bankAccount({ ...savings, type: 'SAVINGS' })];
  world.bank.transactions = {
    'bank-account-1': [bankTransaction()],
    'bank-account-2': [bankTransaction({ money: { amount: '1.00', currency: 'EUR' } })],
  };
  world.bank.balances = {
    'bank-account-1': [booked('CLOSING_BOOKED', '10.00')],
    'bank-account-2': [booked('CLOSING_BOOKED', '20.00')],
  };
  await world.sync('LIST_ACCOUNTS');
  const { db } = world.database;
  const read = async () => db.select().from(accounts).orderBy(accounts.bankAccountId);
  const [current, livret] = await read();
  return { ...world, db, read, current: current!, livret: livret! };
}

describe('deleting an account', () => {
  test('erases its transactions, its balances and what tells of its owner, and nothing of another account', async () => {
    const { context, scope, db, read, current, livret } = await twoAccounts();
    await deleteAccount(context, scope, livret.id);
    expect((await db.select().from(transactions)).map((row) => row.accountId)).toEqual([current.id]);
    expect((await db.select().from(balances)).map((row) => row.accountId)).toEqual([current.id]);
    const [kept, gone] = await read();
    expect(kept).toEqual(current);
    expect(gone).toMatchObject({ id: livret.id, name: '', ownerName: null, balanceAmount: null, lastSyncedAt: null });
    expect(await findLiveAccount(scope, db, livret.id)).toBeUndefined();
  });

  test('is told by the log, by the audit trail and by the list of changes', async () => {
    const { context, database, scope, db, livret, connection } = await twoAccounts();
    const before = (await readTransactionChanges(database, scope, { after: null, limit: 100 })).changes.at(-1)!.cursor;
    await deleteAccount(context, scope, livret.id);
    const [event] = await db.select().from(events).where(eq(events.type, 'account.deleted'));
    expect(event?.facts).toEqual({ connectionId: connection.id, accountId: livret.id });
    const { changes } = await readTransactionChanges(database, scope, { after: before, limit: 100 });
    expect(changes).toMatchObject([{ kind: 'ACCOUNT_DELETED', accountId: livret.id }]);
    const audited = await db.select().from(auditEntries).where(eq(auditEntries.action, 'account.delete'));
    expect(audited.map((entry) => entry.subject)).toMatchObject([{ accountId: livret.id }]);
  });

  test('lasts: a sync of type ALL leaves it alone, and LIST_ACCOUNTS brings it back under its id', async () => {
    const { context, scope, db, read, sync, livret } = await twoAccounts();
    await deleteAccount(context, scope, livret.id);
    await sync('ALL');
    expect((await read())[1]).toMatchObject({ id: livret.id, name: '' });
    expect(await db.$count(transactions, eq(transactions.accountId, livret.id))).toBe(0);
    await sync('LIST_ACCOUNTS');
    expect((await read())[1]).toMatchObject({
      id: livret.id,
      name: 'Livret A',
      deletedAt: null,
      balanceAmount: '20.00',
    });
    expect(await db.$count(transactions, eq(transactions.accountId, livret.id))).toBe(1);
  });

  test('twice answers NOT_FOUND, as another user’s does, and changes nothing', async () => {
    const { context, scope, read, livret } = await twoAccounts();
    await deleteAccount(context, scope, livret.id);
    const rows = await read();
    await expect(deleteAccount(context, scope, livret.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(deleteAccount(context, scope, newId('account', new Date(0)))).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await read()).toEqual(rows);
  });

  test('the last one ends the consent here and at the bank, and takes the connection with it', async () => {
    const { context, scope, database, db, current, livret, eventTypes } = await twoAccounts();
    await deleteAccount(context, scope, livret.id);
    expect(await db.$count(consents, eq(consents.status, 'ACTIVE'))).toBe(1);
    await deleteAccount(context, scope, current.id);
    for (const table of [accounts, channels, connections, consents, transactions])
      expect(await db.$count(table)).toBe(0);
    expect((await eventTypes()).slice(-4)).toEqual([
      'account.deleted',
      'consent.revoked',
      'channel.status_changed',
      'connection.deleted',
    ]);
    const jobs = await database.sql`select task_identifier from graphile_worker.jobs where key like 'revoke-consent:%'`;
    expect(jobs.length).toBe(1);
  });

  test('the last one of a channel empties that channel and leaves the other as it works', async () => {
    const { context, scope, db, current, livret, connection } = await twoAccounts();
    const [channel] = await db.select().from(channels);
    const second = { ...channel!, id: newId('channel', new Date(1)), kind: 'EMBEDDED' as const };
    await db.insert(channels).values({ ...second, sealedCredentials: new Uint8Array([1]) });
    await db.update(accounts).set({ channelId: second.id }).where(eq(accounts.id, livret.id));
    await deleteAccount(context, scope, livret.id);
    const [emptied] = await db.select().from(channels).where(eq(channels.id, second.id));
    expect(emptied).toMatchObject({ status: 'EMPTY', sealedSession: null, sealedCredentials: null });
    expect((await db.select().from(channels).where(eq(channels.id, connection.channelId)))[0]).toEqual(channel);
    expect(await db.$count(connections)).toBe(1);
    await deleteAccount(context, scope, current.id);
    expect(await db.$count(connections)).toBe(0);
  });

  test('while a sync reads it leaves nothing behind', async () => {
    const { context, scope, bank, db, connection, livret } = await twoAccounts();
    bank.transactions['bank-account-2'] = [bankTransaction({ money: { amount: '2.00', currency: 'EUR' } })];
    bank.before = async (call, bankAccountId) => {
      if (call !== 'transactions' || bankAccountId !== 'bank-account-2') return;
      bank.before = () => {};
      await deleteAccount(context, scope, livret.id);
    };
    const input = { connectionId: connection.id, type: 'ALL', trigger: 'ON_DEMAND', psu: null } as const;
    const { syncId } = await requestSync(context, scope, input);
    await runSync(context, scope, syncId, never);
    expect(await db.$count(transactions, eq(transactions.accountId, livret.id))).toBe(0);
    expect((await db.select().from(accounts).where(eq(accounts.id, livret.id)))[0]).toMatchObject({
      name: '',
      balanceAmount: null,
      lastSyncedAt: null,
    });
    expect(await db.$count(balances, eq(balances.accountId, livret.id))).toBe(0);
  });
});

describe('choosing the accounts of a connection', () => {
  test('keeps those that are named and erases the others', async () => {
    const { context, scope, read, current, livret, connection } = await twoAccounts();
    const gone = await manageAccounts(context, scope, { connectionId: connection.id, accountIds: [current.id] });
    expect(gone).toEqual([livret.id]);
    expect((await read()).map((row) => row.deletedAt === null)).toEqual([true, false]);
  });

  test('refuses an empty list, and a list with an account of another connection, and erases nothing', async () => {
    const { context, scope, read, current, connection } = await twoAccounts();
    const rows = await read();
    const choose = (accountIds: (typeof current.id)[]) =>
      manageAccounts(context, scope, { connectionId: connection.id, accountIds });
    await expect(choose([])).rejects.toMatchObject({ code: 'VALIDATION_FAILED', issues: [{ path: ['accountIds'] }] });
    await expect(choose([current.id, newId('account', new Date(0))])).rejects.toMatchObject({
      code: 'NOT_FOUND',
      issues: [{ path: ['accountIds', 1] }],
    });
    expect(await read()).toEqual(rows);
  });
});

describe('what a person decides of an account', () => {
  test('survives every sync, and null gives it back to the bank', async () => {
    const { context, scope, read, bank, sync, current } = await twoAccounts();
    await updateAccount(context, scope, { accountId: current.id, label: ' Household ', usage: 'PROFESSIONAL' });
    bank.accounts = bank.accounts.map((account) => ({ ...account, name: 'Renamed', usage: 'PERSONAL' as const }));
    await sync();
    const decided = { label: 'Household', decidedUsage: 'PROFESSIONAL', name: 'Renamed', usage: 'PERSONAL' };
    expect((await read())[0]).toMatchObject(decided);
    await updateAccount(context, scope, { accountId: current.id, label: null, usage: null });
    expect((await read())[0]).toMatchObject({ label: null, decidedUsage: null, name: 'Renamed' });
  });

  test('is told once, with what changed', async () => {
    const { context, scope, db, current } = await twoAccounts();
    const told = async () =>
      (await db.select().from(events).where(eq(events.type, 'account.updated'))).map((e) => e.facts);
    const before = (await told()).length;
    await updateAccount(context, scope, { accountId: current.id, label: 'Household' });
    await updateAccount(context, scope, { accountId: current.id, label: 'Household' });
    expect((await told()).slice(before)).toMatchObject([{ accountId: current.id, changed: ['label'] }]);
  });

  test.each([' ', 'x'.repeat(101)])('refuses the label %j', async (label) => {
    const { context, scope, read, current } = await twoAccounts();
    await expect(updateAccount(context, scope, { accountId: current.id, label })).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
    });
    expect((await read())[0]).toEqual(current);
  });
});
