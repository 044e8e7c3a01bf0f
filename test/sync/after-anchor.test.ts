import { describe, expect, it } from 'vitest';
import type { BankTransaction } from '../../src/domain/bank-snapshot.ts';
import { addDays } from '../../src/kernel/calendar-date.ts';
import type { TransactionRow } from '../../src/store/transactions.ts';
import { comparedSpans, reconcile, type ReconcileFacts } from '../../src/sync/reconcile.ts';
import { bankTransaction } from '../support/fake-connector.ts';
import { applied, newTransactionId } from './ledger.ts';

const today = '2026-03-02';
const window = { from: '2026-02-01', to: today };
const byDays = { window, today };

function compared(
  rows: readonly TransactionRow[],
  shown: readonly BankTransaction[],
  facts: Pick<ReconcileFacts, 'window' | 'today'>,
) {
  return reconcile(rows, shown, { remarks: new Set(), currency: 'EUR', newId: newTransactionId, ...facts });
}

const rowsOf = (shown: readonly BankTransaction[]) => applied([], compared([], shown, byDays));
const pending = () => bankTransaction({ status: 'PENDING', bookedOn: null, transactedOn: '2026-03-01' });

describe('after an anchor', () => {
  const anchored = { window: { ...window, anchor: { entryReference: 'r', notBefore: '2026-01-01' } }, today };
  const market = bankTransaction({ bookedOn: '2026-03-02', bankText: 'MARKET' });
  const rent = bankTransaction({ bookedOn: '2026-02-10', bankText: 'RENT' });
  const coffee = bankTransaction({ bookedOn: '2026-02-20' });
  const old = bankTransaction({ bookedOn: '2026-01-05', bankText: 'FEE' });

  it('takes what is older than the window when it is new, and knows it when it is not', () => {
    const rows = rowsOf([rent, market]);
    const changes = compared(rows, [old, rent, market], anchored);
    expect(changes).toMatchObject({ created: [{ datedOn: '2026-01-05' }], updated: [], voided: [], withheld: null });
    const next = applied(rows, changes);
    expect(compared(next, [old, rent, market], anchored)).toMatchObject({ created: [], updated: [], voided: [] });
    // It is not shown once the anchor has passed it, and stays.
    expect(compared(next, [rent, market], anchored)).toMatchObject({ voided: [], withheld: null, unchanged: 2 });
  });

  it('decides nothing of what is missing: not that it is void, nor moved, nor what is new beside it', () => {
    const rows = rowsOf([rent, coffee, market]);
    const moved = bankTransaction({ bookedOn: '2026-02-22' });
    const changes = compared(rows, [old, rent, moved, market], anchored);
    expect(changes).toMatchObject({ created: [], updated: [], voided: [], unchanged: 2 });
    expect(changes.withheld).toEqual([old, moved]);
    const decided = compared(rows, [old, rent, moved, market], { window, today });
    expect(decided).toMatchObject({ updated: [{ matchedOn: 'REBOOKED' }], created: [{ datedOn: '2026-01-05' }] });
  });

  it('says so of a pending entry too, and of an answer that begins too late', () => {
    expect(compared(rowsOf([rent, pending()]), [rent], anchored).withheld).toEqual([]);
    const february = Array.from({ length: 20 }, (_, index) =>
      bankTransaction({ bookedOn: addDays('2026-02-02', index), bankText: `SHOP ${index}` }),
    );
    const rows = rowsOf([...february, market]);
    expect(compared(rows, [...february.slice(8), market], anchored)).toMatchObject({ voided: [], withheld: [] });
  });

  it('an answer by days covers no day because of what is carried over from before', () => {
    const rows = rowsOf([rent, coffee, market]);
    expect(compared(rows, [old, market], { window, today })).toMatchObject({ voided: [] });
  });
});

it('what is far from all that is shown is not compared', () => {
  expect(comparedSpans(window, [])).toEqual([{ from: '2026-01-22', to: null }]);
  expect(comparedSpans(window, ['2026-02-14', '2025-06-20', '2025-06-15', '2025-01-31', '2025-06-15'])).toEqual([
    { from: '2025-01-21', to: '2025-02-10' },
    { from: '2025-06-05', to: '2025-06-30' },
    { from: '2026-01-22', to: null },
  ]);
  expect(comparedSpans(window, ['2026-01-15', '2026-01-04'])).toEqual([{ from: '2025-12-25', to: null }]);
});
