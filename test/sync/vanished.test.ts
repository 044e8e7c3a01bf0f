import { describe, expect, it } from 'vitest';
import type { BankTransaction } from '../../src/domain/bank-snapshot.ts';
import { addDays } from '../../src/kernel/calendar-date.ts';
import type { TransactionRow } from '../../src/store/transactions.ts';
import { reconcile } from '../../src/sync/reconcile.ts';
import { bankTransaction } from '../support/fake-connector.ts';
import { applied, newTransactionId } from './ledger.ts';

const today = '2026-03-02';
const facts = {
  window: { from: '2025-12-02', to: today },
  today,
  currency: 'EUR',
  remarks: new Set<never>(),
  newId: newTransactionId,
};
const compare = (rows: readonly TransactionRow[], shown: readonly BankTransaction[]) => reconcile(rows, shown, facts);
const stored = (shown: readonly BankTransaction[]) => applied([], compare([], shown));

const day = (on: string, over: Partial<BankTransaction> = {}) =>
  bankTransaction({ bookedOn: on, bankText: `SHOP OF ${on}`, ...over });
const money = (amount: string) => ({ money: { amount, currency: 'EUR' } });

describe('a bank that shows less than it was asked for', () => {
  const history = Array.from({ length: 80 }, (_, index) => day(addDays(today, -index)));
  const since = (from: string) => history.filter((one) => one.bookedOn! >= from);

  it('voids nothing of the days before, and that is said', () => {
    const changes = compare(stored(history), since('2026-02-01'));
    expect(changes).toMatchObject({ voided: [], updated: [], created: [], isTruncated: true });
  });

  it('voids nothing of them though it shows one old entry', () => {
    const old = day('2025-12-15');
    const rows = stored([...history, old]);
    expect(compare(rows, [...since('2026-02-01'), old])).toMatchObject({ voided: [], isTruncated: true });
  });

  it('voids what is gone from the days that it does show', () => {
    const gone = since('2026-02-01').filter((one) => one.bookedOn !== '2026-02-14');
    const { voided, isTruncated } = compare(stored(history), gone);
    expect(voided).toMatchObject([{ datedOn: '2026-02-14', reason: 'BANK_CORRECTION' }]);
    expect(isTruncated).toBe(true);
  });

  it('is not said to be so when nothing older is known, nor for a single entry', () => {
    expect(compare(stored(since('2026-02-01')), since('2026-02-01')).isTruncated).toBe(false);
    expect(compare(stored(since('2026-02-01')), since('2026-02-02')).isTruncated).toBe(false);
  });
});

describe('what took the place of a row that is void', () => {
  const around = [day('2026-02-01'), day(today)];
  const pending = (over: Partial<BankTransaction>) =>
    bankTransaction({ status: 'PENDING', bookedOn: null, transactedOn: '2026-02-26', ...over });

  /** The new entries that succeed the vanished rows, by their text, in the order of the rows; null for none. */
  function successorsOf(before: readonly BankTransaction[], after: readonly BankTransaction[]) {
    const rows = stored([...around, ...before]);
    const { created, voided } = compare(rows, [...around, ...after]);
    return rows
      .filter((row) => voided.some((one) => one.id === row.id))
      .map((row) => {
        const successor = voided.find((one) => one.id === row.id)?.supersededBy;
        return created.find((one) => one.id !== undefined && one.id === successor)?.bank.bankText ?? null;
      });
  }

  it.each<[string, BankTransaction[], BankTransaction[], (string | null)[]]>([
    [
      'is what carries the bank’s id with a corrected amount',
      [day('2026-02-20', { bankTransactionId: 'a', ...money('-10.00') })],
      [day('2026-02-20', { bankTransactionId: 'a', bankText: 'CORRECTED', ...money('-12.00') })],
      ['CORRECTED'],
    ],
    [
      'is nothing when a third entry carries that id too',
      [day('2026-02-20', { bankTransactionId: 'a', ...money('-10.00') })],
      [
        day('2026-02-20', { bankTransactionId: 'a', ...money('-12.00') }),
        day('2026-02-21', { bankTransactionId: 'a', ...money('-14.00') }),
      ],
      [null],
    ],
    [
      'is the first part of a split',
      [pending({ bankText: 'CB AMAZON PARIS', ...money('-50.00') })],
      [
        day('2026-02-28', { bankText: 'AMAZON PARIS 2', ...money('-20.00') }),
        day('2026-02-27', { bankText: 'AMAZON PARIS 1', ...money('-30.00') }),
      ],
      ['AMAZON PARIS 1'],
    ],
    [
      'is nothing when the parts do not make up the whole',
      [pending({ bankText: 'CB AMAZON PARIS', ...money('-50.00') })],
      [
        day('2026-02-28', { bankText: 'AMAZON PARIS 2', ...money('-20.00') }),
        day('2026-02-27', { bankText: 'AMAZON PARIS 1', ...money('-31.00') }),
      ],
      [null],
    ],
    [
      'is the entry that combines several',
      [
        pending({ bankText: 'HOTEL ROYAL', ...money('-50.00') }),
        pending({ bankText: 'ROYAL HOTEL', ...money('-45.00') }),
      ],
      [day('2026-02-28', { bankText: 'HOTEL ROYAL LYON', ...money('-95.00') })],
      ['HOTEL ROYAL LYON', 'HOTEL ROYAL LYON'],
    ],
    [
      'is the one of two that fit which shares the payer’s reference',
      [pending({ bankText: 'CAFE FLORE', endToEndId: 'e1', ...money('-3.20') })],
      [
        day('2026-02-27', { bankText: 'CAFE FLORE A', endToEndId: 'e1', ...money('-3.20') }),
        day('2026-02-28', { bankText: 'CAFE FLORE B', ...money('-3.20') }),
      ],
      ['CAFE FLORE A'],
    ],
    [
      'is nobody when two fit alike',
      [pending({ bankText: 'CAFE FLORE', ...money('-3.20') })],
      [
        day('2026-02-27', { bankText: 'CAFE FLORE A', ...money('-3.20') }),
        day('2026-02-28', { bankText: 'CAFE FLORE B', ...money('-3.20') }),
      ],
      [null],
    ],
    [
      'is nobody when one of two alike has settled',
      [pending({ bankText: 'CAFE FLORE A' }), pending({ bankText: 'CAFE FLORE B' })],
      [day('2026-02-28', { bankText: 'CB CAFE FLORE' })],
      [null, null],
    ],
  ])('%s', (_, before, after, expected) => {
    expect(successorsOf(before, after)).toEqual(expected);
  });

  it('is forgotten when the row comes back', () => {
    const row = day('2026-02-20', { bankTransactionId: 'a', ...money('-10.00') });
    const corrected = day('2026-02-20', { bankTransactionId: 'a', ...money('-12.00') });
    const rows = stored([...around, row]);
    const later = applied(rows, compare(rows, [...around, corrected]));
    expect(later.find((one) => one.status === 'VOID')?.supersededBy).toBe(later.at(-1)?.id);
    const back = applied(later, compare(later, [...around, row, corrected]));
    expect(back.every((one) => one.status === 'BOOKED' && one.supersededBy === null)).toBe(true);
  });
});
