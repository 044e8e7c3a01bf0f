import { describe, expect, it } from 'vitest';
import type { BankTransaction } from '../../src/domain/bank-snapshot.ts';
import { addDays } from '../../src/kernel/calendar-date.ts';
import type { TransactionRow } from '../../src/store/transactions.ts';
import { bankTransaction } from '../support/fake-connector.ts';
import { applied, compared as comparedBy, live } from './ledger.ts';

const today = '2026-03-02';
const window = { from: '2026-02-01', to: today };

const compared = (rows: readonly TransactionRow[], shown: readonly BankTransaction[], day = today) =>
  comparedBy(rows, shown, { window: { ...window, to: day }, today: day });

function after(rows: readonly TransactionRow[], shown: readonly BankTransaction[], day = today) {
  return applied(rows, compared(rows, shown, day));
}

const pending = (over: Partial<BankTransaction> = {}) =>
  bankTransaction({ status: 'PENDING', bookedOn: null, transactedOn: '2026-03-01', ...over });
const euros = (amount: string) => ({ amount, currency: 'EUR' });

it.each(['a', null])('a pending entry without a day keeps its id for as long as it waits (bank id %s)', (id) => {
  const undated = pending({ transactedOn: null, bankTransactionId: id });
  const first = after([], [undated, undated]);
  const ids = first.map((row) => row.id);
  const later = [3, 12, 25].reduce((rows, days) => after(rows, [undated, undated], addDays(today, days)), first);
  expect(live(later).map((row) => [row.id, row.datedOn])).toEqual(ids.map((kept) => [kept, today]));
  // One that is like it after weeks without a sync is new, where the bank has booked the first.
  const booked = bankTransaction({ bookedOn: addDays(today, 2), bankTransactionId: id });
  const both = after(after([], [undated]), [booked, { ...undated, bankTransactionId: null }], addDays(today, 20));
  expect(both.map(({ status }) => status)).toEqual(['BOOKED', 'PENDING']);
});

describe('a transaction keeps its id', () => {
  const cases: [string, BankTransaction, BankTransaction, string][] = [
    [
      'under its bank id, reworded',
      bankTransaction({ bankTransactionId: 'a' }),
      bankTransaction({ bankTransactionId: 'a', bankText: 'ELSE', bookedOn: '2026-02-27' }),
      'BANK_ID',
    ],
    [
      'pending with another amount under its bank id',
      pending({ bankTransactionId: 'a' }),
      bankTransaction({ bankTransactionId: 'a', money: euros('-2.10') }),
      'BANK_ID_NEW_AMOUNT',
    ],
    [
      'under its entry reference',
      bankTransaction({ entryReference: 'r', bankTransactionId: 'a' }),
      bankTransaction({ entryReference: 'r', bankTransactionId: 'b', bankText: 'ELSE' }),
      'ENTRY_REFERENCE',
    ],
    [
      'when the bank re-issues its id',
      bankTransaction({ bankTransactionId: 'a' }),
      bankTransaction({ bankTransactionId: 'b' }),
      'CONTENT',
    ],
    [
      'when it settles under another id',
      pending({ bankTransactionId: 'a' }),
      bankTransaction({ bankTransactionId: 'b', bookedOn: '2026-03-02' }),
      'SETTLED',
    ],
    [
      'when it settles reworded',
      pending({ bankText: 'CAFE DE FLORE' }),
      bankTransaction({ bankText: 'PAIEMENT CB 0103 CAFE FLORE PARIS' }),
      'SETTLED_REWORDED',
    ],
    [
      'when it settles with a tip',
      pending({ money: euros('-20.00') }),
      bankTransaction({ money: euros('-23.00') }),
      'SETTLED_NEW_AMOUNT',
    ],
  ];
  it.each(cases)('%s', (_, first, second, tier) => {
    const [before] = after([], [first]);
    const rows = after([before!], [second]);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ id: before!.id, status: second.status, matchedOn: tier });
    expect(rows[0]!.amount).toBe(second.money.amount);
  });

  it('when the bank moves its day, while others around it stay', () => {
    const others = [
      bankTransaction({ bookedOn: '2026-02-10', bankText: 'RENT' }),
      bankTransaction({ bookedOn: '2026-03-02', bankText: 'MARKET' }),
    ];
    const before = after([], [...others, bankTransaction({ bookedOn: '2026-02-20' })]);
    const rows = after(before, [...others, bankTransaction({ bookedOn: '2026-02-22' })]);
    expect(rows.map((row) => row.id)).toEqual(before.map((row) => row.id));
    expect(rows[2]).toMatchObject({ matchedOn: 'REBOOKED', bookedOn: '2026-02-22' });
  });

  it('when it vanishes and comes back', () => {
    const others = [
      bankTransaction({ bookedOn: '2026-02-10', bankText: 'RENT' }),
      bankTransaction({ bookedOn: '2026-03-02', bankText: 'MARKET' }),
    ];
    const coffee = bankTransaction({ bookedOn: '2026-02-20' });
    const before = after([], [...others, coffee]);
    const without = after(before, others);
    expect(without[2]).toMatchObject({ status: 'VOID', voidReason: 'BANK_CORRECTION' });
    const rows = after(without, [...others, coffee]);
    expect(rows).toHaveLength(3);
    expect(rows[2]).toMatchObject({ id: before[2]!.id, status: 'BOOKED', voidReason: null });
  });
});

describe('ambiguity never merges', () => {
  it('keeps two identical coffees, and sees a third', () => {
    const coffee = bankTransaction();
    const two = after([], [coffee, coffee]);
    expect(two).toHaveLength(2);
    const three = after(two, [coffee, coffee, coffee]);
    expect(three.slice(0, 2)).toEqual(two);
    expect(three).toHaveLength(3);
  });

  it('does not choose between two pending entries that fit one booked entry', () => {
    const rows = after([], [pending({ bankText: 'CAFE FLORE A' }), pending({ bankText: 'CAFE FLORE B' })]);
    const next = after(rows, [bankTransaction({ bankText: 'CB CAFE FLORE' })]);
    expect(next.map((row) => row.status)).toEqual(['VOID', 'VOID', 'BOOKED']);
  });

  it('does not take a new purchase for the one of the day before', () => {
    const rows = after([], [bankTransaction({ bookedOn: '2026-02-28' })]);
    const next = after(rows, [
      bankTransaction({ bookedOn: '2026-02-28' }),
      bankTransaction({ bookedOn: '2026-03-01' }),
    ]);
    expect(next).toHaveLength(2);
    expect(next[0]).toEqual(rows[0]);
  });
});

describe('what the bank no longer shows', () => {
  it('is left alone when the answer does not demonstrably cover its day', () => {
    const rows = after([], [bankTransaction({ bookedOn: '2026-02-20' })]);
    expect(after(rows, [])).toEqual(rows);
    const next = after(rows, [bankTransaction({ bookedOn: '2026-02-25', bankText: 'MARKET' })]);
    expect(next[0]).toEqual(rows[0]);
  });

  it('is void with a reason when it was pending', () => {
    const rows = after([], [pending()]);
    expect(after(rows, [])[0]).toMatchObject({ status: 'VOID', voidReason: 'VANISHED' });
    expect(after(rows, [], '2026-03-20')[0]).toMatchObject({ status: 'VOID', voidReason: 'EXPIRED' });
  });
});

it('takes the booked one of an entry that is shown as pending too', () => {
  const rows = after([], [pending({ bankTransactionId: 'a' }), bankTransaction({ bankTransactionId: 'a' })]);
  expect(rows.map((row) => row.status)).toEqual(['BOOKED']);
});

it('leaves a label that a person wrote, and still takes over the rest', () => {
  const [row] = after([], [pending()]);
  const mine: TransactionRow = { ...row!, label: 'My coffee', labelSource: 'USER', providerLabel: 'Other' };
  const same = compared([mine], [pending({ label: 'Other' })]);
  expect(same).toMatchObject({ updated: [], unchanged: 1 });
});
