import { expect, it } from 'vitest';
import { updateTransaction } from '../../src/actions/update-transaction.ts';
import type { BankTransaction } from '../../src/domain/bank-snapshot.ts';
import { transactions } from '../../src/store/schema/tables.ts';
import { readTransactionChanges } from '../../src/store/transaction-changes.ts';
import { bankTransaction } from '../support/fake-connector.ts';
import { linkedBank } from '../support/linked-bank.ts';

const euros = (amount: string) => ({ money: { amount, currency: 'EUR' } });
const pending = (amount: string, over: Partial<BankTransaction> = {}) =>
  bankTransaction({ status: 'PENDING', bookedOn: null, transactedOn: '2026-03-01', ...euros(amount), ...over });
const around = ['2026-02-25', '2026-03-02'].map((bookedOn) => bankTransaction({ bookedOn, bankText: 'RENT' }));
const amazon = { bankText: 'CB AMAZON PARIS', label: 'Amazon' };
const combined = bankTransaction({ bookedOn: '2026-03-01', ...amazon, ...euros('-50.00') });
const parts = [pending('-20.00', amazon), pending('-30.00', amazon)];
const decision = { categoryKey: 'EATING_OUT_RESTAURANT', label: 'Gift', notes: 'For Ada' };

type Decision = { [Field in keyof typeof decision]?: string };

/** A bank that shows some entries, on each of which the person decides something, and then others in their place. */
async function succeeded(before: readonly BankTransaction[], decisions: readonly Decision[]) {
  const world = await linkedBank();
  const { bank, context, scope, database, clock, sync } = world;
  bank.transactions = { 'bank-account-1': [...around, ...before] };
  await sync();
  const rows = () => database.db.select().from(transactions).orderBy(transactions.id);
  const waiting = (await rows())
    .filter(({ bankText }) => bankText !== 'RENT')
    .toSorted((left, right) => Number(right.amount) - Number(left.amount));
  expect(waiting).toHaveLength(decisions.length);
  for (const [index, one] of decisions.entries()) {
    // oxlint-disable-next-line no-await-in-loop -- one person, one decision after the other
    await updateTransaction(context, scope, { transactionId: waiting[index]!.id, ...one });
  }
  const { changes } = await readTransactionChanges(database, scope, { after: null, limit: 100 });
  const after = changes.at(-1)!.cursor;
  return {
    ...world,
    rows,
    next: async (...shown: BankTransaction[]) => {
      bank.transactions = { 'bank-account-1': [...around, ...shown] };
      clock.advance(3_600_000);
      expect(await sync()).toMatchObject({ result: 'SUCCEEDED' });
      const all = await rows();
      const gone = all.filter(({ status }) => status === 'VOID');
      const successor = all.find(({ id }) => id === gone[0]?.supersededBy);
      if (!successor) throw new Error('There is no successor.');
      const seen = (await readTransactionChanges(database, scope, { after, limit: 100 })).changes;
      return {
        gone,
        successor,
        kinds: seen.flatMap((one) => ('transactionId' in one && one.transactionId === successor.id ? [one.kind] : [])),
      };
    },
  };
}

it('what a person decided of entries that became one is said of that one, which is seen once, as new', async () => {
  const { next, rows } = await succeeded(parts, [decision, decision]);
  const { gone, successor, kinds } = await next(combined);
  expect(gone.map(({ supersededBy }) => supersededBy)).toEqual([successor.id, successor.id]);
  expect(successor).toMatchObject({
    ...decision,
    categorySource: 'USER',
    labelSource: 'USER',
    providerLabel: 'Amazon',
  });
  // What the house says of it is kept behind his word.
  expect(successor.modelCategoryKey).toBe(gone[0]?.modelCategoryKey);
  expect(successor.updatedAt).toEqual(successor.createdAt);
  expect(kinds).toEqual(['CREATED']);
  const before = await rows();
  expect((await next(combined)).successor).toEqual(successor);
  expect(await rows()).toEqual(before);
});

it.each<[string, Decision[], object]>([
  ['nobody decided', [{}, {}], { categorySource: 'MODEL', labelSource: 'PROVIDER', label: 'Amazon', notes: null }],
  [
    'one of them alone was decided',
    [decision, {}],
    { categorySource: 'MODEL', labelSource: 'PROVIDER', label: 'Amazon', notes: null },
  ],
  [
    'they agree in part',
    [decision, { ...decision, label: 'Other', notes: 'Other' }],
    {
      categoryKey: decision.categoryKey,
      categorySource: 'USER',
      labelSource: 'PROVIDER',
      label: 'Amazon',
      notes: null,
    },
  ],
])('of several that became one, where %s, only what all say is said', async (_, decisions, expected) => {
  const { next } = await succeeded(parts, decisions);
  const { successor, kinds } = await next(combined);
  expect(successor).toMatchObject(expected);
  expect(kinds).toEqual(['CREATED']);
});

it('a booked entry whose amount is corrected hands its decisions on as well, and keeps its own', async () => {
  const wrong = bankTransaction({ bookedOn: '2026-03-01', bankTransactionId: 'a', ...amazon, ...euros('-10.00') });
  const { next } = await succeeded([wrong], [decision]);
  const { gone, successor } = await next({ ...wrong, ...euros('-12.00') });
  expect(successor).toMatchObject({ amount: '-12.00', ...decision });
  expect(gone).toMatchObject([{ amount: '-10.00', status: 'VOID', ...decision }]);
});
