import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import type { ChangeSet } from '../../src/domain/change-set.ts';
import type { UserScope } from '../../src/domain/viewer.ts';
import { newId, type AccountId, type TransactionId } from '../../src/kernel/id.ts';
import { applyChangeSet } from '../../src/store/apply-change-set.ts';
import { prepareChangeSet } from '../../src/store/prepare-change-set.ts';
import { transactions } from '../../src/store/schema/tables.ts';
import { readTransactionChanges } from '../../src/store/transaction-changes.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { bankTransaction } from '../support/fake-connector.ts';
import { seedWorld, seededAt } from '../support/fixtures.ts';

const nothing: ChangeSet = { created: [], updated: [], voided: [], unchanged: 0 };
const later = new Date(seededAt.getTime() + 60_000);
const datedOn = '2026-03-01';

/** A user with a row of which he has decided all there is, and the id of the one that will take its place. */
async function decided() {
  const database = await testDatabase();
  const { scope, accountId, transactionIds } = await seedWorld(database);
  const [former] = transactionIds as [TransactionId];
  const decision = {
    categoryKey: 'INCOME_SALARY',
    categorySource: 'USER',
    label: 'Gift',
    labelSource: 'USER',
  } as const;
  await database.db
    .update(transactions)
    .set({ ...decision, notes: 'For Ada' })
    .where(eq(transactions.id, former));
  const { changes } = await readTransactionChanges(database, scope, { after: null, limit: 100 });
  const heir = newId('transaction', seededAt);
  return { database, scope, accountId, former, heir, after: changes.at(-1)?.cursor ?? null };
}

const created = (id: TransactionId): Partial<ChangeSet> => ({
  created: [
    { id, bank: bankTransaction({ label: 'Shop' }), datedOn, category: { key: 'INCOME_SALARY', source: 'MODEL' } },
  ],
});
const voided = (id: TransactionId, supersededBy: TransactionId): Partial<ChangeSet> => ({
  voided: [{ id, supersededBy, datedOn: '2026-03-02', reason: 'VANISHED' }],
});

/** Prepared a minute before it is written, as a batch may be that waits for the user's lock. */
async function apply(database: TestDatabase, scope: UserScope, accountId: AccountId, changes: Partial<ChangeSet>) {
  const prepared = await prepareChangeSet(scope, accountId, { ...nothing, ...changes }, seededAt);
  return database.db.transaction((tx) => applyChangeSet(tx, prepared, later));
}

async function row(database: TestDatabase, id: TransactionId) {
  const [found] = await database.db.select().from(transactions).where(eq(transactions.id, id));
  return found;
}

test('a successor that is written with the end of its former is new to who reads the changes, with all that was decided', async () => {
  const { database, scope, accountId, former, heir, after } = await decided();
  const written = await apply(database, scope, accountId, { ...created(heir), ...voided(former, heir) });
  expect(written.counts).toMatchObject({ created: 1, updated: 0, voided: 1 });
  expect(await row(database, heir)).toMatchObject({
    categoryKey: 'INCOME_SALARY',
    categorySource: 'USER',
    modelCategoryKey: 'INCOME_SALARY',
    label: 'Gift',
    labelSource: 'USER',
    providerLabel: 'Shop',
    notes: 'For Ada',
  });
  const { changes } = await readTransactionChanges(database, scope, { after, limit: 100 });
  expect(changes).toHaveLength(2);
  expect(changes).toMatchObject(
    [
      { kind: 'VOIDED', transactionId: former },
      { kind: 'CREATED', transactionId: heir },
    ].toSorted((left, right) => (left.transactionId < right.transactionId ? -1 : 1)),
  );
});

test('one that was written in a batch before counts as updated, and its day is told', async () => {
  const { database, scope, accountId, former, heir, after } = await decided();
  await apply(database, scope, accountId, created(heir));
  const written = await apply(database, scope, accountId, voided(former, heir));
  expect(written).toMatchObject({ counts: { created: 0, updated: 1, voided: 1 }, oldestChangedOn: datedOn });
  expect(await row(database, heir)).toMatchObject({ label: 'Gift', notes: 'For Ada', updatedAt: later });
  const { changes } = await readTransactionChanges(database, scope, { after, limit: 100 });
  expect(changes).toContainEqual(expect.objectContaining({ kind: 'UPDATED', transactionId: heir }));
});

test('what the person has said of the successor stands, and nobody else’s row is heir', async () => {
  const { database, scope, accountId, former, heir } = await decided();
  await apply(database, scope, accountId, created(heir));
  const own = {
    categoryKey: 'GROCERIES_SUPERMARKET',
    categorySource: 'USER',
    label: 'Own',
    labelSource: 'USER',
  } as const;
  await database.db
    .update(transactions)
    .set({ ...own, notes: 'Own' })
    .where(eq(transactions.id, heir));
  const before = await row(database, heir);
  expect((await apply(database, scope, accountId, voided(former, heir))).counts).toMatchObject({ updated: 0 });
  expect(await row(database, heir)).toEqual(before);

  const other = await seedWorld(database, { name: 'other' });
  const [foreign] = other.transactionIds as [TransactionId];
  const untouched = await row(database, foreign);
  await apply(database, scope, accountId, voided(former, foreign));
  expect(await row(database, foreign)).toEqual(untouched);
});
