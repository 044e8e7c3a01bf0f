import { expect, it } from 'vitest';
import { syncSteps, transactions } from '../../src/store/schema/tables.ts';
import { reconcile } from '../../src/sync/reconcile.ts';
import { bankTransaction } from '../support/fake-connector.ts';
import { linkedBank } from '../support/linked-bank.ts';
import { applied, newTransactionId } from './ledger.ts';

const pending = bankTransaction({ status: 'PENDING', bookedOn: null, transactedOn: '2026-03-01' });

it('a bank that shows no pending entries any more voids none: the step says so, and the entry settles under its id', async () => {
  const { bank, sync, database, clock } = await linkedBank();
  const rows = async () =>
    (await database.db.select().from(transactions).orderBy(transactions.id)).map(({ id, status }) => ({ id, status }));
  bank.transactions = { 'bank-account-1': [pending, bankTransaction({ bankText: 'OTHER' })] };
  await sync();
  const before = await rows();
  expect(before.map(({ status }) => status).toSorted()).toEqual(['BOOKED', 'PENDING']);
  bank.isPendingShown = false;
  clock.advance(3_600_000);
  expect(await sync()).toMatchObject({ result: 'SUCCEEDED' });
  expect(await rows()).toEqual(before);
  const steps = await database.db.select().from(syncSteps);
  expect(steps.flatMap(({ kind, status, failure }) => (failure ? [[kind, status, failure.code]] : []))).toEqual([
    ['READ_ACCOUNT', 'SUCCEEDED', 'PENDING_UNSUPPORTED'],
  ]);
  bank.transactions['bank-account-1']?.push({ ...pending, status: 'BOOKED', bookedOn: '2026-03-02' });
  clock.advance(3_600_000);
  await sync();
  expect(await rows()).toEqual(expect.arrayContaining(before.map(({ id }) => ({ id, status: 'BOOKED' }))));
  expect(await rows()).toHaveLength(2);
});

it('a pending entry that nobody shows expires when it is too old to settle, and not before', () => {
  const compare = (rows: Parameters<typeof reconcile>[0], shown: [] | [typeof pending], today: string) =>
    reconcile(rows, shown, {
      window: { from: '2026-02-01', to: today },
      today,
      currency: 'EUR',
      remarks: new Set(shown.length > 0 ? [] : (['PENDING_UNSUPPORTED'] as const)),
      newId: newTransactionId,
    });
  const rows = applied([], compare([], [pending], '2026-03-02'));
  expect(compare(rows, [], '2026-03-11').voided).toEqual([]);
  expect(compare(rows, [], '2026-03-12').voided).toMatchObject([{ reason: 'EXPIRED' }]);
});
