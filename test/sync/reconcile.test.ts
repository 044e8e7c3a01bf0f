import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BankTransaction } from '../../src/domain/bank-snapshot.ts';
import { addDays } from '../../src/kernel/calendar-date.ts';
import type { TransactionRow } from '../../src/store/transactions.ts';
import { reconcile, type ReconcileFacts } from '../../src/sync/reconcile.ts';
import { bankTransaction } from '../support/fake-connector.ts';
import { applied, newTransactionId } from './ledger.ts';

const today = '2026-03-02';
const window = { from: '2026-02-01', to: today };

function compared(
  rows: readonly TransactionRow[],
  shown: readonly BankTransaction[],
  facts: Pick<ReconcileFacts, 'window' | 'today'> & Partial<ReconcileFacts> = { window, today },
) {
  return reconcile(rows, shown, { isPendingShown: true, ...facts, currency: 'EUR', newId: newTransactionId });
}

function after(rows: readonly TransactionRow[], shown: readonly BankTransaction[], day = today) {
  return applied(rows, compared(rows, shown, { window: { ...window, to: day }, today: day }));
}

const pending = (over: Partial<BankTransaction> = {}) =>
  bankTransaction({ status: 'PENDING', bookedOn: null, transactedOn: '2026-03-01', ...over });
const euros = (amount: string) => ({ amount, currency: 'EUR' });
const live = (rows: readonly TransactionRow[]) => rows.filter((row) => row.status !== 'VOID');

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

describe('for random histories and overlapping windows', () => {
  const entry = fc.record({
    day: fc.integer({ min: 0, max: 40 }),
    cents: fc.constantFrom(-320, -1500, 2500),
    text: fc.constantFrom('CARTE CAFE DE FLORE', 'VIR SALAIRE ACME', 'PRLV EDF'),
    id: fc.option(fc.constantFrom('a', 'b', 'c', 'd'), { nil: null }),
    pendingDays: fc.integer({ min: 0, max: 4 }),
  });
  type Planned = typeof entry extends fc.Arbitrary<infer Value> ? Value : never;
  const start = '2026-01-01';

  /** What a bank shows on a day: an entry is pending for some days from its purchase, then booked for good. */
  function shownOn(history: readonly Planned[], day: number, from: string): BankTransaction[] {
    return history
      .map((one, index) => ({ ...one, index }))
      .filter((one) => one.day <= day)
      .map(({ index, ...one }) => {
        const isPending = one.day + one.pendingDays > day;
        const on = addDays(start, isPending ? one.day : one.day + one.pendingDays);
        return bankTransaction({
          status: isPending ? 'PENDING' : 'BOOKED',
          bookedOn: isPending ? null : on,
          transactedOn: isPending ? on : null,
          money: euros((one.cents / 100).toFixed(2)),
          bankText: one.text,
          // Ids repeat among booked entries; one that has been pending has an id of its own, or none.
          bankTransactionId: one.id !== null && one.pendingDays > 0 ? `${one.id}${index}` : one.id,
        });
      })
      .filter((one) => one.status === 'PENDING' || one.bookedOn! >= from);
  }

  const keyOf = (
    row: {
      status: string;
      bookedOn: string | null;
      transactedOn: string | null;
      bankText: string;
      bankTransactionId: string | null;
    },
    amount: string,
  ) => [row.status, row.bookedOn, row.transactedOn, amount, row.bankText, row.bankTransactionId].join('|');

  it('the ledger equals the multiset of the bank, and a second run changes nothing', () => {
    fc.assert(
      fc.property(
        fc.array(entry, { maxLength: 25 }),
        fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 8 }),
        (history, gaps) => {
          let rows: TransactionRow[] = [];
          let day = 0;
          for (const gap of gaps) {
            day += gap;
            const on = addDays(start, day);
            // The window reaches back over the gap since the last sync and the life of what was pending.
            const asked = { from: addDays(on, -gap - 12), to: on };
            const shown = shownOn(history, day, asked.from);
            const stored = rows.filter((row) => row.datedOn >= addDays(asked.from, -10) || row.status === 'PENDING');
            const rest = rows.filter((row) => !stored.includes(row));
            const next = applied(stored, compared(stored, shown, { window: asked, today: on }));
            const again = compared(next, shown, { window: asked, today: on });
            expect({ ...again, undecided: [] }).toEqual({
              isTruncated: false,
              movement: 0n,
              withheld: null,
              created: [],
              updated: [],
              voided: [],
              undecided: [],
              unchanged: again.unchanged,
            });
            expect(next.slice(0, stored.length).map((row) => row.id)).toEqual(stored.map((row) => row.id));
            rows = [...rest, ...next];
          }
          const bank = shownOn(history, day, '');
          expect(
            live(rows)
              .map((row) => keyOf(row, row.amount))
              .toSorted(),
          ).toEqual(bank.map((one) => keyOf(one, one.money.amount)).toSorted());
        },
      ),
      { numRuns: 300 },
    );
  });

  it('an answer after an anchor adds what is dated back, takes nothing away, and changes nothing twice', () => {
    const seen = { early: 0, withheld: 0, created: 0 };
    fc.assert(
      fc.property(
        fc.array(entry, { maxLength: 25 }),
        fc.array(entry, { maxLength: 6 }),
        fc.infiniteStream(fc.boolean()),
        (history, further, isLeftOut) => {
          const from = addDays(start, 20);
          const asked = { from, to: addDays(start, 40) };
          const anchored = { ...asked, anchor: { entryReference: 'r', notBefore: start } };
          const facts = { window: anchored, today: asked.to };
          const old = shownOn(history, 40, '');
          const rows = applied([], compared([], old, { window: { ...asked, from: start }, today: asked.to }));
          // Of what is older than the window the bank repeats some; of what is in it, it may leave out what it should not.
          const fresh = shownOn(further, 40, '').map((one) => ({ ...one, bankText: `NEW ${one.bankText}` }));
          const repeated = old.filter(() => !isLeftOut.next().value);
          const changes = compared(rows, [...repeated, ...fresh], facts);
          expect(changes.voided).toEqual([]);
          const next = applied(rows, changes);
          expect(next.slice(0, rows.length).map((row) => row.id)).toEqual(rows.map((row) => row.id));
          expect(live(next).length).toBeGreaterThanOrEqual(live(rows).length);
          if (changes.withheld) {
            expect(changes.created).toEqual([]);
            seen.withheld += 1;
            return;
          }
          seen.created += changes.created.length;
          seen.early += changes.created.filter(({ datedOn }) => datedOn < from).length;
          // What is shown is live, as often as it is shown.
          const count = (keys: readonly string[], key: string) => keys.filter((one) => one === key).length;
          const ours = live(next).map((row) => keyOf(row, row.amount));
          const theirs = [...repeated, ...fresh].map((one) => keyOf(one, one.money.amount));
          for (const key of theirs) expect(count(ours, key)).toBeGreaterThanOrEqual(count(theirs, key));
          const again = compared(next, [...repeated, ...fresh], facts);
          expect(again).toMatchObject({ created: [], updated: [], voided: [], withheld: null });
        },
      ),
      { numRuns: 500 },
    );
    // Were one of them 0, nothing would be said about it.
    expect(Object.entries(seen).filter(([, count]) => count === 0)).toEqual([]);
  });
});
