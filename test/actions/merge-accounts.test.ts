import { eq } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { closeAccount } from '../../src/actions/close-account.ts';
import { mergeAccounts } from '../../src/actions/merge-accounts.ts';
import { updateAccount } from '../../src/actions/update-account.ts';
import { updateTransaction } from '../../src/actions/update-transaction.ts';
import {
  accounts,
  auditEntries,
  balances,
  channels,
  connections,
  transactions,
  unattendedCalls,
} from '../../src/store/schema/tables.ts';
import { readTransactionChanges } from '../../src/store/transaction-changes.ts';
import { spendCalls } from '../../src/store/unattended-calls.ts';
import { dump } from '../security/dump.ts';
import { decision, relistedBank } from './relisted-bank.ts';

const texts = (rows: readonly (typeof transactions.$inferSelect)[]) =>
  rows.map(({ id, datedOn, amount, status }) => `${id} ${datedOn} ${amount} ${status}`);

describe('an account that is another one', () => {
  test('gives it what the bank says, and every transaction keeps its id', async () => {
    const { a, x, merge, rows, account, db, standings } = await decision();
    expect(await standings()).toEqual([
      'a NOT_FOUND ACCOUNT_MAPPING_REQUIRED',
      'b NOT_FOUND ACCOUNT_MAPPING_REQUIRED',
      'x ACTIVE',
    ]);
    const [rentA, ghostA, ...coffees] = await rows(a.id);
    const [, , , groceriesX, salaryX] = await rows(x.id);
    await merge();
    const merged = await account('x');
    const { id, createdAt, coveredFrom } = a;
    expect(merged).toEqual({ ...x, id, createdAt, coveredFrom, updatedAt: merged.updatedAt });
    expect(await db.$count(accounts, eq(accounts.id, x.id))).toBe(0);
    expect(texts(await rows(a.id))).toEqual([
      `${rentA!.id} 2026-02-05 -900.00 BOOKED`,
      `${ghostA!.id} 2026-02-12 -7.00 VOID`,
      ...coffees.map(({ id }) => `${id} 2026-02-20 -3.20 BOOKED`),
      `${groceriesX!.id} 2026-02-25 -31.40 BOOKED`,
      `${salaryX!.id} 2026-03-03 2300.00 BOOKED`,
    ]);
    expect((await rows(a.id))[0]).toMatchObject({ bankTransactionId: 'r9', matchedOn: 'CONTENT' });
    expect((await rows(a.id))[1]).toMatchObject({ voidReason: 'BANK_CORRECTION', supersededBy: null });
    expect(await rows(x.id)).toEqual([]);
    expect(await db.select({ accountId: balances.accountId, amount: balances.amount }).from(balances)).toEqual(
      expect.arrayContaining([{ accountId: a.id, amount: '2375.60' }]),
    );
    expect(await db.$count(balances, eq(balances.accountId, a.id))).toBe(1);
  });

  test('is read on under its id by the next sync, which changes nothing and finds the books in order', async () => {
    const { a, merge, rows, account, sync, db, clock, connection } = await decision();
    await merge();
    const before = await rows(a.id);
    clock.advance(3_600_000);
    const { result, syncId } = await sync();
    expect(result).toBe('SUCCEEDED');
    expect(await rows(a.id)).toEqual(before);
    expect(await account('x')).toMatchObject({ id: a.id, status: 'ACTIVE', lastSyncedAt: clock.now() });
    expect(await db.$count(accounts)).toBe(2);
    expect(await db.$count(channels, eq(channels.status, 'ACTIVE'))).toBe(1);
    expect(await db.$count(connections, eq(connections.id, connection.id))).toBe(1);
    const step = await db.query.syncSteps.findFirst({ where: { syncId, kind: 'READ_ACCOUNT' } });
    expect(step).toMatchObject({ accountId: a.id, failure: null, counts: { created: 0, updated: 0, voided: 0 } });
  });

  test('is told once by the log, with what changed, and by the audit trail', async () => {
    const { a, x, merge, toldAfter, lastSequence, connection, db, account, scope } = await decision();
    const [before, b] = [await lastSequence(), await account('b')];
    await merge();
    const of = { connectionId: connection.id, accountId: a.id };
    expect(await toldAfter(before)).toEqual([
      { type: 'account.deleted', facts: { connectionId: connection.id, accountId: x.id } },
      {
        type: 'account.updated',
        facts: {
          ...of,
          changed: ['name', 'status', 'failure', 'balance', 'balanceAt', 'lastSyncedAt'],
        },
      },
      {
        type: 'transactions.changed',
        // The rent has another id at the bank, and two rows are moved.
        facts: { ...of, counts: { created: 0, updated: 3, voided: 1, unchanged: 2 }, oldestChangedOn: '2026-02-05' },
      },
      { type: 'account.updated', facts: { ...of, accountId: b.id, changed: ['failure'] } },
    ]);
    expect(await account('b')).toMatchObject({ status: 'NOT_FOUND', failure: { code: 'ACCOUNT_NOT_FOUND' } });
    const audited = await db.select().from(auditEntries).where(eq(auditEntries.action, 'account.merge'));
    expect(audited.map(({ subject }) => subject)).toEqual([{ ...of, mergedAccountId: x.id, userId: scope.userId }]);
  });

  test('keeps what the person decided, and takes over what he decided of the new one alone', async () => {
    const { a, x, merge, rows, context, scope, account } = await decision();
    const [rentA, , coffeeA] = await rows(a.id);
    const [rentX, coffeeX, otherX] = await rows(x.id);
    const [leisure, travel] = ['EATING_OUT_RESTAURANT', 'INCOME_SALARY'].map((categoryKey) => ({ categoryKey }));
    await updateAccount(context, scope, { accountId: a.id, label: 'Household' });
    await updateAccount(context, scope, { accountId: x.id, label: 'New', usage: 'PROFESSIONAL' });
    await updateTransaction(context, scope, { transactionId: coffeeA!.id, ...leisure, notes: 'first' });
    await updateTransaction(context, scope, { transactionId: coffeeX!.id, ...travel, notes: 'second' });
    await updateTransaction(context, scope, { transactionId: otherX!.id, label: 'With Bob' });
    await updateTransaction(context, scope, { transactionId: rentX!.id, ...travel, notes: 'raised' });
    await merge();
    expect(await account('x')).toMatchObject({ label: 'Household', decidedUsage: 'PROFESSIONAL' });
    const [rentNow, , ...coffees] = await rows(a.id);
    expect(rentNow).toMatchObject({
      id: rentA!.id,
      ...travel,
      categorySource: 'USER',
      modelCategoryKey: rentA!.categoryKey,
      label: 'Loyer',
      notes: 'raised',
    });
    expect(coffees.find(({ id }) => id === coffeeA!.id)).toMatchObject({ ...leisure, notes: 'first' });
    expect(coffees.map(({ label }) => label)).toContain('With Bob');
    expect(coffees.find(({ label }) => label === 'With Bob')).toMatchObject({
      labelSource: 'USER',
      providerLabel: 'Café de Flore',
    });
  });

  test('brings along its void rows, whose successors are those that stay', async () => {
    const { a, x, merge, rows, db } = await decision();
    const [rentA] = await rows(a.id);
    const [rentX, , , groceriesX] = await rows(x.id);
    await db
      .update(transactions)
      .set({ status: 'VOID', voidReason: 'VANISHED', supersededBy: rentX!.id })
      .where(eq(transactions.id, groceriesX!.id));
    await merge();
    expect((await rows(a.id)).find(({ id }) => id === groceriesX!.id)).toMatchObject({
      status: 'VOID',
      supersededBy: rentA!.id,
    });
  });

  test('is what the settlements settled, and what the calls without the person were made of', async () => {
    const { a, x, merge, rows, account, db, database, scope, connection, clock, toldAfter, lastSequence } =
      await decision();
    const [b, before] = [await account('b'), await lastSequence()];
    const [payment] = await rows(b.id);
    await db.update(transactions).set({ settledCardId: x.id }).where(eq(transactions.id, payment!.id));
    const rule = { limit: 4, countedBy: 'RESOURCE', window: 'ROLLING_DAY', timeZone: 'UTC' } as const;
    const spend = async (group: string) => {
      clock.advance(1000);
      const once = { ...rule, callsPerListing: 1, callsPerReport: 1 };
      await spendCalls(scope, database, connection.channelId, once, [{ group, calls: 1 }], clock.now());
    };
    for (const group of [`balances:${a.id}`, `balances:${x.id}`, `transactions:${x.id}`, 'accounts'])
      await spend(group);
    await merge();
    expect((await rows(b.id))[0]).toMatchObject({ settledCardId: a.id });
    expect(await toldAfter(before)).toContainEqual({
      type: 'transactions.changed',
      facts: {
        connectionId: connection.id,
        accountId: b.id,
        counts: { created: 0, updated: 1, voided: 0, unchanged: 0 },
        oldestChangedOn: '2026-02-25',
      },
    });
    const spent = await db.select().from(unattendedCalls).orderBy(unattendedCalls.group);
    expect(spent.map(({ group, calledAt }) => [group, calledAt.length])).toEqual([
      ['accounts', 1],
      [`balances:${a.id}`, 2],
      [`transactions:${a.id}`, 1],
    ]);
  });

  test('reaches a mirror as a deletion and then as rows, however small its pages are', async () => {
    const { a, x, merge, rows, database, scope } = await decision();
    const all = await readTransactionChanges(database, scope, { after: null, limit: 100 });
    const mirror = new Map<string, string>();
    for (const row of [...(await rows(a.id)), ...(await rows(x.id))]) mirror.set(row.id, row.accountId);
    await merge();
    const kinds: string[] = [];
    for (let after = all.changes.at(-1)!.cursor; ;) {
      const { changes } = await readTransactionChanges(database, scope, { after, limit: 1 });
      const [change] = changes;
      if (!change) break;
      after = change.cursor;
      kinds.push(change.kind);
      if ('transactionId' in change) mirror.set(change.transactionId, a.id);
      if (change.kind === 'ACCOUNT_DELETED')
        for (const [id, accountId] of mirror) if (accountId === change.accountId) mirror.delete(id);
    }
    expect(kinds.toSorted()).toEqual(['ACCOUNT_DELETED', 'UPDATED', 'UPDATED', 'UPDATED', 'VOIDED']);
    expect(kinds[0]).toBe('ACCOUNT_DELETED');
    const kept = (await rows(a.id)).map(({ id }) => id);
    expect([...mirror.keys()].toSorted()).toEqual(kept.toSorted());
  });

  test('is merged whole or not at all: what fails in the middle leaves everything as it was', async () => {
    const { a, x, context, scope, database, merge, rows } = await decision();
    const before = await dump(database);
    const dying = {
      ...context,
      mergeLedgers: async (...given: Parameters<typeof context.mergeLedgers>) => {
        await context.mergeLedgers(...given);
        throw new Error('The process died.');
      },
    };
    await expect(mergeAccounts(dying, scope, { accountId: a.id, mergedAccountId: x.id })).rejects.toThrow('died');
    expect(await dump(database)).toEqual(before);
    await merge();
    expect(await rows(a.id)).toHaveLength(6);
  });

  test('may be merged after its person had said that the old one was closed', async () => {
    const { a, merge, context, scope, account } = await decision();
    await closeAccount(context, scope, a.id);
    await merge();
    expect(await account('x')).toMatchObject({ id: a.id, status: 'ACTIVE', failure: null });
  });
});

describe('while a sync', () => {
  test('reads the account that goes, nothing more is written of it, and the one that stays is read in its place', async () => {
    const { bank, sync, account, rows, db, context, scope } = await relistedBank({ isListed: false });
    bank.before = async (call, bankAccountId) => {
      if (call !== 'transactions' || bankAccountId !== 'x') return;
      bank.before = () => {};
      const [a, x] = [await account('a'), await account('x')];
      await mergeAccounts(context, scope, { accountId: a.id, mergedAccountId: x.id });
    };
    const [a, known] = [await account('a'), await rows((await account('a')).id)];
    const { syncId, result } = await sync();
    expect(result).toBe('SUCCEEDED');
    expect(await account('x')).toMatchObject({ id: a.id, status: 'ACTIVE', balanceAmount: '2375.60' });
    const merged = await rows(a.id);
    expect(merged.map(({ amount, status }) => `${amount} ${status}`)).toEqual([
      '-900.00 BOOKED',
      // It stands before all that a sync compares, which has read the account before.
      '-7.00 BOOKED',
      '-3.20 BOOKED',
      '-3.20 BOOKED',
      '-31.40 BOOKED',
      '2300.00 BOOKED',
    ]);
    expect(merged.map(({ id }) => id)).toEqual(expect.arrayContaining(known.map(({ id }) => id)));
    const b = await account('b');
    expect(await db.$count(transactions)).toBe(merged.length + (await rows(b.id)).length);
    const steps = await db.query.syncSteps.findMany({
      where: { syncId, kind: 'READ_ACCOUNT' },
      orderBy: { position: 'asc' },
    });
    expect(steps.map(({ status, accountId }) => [status, accountId === a.id])).toEqual([
      ['SKIPPED', false],
      ['SUCCEEDED', true],
    ]);
  });

  test('is about to read it, the sync reads the one that stays', async () => {
    const { bank, sync, account, db, context, scope, clock } = await relistedBank({ isListed: false });
    // Only the list of this sync is answered; the reading comes after the person's answer.
    bank.before = async (call) => {
      if (call !== 'balances') return;
      bank.before = () => {};
      const [b, x, y] = [await account('b'), await account('x'), await account('y')];
      expect(clock.now() > b.createdAt && x.createdAt.getTime() === y.createdAt.getTime()).toBe(true);
      await mergeAccounts(context, scope, { accountId: b.id, mergedAccountId: y.id });
    };
    bank.accounts = [...bank.accounts, { ...bank.accounts[0]!, bankAccountId: 'y', name: 'y' }];
    const b = await account('b');
    const { syncId, result } = await sync();
    expect(result).toBe('SUCCEEDED');
    const step = await db.query.syncSteps.findFirst({ where: { syncId, accountId: b.id } });
    expect(step).toMatchObject({ status: 'SUCCEEDED' });
    expect(await account('y')).toMatchObject({ id: b.id, status: 'ACTIVE' });
    expect(await db.$count(accounts, eq(accounts.bankAccountId, 'y'))).toBe(1);
  });
});
