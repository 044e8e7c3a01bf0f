import type { CalendarDate } from '../kernel/calendar-date.ts';
import type { AccountId } from '../kernel/id.ts';
import { listByReference, type References } from '../store/recognised-rows.ts';
import { countSpooledByDay, listSpooled, listSpooledByBankId } from '../store/spool.ts';
import { countStoredByDay, listStoredOf, type DaySpan } from '../store/transactions.ts';
import type { Collected } from './collect.ts';
import { shownEntry, storedEntry, type ShownEntry, type StoredEntry } from './entry.ts';
import { comparedSpans, type ReconcileFacts } from './reconcile.ts';
import { partsOf, type Ledgers, type Part } from './reconcile-in-parts.ts';
import { keepLease, type Run } from './run.ts';
import { withoutSettledCopies } from './settled-copies.ts';

/** Both sides of an account whose booked entries are in the spool. */
export async function spooledLedgers(
  run: Run,
  accountId: AccountId,
  { pending, count, recognition: { recognised, since } }: Collected & { kind: 'SPOOLED' },
  { window, today }: ReconcileFacts,
): Promise<Ledgers> {
  const { db } = run.context.database;
  const spooled = await countSpooledByDay(run.scope, db, run);
  checkCount([...spooled, ...countsOf(recognised.days)], count - pending.length);
  const shownElsewhere = async (references: References) => {
    if (since === null || recognised.days.size === 0) return [];
    const rows = await listByReference(run.scope, db, accountId, since, references);
    return rows.filter((row) => recognised.isShown(row)).map(storedEntry);
  };
  const waiting = await withoutCopies(run, pending, today, shownElsewhere);
  // Where all that is shown of a day is stored in the same words, nothing of it is left to be compared.
  const spans = comparedSpans(
    window,
    [...spooled, ...waiting].map(({ day }) => day),
  );
  const left = recognised.left().filter(({ day }) => spans.some((span) => isWithin(span, day)));
  const stored = [...left, ...(await countStoredByDay(run.scope, db, accountId, spans, since))];
  const waitingDays = waiting.map(({ day }) => ({ day, count: 1 }));
  return {
    parts: partsOf([...spooled, ...stored, ...waitingDays]),
    shownCount: count,
    isAnyStored: stored.length > 0,
    recognisedDays: recognised.days,
    recognisedRelatives: (rows) => shownElsewhere(referencesOf(rows)),
    async stored(part) {
      const digestsLeft = part === 'UNDATED' ? [] : recognised.digestsLeft(part);
      const rows = await listStoredOf(run.scope, db, accountId, spans, part, { since, digestsLeft });
      return recognised.withoutStruck(rows);
    },
    async shown(part) {
      await keepLease(run);
      const ofPart = waiting.filter((entry) => isOf(part, entry));
      if (part === 'UNDATED') return ofPart;
      const booked = await listSpooled(run.scope, db, run, part);
      checkCount(
        spooled.filter(({ day }) => day >= part.from && day <= part.to),
        booked.length,
      );
      return [...booked.map(({ bank, sequence }) => shownEntry(bank, today, sequence)), ...ofPart].toSorted(
        (left, right) => left.sequence - right.sequence,
      );
    },
  };
}

/** The spool does not outlive a crash of PostgreSQL, and what is not read must never look like what has vanished. */
function checkCount(counted: readonly { readonly count: number }[], expected: number): void {
  const sum = counted.reduce((total, { count }) => total + count, 0);
  if (sum !== expected) throw new Error(`The spool has ${sum} entries and should have ${expected}.`);
}

async function withoutCopies(
  run: Run,
  pending: readonly { readonly sequence: number; readonly bank: ShownEntry['source'] }[],
  today: CalendarDate,
  shownElsewhere: (references: References) => Promise<readonly StoredEntry[]>,
): Promise<readonly ShownEntry[]> {
  const ids = new Set(pending.flatMap(({ bank }) => bank.bankTransactionId ?? []));
  const others = await shownElsewhere({ bankTransactionIds: ids, entryReferences: new Set(), endToEndIds: new Set() });
  const settled = await listSpooledByBankId(run.scope, run.context.database.db, run, ids);
  const entries = [...pending, ...settled].map(({ bank, sequence }) => shownEntry(bank, today, sequence));
  const booked = new Set(settled.map(({ sequence }) => sequence));
  return withoutSettledCopies(entries, others).filter((entry) => !booked.has(entry.sequence));
}

function countsOf(days: ReadonlyMap<CalendarDate, number>): { day: CalendarDate; count: number }[] {
  return [...days].map(([day, count]) => ({ day, count }));
}

function referencesOf(rows: readonly StoredEntry[]): References {
  const all = (field: 'bankTransactionId' | 'entryReference' | 'endToEndId') =>
    new Set(rows.flatMap((row) => row[field] ?? []));
  return {
    bankTransactionIds: all('bankTransactionId'),
    entryReferences: all('entryReference'),
    endToEndIds: all('endToEndId'),
  };
}

function isWithin({ from, to }: DaySpan, day: CalendarDate): boolean {
  return day >= from && (to === null || day <= to);
}

function isOf(part: Part, entry: ShownEntry): boolean {
  if (part === 'UNDATED') return entry.shownDay === 'undated';
  return entry.shownDay !== 'undated' && entry.day >= part.from && entry.day <= part.to;
}
