import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { BankTransaction } from '../../src/domain/bank-snapshot.ts';
import { addDays } from '../../src/kernel/calendar-date.ts';
import type { DayDigests } from '../../src/store/recognised-rows.ts';
import type { TransactionRow } from '../../src/store/transactions.ts';
import { addMovements } from '../../src/sync/books.ts';
import { shownEntry, storedEntry } from '../../src/sync/entry.ts';
import { enrich } from '../../src/sync/enrich.ts';
import { createRecognised, type Recognised } from '../../src/sync/recognised.ts';
import { reconcile, type Reconciliation } from '../../src/sync/reconcile.ts';
import { partsOf, reconcileInParts, type Ledgers, type Part } from '../../src/sync/reconcile-in-parts.ts';
import { withoutSettledCopies } from '../../src/sync/settled-copies.ts';
import { bankTransaction } from '../support/fake-connector.ts';
import { applied, newTransactionId } from './ledger.ts';

const start = '2026-01-01';
const today = addDays(start, 30);
const facts = {
  window: { from: start, to: today },
  today,
  currency: 'EUR',
  remarks: new Set<never>(),
  newId: newTransactionId,
};

const texts = ['CARTE CAFE DE FLORE', 'CB CAFE FLORE PARIS', 'VIR SALAIRE ACME', 'PRLV EDF', 'PRLV EDF CLIENTS'];
const optional = <Value>(...values: Value[]) => fc.option(fc.constantFrom(...values), { nil: null });

/** Few values for everything, so that all that may be mistaken for one another is. */
const entry = fc
  .record({
    day: fc.integer({ min: 0, max: 30 }),
    isPending: fc.boolean(),
    isUndated: fc.boolean(),
    amount: fc.constantFrom('-3.20', '-3.00', '-6.20', '-1.50', '25.00'),
    bankText: fc.constantFrom(...texts),
    bankTransactionId: optional('a', 'b', 'c', 'd', 'e'),
    entryReference: optional('r', 's', 't'),
    endToEndId: optional('x', 'y'),
  })
  .map(({ day, isPending, isUndated, amount, ...rest }): BankTransaction => {
    const on = addDays(start, day);
    return bankTransaction({
      ...rest,
      status: isPending ? 'PENDING' : 'BOOKED',
      bookedOn: isPending ? null : on,
      transactedOn: isPending && !isUndated ? on : null,
      money: { amount, currency: 'EUR' },
    });
  });
const answer = fc.array(entry, { maxLength: 30 });

/** Some of one answer and some of another, so that much is found again. */
const nextAnswer = (former: readonly BankTransaction[]) =>
  fc
    .tuple(fc.subarray([...former]), answer, fc.boolean())
    .map(([kept, fresh, isFresh]) => (isFresh ? [...kept, ...fresh] : kept));

const history = answer.chain((first) =>
  nextAnswer(first).chain((second) =>
    nextAnswer([...first, ...second]).map((third) => [first, second, third] as const),
  ),
);

function ledgersOf(
  rows: readonly TransactionRow[],
  bank: readonly BankTransaction[],
  cuts: readonly number[],
  recognised: Recognised = createRecognised(() => true),
): Ledgers {
  const all = bank.map((one, sequence) => shownEntry(one, today, sequence));
  const struck = new Set(all.filter((one) => recognised.strike(one.source)));
  const shown = withoutSettledCopies(
    all.filter((one) => !struck.has(one)),
    [...struck],
  );
  const isOf = (part: Part, one: { day: string; shownDay: string }) =>
    part === 'UNDATED'
      ? one.shownDay === 'undated'
      : one.shownDay !== 'undated' && one.day >= part.from && one.day <= part.to;
  const sorted = rows.toSorted((left, right) =>
    `${left.datedOn} ${left.id}` < `${right.datedOn} ${right.id}` ? -1 : 1,
  );
  const days = [-100, ...cuts.toSorted((left, right) => left - right), 100];
  const parts = days.slice(1).map((to, index): Part => ({
    from: addDays(start, (days[index] ?? 0) + 1),
    to: addDays(start, to),
  }));
  return {
    parts: [...parts, 'UNDATED'],
    shownCount: bank.length,
    isAnyStored: recognised.withoutStruck(rows).length > 0,
    recognisedDays: recognised.days,
    recognisedRelatives: async () => rows.filter((row) => recognised.isShown(row)).map(storedEntry),
    shown: async (part) => shown.filter((one) => isOf(part, one)),
    stored: async (part) => recognised.withoutStruck(sorted.filter((row) => isOf(part, storedEntry(row)))),
  };
}

/** Comparable: order does not count, and a successor is named by what it is. */
function contentOf(all: readonly Reconciliation[]) {
  const created = all.flatMap((one) => one.created);
  const sorted = (values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).toSorted();
  return {
    created: sorted(created.map(({ id, ...one }) => ({ ...one, isSuccessor: id !== undefined }))),
    updated: sorted(all.flatMap((one) => one.updated)),
    undecided: sorted(all.flatMap((one) => one.undecided)),
    voided: sorted(
      all
        .flatMap((one) => one.voided)
        .map((one) => ({
          ...one,
          supersededBy: created.find(({ id }) => id === one.supersededBy && id)?.bank ?? null,
        })),
    ),
    unchanged: all.reduce((sum, one) => sum + one.unchanged, 0),
    isTruncated: all.some((one) => one.isTruncated),
    movement: all.reduce((sum, one) => addMovements(sum, one.movement), 0n as bigint | null),
  };
}

it('an account that is compared in parts changes as one that is compared whole, wherever it is cut', async () => {
  const cut = fc.array(fc.integer({ min: -2, max: 32 }), { maxLength: 6 });
  let successors = 0;
  await fc.assert(
    fc.asyncProperty(history, cut, async ([first, second, third], cuts) => {
      const early = applied([], reconcile([], first, facts));
      const rows = applied(early, reconcile(early, second, facts)).toSorted((left, right) =>
        `${left.datedOn} ${left.id}` < `${right.datedOn} ${right.id}` ? -1 : 1,
      );
      const whole = reconcile(rows, third, facts);
      const parts: Reconciliation[] = [];
      for await (const part of reconcileInParts(ledgersOf(rows, third, cuts), facts)) parts.push(part);
      expect(contentOf(parts)).toEqual(contentOf([whole]));
      successors += whole.voided.filter((one) => one.supersededBy !== null).length;
    }),
    { numRuns: 1_000 },
  );
  // Were there none, the comparison would say nothing about them.
  expect(successors).toBeGreaterThan(0);
});

/** What `listDigests` would give for these rows. */
function digestsOf(rows: readonly TransactionRow[]): DayDigests[] {
  const joined = (some: readonly TransactionRow[]) =>
    Buffer.from(
      some
        .flatMap(({ bankDigest }) => bankDigest ?? [])
        .toSorted()
        .join(''),
      'hex',
    );
  return [...Map.groupBy(rows, ({ datedOn }) => datedOn)].map(([day, ofDay]) => {
    const known = ofDay.filter(({ status, bankDigest }) => status === 'BOOKED' && bankDigest !== null);
    return {
      day,
      digests: joined(known),
      undecided: joined(known.filter(({ categorySource }) => categorySource === null)),
      others: ofDay.length - known.length,
    };
  });
}

it('an account of which what is equal is struck out by its digests changes as one that is compared whole', async () => {
  const cut = fc.array(fc.integer({ min: -2, max: 32 }), { maxLength: 6 });
  const decisions = fc.array(fc.constantFrom('NONE', 'CATEGORY', 'LABEL'), { minLength: 90, maxLength: 90 });
  // Rows of no category get one when their text is of these.
  const decidable = fc.subarray(texts);
  const seen = { struck: 0, left: 0, voided: 0, successors: 0, updated: 0, decided: 0 };
  await fc.assert(
    fc.asyncProperty(history, cut, decisions, decidable, async ([first, second, third], cuts, decided, known) => {
      const categorize = ({ bankText }: BankTransaction) =>
        known.includes(bankText) ? ({ key: 'SHOPPING', source: 'MODEL' } as const) : null;
      const early = applied([], reconcile([], first, facts));
      const rows = applied(early, reconcile(early, second, facts))
        .toSorted((left, right) => (`${left.datedOn} ${left.id}` < `${right.datedOn} ${right.id}` ? -1 : 1))
        .map((row, index) => decidedRow(row, decided[index]));
      const recognised = createRecognised((bank) => categorize(bank) !== null);
      recognised.learn(digestsOf(rows));
      const ledgers = ledgersOf(rows, third, cuts, recognised);
      const parts: Reconciliation[] = [];
      for await (const part of reconcileInParts(ledgers, facts)) parts.push(part);
      const whole = reconcile(rows, third, facts);
      const enriched = (one: Reconciliation) => ({ ...one, ...enrich(one, categorize), undecided: [] });
      expect(contentOf(parts.map(enriched))).toEqual(contentOf([enriched(whole)]));
      const struck = [...recognised.days.values()].reduce((sum, count) => sum + count, 0);
      seen.struck += struck;
      seen.left += rows.length - struck;
      seen.voided += whole.voided.length;
      seen.successors += whole.voided.filter((one) => one.supersededBy !== null).length;
      seen.updated += whole.updated.length;
      seen.decided += enriched(whole).updated.length - whole.updated.length;
    }),
    { numRuns: 2_000 },
  );
  // Were one of them 0, the comparison would say nothing about it.
  expect(Object.entries(seen).filter(([, count]) => count === 0)).toEqual([]);
});

function decidedRow(row: TransactionRow, decision = 'NONE'): TransactionRow {
  if (decision === 'CATEGORY') return { ...row, categoryKey: 'HOUSING', categorySource: 'USER' };
  if (decision === 'LABEL') return { ...row, label: 'Mine', labelSource: 'USER', providerLabel: row.label };
  return row;
}

it('is cut between days, into parts of about 5,000 entries', () => {
  const counts = [
    { day: '2026-01-03', count: 3_750 },
    { day: '2026-01-01', count: 2_250 },
    { day: '2026-01-02', count: 2_250 },
    { day: '2026-01-01', count: 500 },
    { day: '2026-01-04', count: 50_000 },
  ];
  expect(partsOf(counts)).toEqual([
    { from: '2026-01-01', to: '2026-01-02' },
    { from: '2026-01-03', to: '2026-01-03' },
    { from: '2026-01-04', to: '2026-01-04' },
    'UNDATED',
  ]);
});
