import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { updateTransaction } from '../../src/actions/update-transaction.ts';
import { newId } from '../../src/kernel/id.ts';
import { events, transactions } from '../../src/store/schema/tables.ts';
import { bankTransaction } from '../support/fake-connector.ts';
import { linkedBank } from '../support/linked-bank.ts';
import { scopeOfRow } from '../../src/domain/viewer.ts';

async function oneTransaction() {
  const world = await linkedBank();
  world.bank.transactions = {
    'bank-account-1': [
      bankTransaction({
        bookedOn: '2026-03-01',
        bankText: 'CB MYSTERY',
        label: 'Mystery',
        merchantCategoryCode: '5812',
      }),
    ],
  };
  await world.sync();
  const read = async () => (await world.database.db.select().from(transactions))[0]!;
  return { ...world, read, transactionId: (await read()).id };
}

it('what a person decided survives every sync', async () => {
  const { context, scope, bank, sync, read, transactionId } = await oneTransaction();
  await updateTransaction(context, scope, {
    transactionId,
    categoryKey: 'GROCERIES_SUPERMARKET',
    label: ' Market ',
    notes: 'x',
  });
  bank.transactions = {
    'bank-account-1': [
      bankTransaction({ bookedOn: '2026-03-01', bankText: 'CB MYSTERY', label: 'Other', merchantCategoryCode: '5411' }),
    ],
  };
  await sync();
  expect(await read()).toMatchObject({
    id: transactionId,
    categoryKey: 'GROCERIES_SUPERMARKET',
    categorySource: 'USER',
    label: 'Market',
    labelSource: 'USER',
    notes: 'x',
    merchantCategoryCode: '5411',
  });
});

it('says what changed, once', async () => {
  const { context, scope, database, transactionId } = await oneTransaction();
  const input = { transactionId, categoryKey: 'GROCERIES_SUPERMARKET' };
  await updateTransaction(context, scope, input);
  await updateTransaction(context, scope, input);
  const rows = await database.db.select().from(events).where(eq(events.type, 'transaction.updated'));
  expect(rows.map((row) => row.facts)).toMatchObject([{ transactionId, changed: ['category'], source: 'USER' }]);
});

it('null gives the decision back to the model and the bank, at once', async () => {
  const { context, scope, sync, read, transactionId } = await oneTransaction();
  const { updatedAt: _, changedXid: __, ...before } = await read();
  expect(before.categorySource).toBe('MODEL');
  await updateTransaction(context, scope, { transactionId, categoryKey: 'GROCERIES_SUPERMARKET', label: 'Market' });
  await updateTransaction(context, scope, { transactionId, categoryKey: 'CASH_WITHDRAWAL', label: 'Cash' });
  await updateTransaction(context, scope, { transactionId, categoryKey: null, label: null });
  expect(await read()).toMatchObject(before);
  await sync();
  expect(await read()).toMatchObject(before);
});

it('null gives back what the model and the bank have said since', async () => {
  const { context, scope, bank, sync, read, transactionId } = await oneTransaction();
  await updateTransaction(context, scope, { transactionId, categoryKey: 'CASH_WITHDRAWAL', label: 'Cash' });
  bank.transactions = {
    'bank-account-1': [
      bankTransaction({ bookedOn: '2026-03-01', bankText: 'CB MYSTERY', label: 'Other', merchantCategoryCode: '5411' }),
    ],
  };
  await sync();
  expect(await read()).toMatchObject({ label: 'Cash', categoryKey: 'CASH_WITHDRAWAL' });
  await updateTransaction(context, scope, { transactionId, categoryKey: null, label: null });
  expect(await read()).toMatchObject({
    label: 'Other',
    labelSource: 'PROVIDER',
    providerLabel: null,
    categoryKey: 'GROCERIES_SUPERMARKET',
    categorySource: 'MODEL',
    modelCategoryKey: null,
  });
});

it('null where no person has decided changes nothing, and nothing is told', async () => {
  const { context, scope, database, read, transactionId } = await oneTransaction();
  const before = await read();
  await updateTransaction(context, scope, { transactionId, categoryKey: null, label: null });
  expect(await read()).toEqual(before);
  expect(await database.db.select().from(events).where(eq(events.type, 'transaction.updated'))).toEqual([]);
});

it('refuses an unknown category and a stranger, and changes nothing', async () => {
  const { context, scope, read, transactionId } = await oneTransaction();
  const before = await read();
  const unknown = updateTransaction(context, scope, { transactionId, categoryKey: 'NONSENSE', label: '' });
  await expect(unknown).rejects.toMatchObject({
    code: 'VALIDATION_FAILED',
    issues: [{ path: ['categoryKey'] }, { path: ['label'] }],
  });
  const stranger = scopeOfRow({ ...scope, userId: newId('user', new Date()) });
  await expect(updateTransaction(context, stranger, { transactionId, label: 'x' })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  expect(await read()).toEqual(before);
});
