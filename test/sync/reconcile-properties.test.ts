import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BankTransaction } from '../../src/domain/bank-snapshot.ts';
import { addDays } from '../../src/kernel/calendar-date.ts';
import type { TransactionRow } from '../../src/store/transactions.ts';
import { bankTransaction } from '../support/fake-connector.ts';
import { applied, compared, live } from './ledger.ts';

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
          money: { amount: (one.cents / 100).toFixed(2), currency: 'EUR' },
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
          // Under ids of their own: a booked entry with the id of a pending one that is shown beside it would be its settlement.
          const fresh = shownOn(further, 40, '').map(({ bankTransactionId: id, ...one }) => ({
            ...one,
            bankText: `NEW ${one.bankText}`,
            bankTransactionId: id && `new ${id}`,
          }));
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
