import type { AnswerRemark, TransactionWindow } from '../connectors/connector.ts';
import type { BankTransaction } from '../domain/bank-snapshot.ts';
import type { ChangeSet, UpdatedTransaction } from '../domain/change-set.ts';
import { addDays, daysBetween, type CalendarDate } from '../kernel/calendar-date.ts';
import type { TransactionId } from '../kernel/id.ts';
import type { ComparedRow, DaySpan } from '../store/transactions.ts';
import { addMovements, movementOf, type Movement } from './books.ts';
import { changesOf } from './change-of.ts';
import { coverageOf, isTruncated, type Coverage } from './coverage.ts';
import { shownEntry, storedEntry, type Entry, type ShownEntry, type StoredEntry } from './entry.ts';
import { matchEntries, type EntryMatch } from './match-entries.ts';
import { withoutSettledCopies } from './settled-copies.ts';
import { successorsOf } from './successors.ts';
import { dayTiers, otherTiers, settlementDays } from './tiers.ts';

/** Rows this many days before the oldest day read are compared too: a day that moves must not make a duplicate. */
const slackDays = 10;

/** The changes, and besides the rows that say what the bank says but of which nobody has decided the category. */
export interface Reconciliation extends ChangeSet {
  readonly undecided: readonly UpdatedTransaction[];
  /** The answer begins later than it should: stored rows inside the window stand before all that the bank shows. */
  readonly isTruncated: boolean;
  /** How far the changes move the sum of what is booked. */
  readonly movement: Movement;
  /**
   * Of an answer after an anchor: shown entries that are not created, because rows are missing beside them and they may
   * be these. Only an answer by days decides, and is to be asked for; null where nothing is missing.
   */
  readonly withheld: readonly BankTransaction[] | null;
}

/** What the comparison has to know besides the entries. */
export interface ReconcileFacts {
  readonly window: TransactionWindow;
  /** The day at the bank. */
  readonly today: CalendarDate;
  /** The account's. */
  readonly currency: string;
  /** What the bank's answer leaves unsaid. */
  readonly remarks: ReadonlySet<AnswerRemark>;
  /** Gives the id of a new transaction that another one must name as its successor. */
  readonly newId: () => TransactionId;
}

/**
 * The days of which stored rows must be given to `reconcile`: what is far from all that the bank shows, and older than
 * what it was asked for, can neither be it nor be missed. The bank may show more than it was asked for, and less: rows
 * that it was asked for and does not reach back to tell that its history is cut off.
 */
export function comparedSpans(window: TransactionWindow, shownOn: Iterable<CalendarDate>): DaySpan[] {
  const start = addDays(window.from, -slackDays);
  const further = [...new Set(shownOn)].filter((day) => day < window.from).toSorted(byDay);
  const spans: { from: CalendarDate; to: CalendarDate }[] = [];
  for (const day of further) {
    const span = { from: addDays(day, -slackDays), to: addDays(day, slackDays) };
    const last = spans.at(-1);
    if (last && span.from <= last.to) last.to = span.to;
    else spans.push(span);
  }
  const before = spans.filter(({ to }) => to < start);
  const from = spans.find(({ to }) => to >= start)?.from ?? start;
  return [...before, { from: from < start ? from : start, to: null }];
}

function byDay(left: CalendarDate, right: CalendarDate): number {
  return left < right ? -1 : 1;
}

/**
 * Compares what is stored of an account with what the bank shows, and says what must change. Pure.
 *
 * Every shown entry ends up as exactly one live row: matched (its row keeps its id) or created. A stored row that the
 * bank no longer shows is voided, never erased: a pending one always, because pending entries are shown whole (where the
 * answer leaves anything unsaid, only once it is too old to settle); a booked one only where the answer demonstrably
 * covers its day (see `coverageOf`). A row outside of that is left alone. What was voided and is shown again is revived
 * under its id.
 *
 * Beside booked entries that cannot be used no booked row has demonstrably vanished: none is void, moved or reworded.
 *
 * An answer after an anchor only adds: in which order a bank counts its entries is its own affair, so that nothing is
 * void, moved or reworded because it is not among them. Where that would be so, `withheld` says that more must be asked.
 */
export function reconcile(
  rows: readonly ComparedRow[],
  bank: readonly BankTransaction[],
  facts: ReconcileFacts,
): Reconciliation {
  return reconcileWithPairs(rows, bank, facts).changes;
}

/** A comparison, and who was recognised as whom in it. */
interface PairedReconciliation {
  readonly changes: Reconciliation;
  readonly pairs: readonly EntryMatch[];
}

/** The same, with the pairs of which it was made. */
export function reconcileWithPairs(
  rows: readonly ComparedRow[],
  bank: readonly BankTransaction[],
  facts: ReconcileFacts,
): PairedReconciliation {
  const shown = withoutSettledCopies(bank.map((one, sequence) => shownEntry(one, facts.today, sequence)));
  const stored = rows.map(storedEntry);
  const ofOneDay = matchEntries(dayTiers, stored, shown, () => false);
  const coverage = coverageOf(bookedDays(shown).keys(), bookedDays(stored), facts.window);
  const bystanders = ofOneDay.pairs.map((pair) => pair.shown);
  const { changes: rest, pairs } = restOf(ofOneDay.missing, ofOneDay.unknown, bystanders, coverage, facts);
  const same = changesOf(ofOneDay.pairs, facts.currency);
  const changes = {
    ...rest,
    updated: [...same.updated, ...rest.updated],
    undecided: [...same.undecided, ...rest.undecided],
    unchanged: same.unchanged + rest.unchanged,
    movement: addMovements(same.movement, rest.movement),
  };
  return { changes, pairs: [...ofOneDay.pairs, ...pairs] };
}

/** How many entries are booked on each day. */
export function bookedDays(entries: readonly (ShownEntry | StoredEntry)[]): Map<CalendarDate, number> {
  const days = new Map<CalendarDate, number>();
  for (const { status, day } of entries) if (status === 'BOOKED') days.set(day, (days.get(day) ?? 0) + 1);
  return days;
}

/**
 * The second half of the comparison: what the tiers of one day have left over. `bystanders` are shown entries that are
 * already somebody, as far as they may have to do with what is missing.
 */
export function reconcileRest(
  missing: readonly StoredEntry[],
  unknown: readonly ShownEntry[],
  bystanders: readonly Entry<unknown>[],
  coverage: Coverage,
  facts: ReconcileFacts,
): Reconciliation {
  return restOf(missing, unknown, bystanders, coverage, facts).changes;
}

function restOf(
  missing: readonly StoredEntry[],
  unknown: readonly ShownEntry[],
  bystanders: readonly Entry<unknown>[],
  coverage: Coverage,
  { window, today, currency, remarks, newId }: ReconcileFacts,
): PairedReconciliation {
  const isAfterAnchor = window.anchor !== undefined;
  // After an anchor, what is missing is asked for once more before anything is decided of it.
  const isBookedWhole = isAfterAnchor || !remarks.has('BOOKED_UNUSABLE');
  // A pending entry may also be missing because it is booked by now, as one that cannot be used.
  const isPendingWhole = isAfterAnchor ? !remarks.has('PENDING_UNSUPPORTED') : remarks.size === 0;
  const isMovable = isBookedWhole && !isAfterAnchor;
  const matching = matchEntries(otherTiers, missing, unknown, isMovable ? coverage.isCovered : () => false);
  const vanished = matching.missing.filter(
    (entry) =>
      (entry.status === 'PENDING' && (isPendingWhole || isExpired(entry, today))) ||
      (entry.status === 'BOOKED' && isBookedWhole && coverage.isCovered(entry)),
  );
  const cutOff = matching.missing.filter((entry) => entry.status === 'BOOKED' && coverage.isCutOff(entry));
  const same = { ...changesOf(matching.pairs, currency), created: [], voided: [], isTruncated: false, withheld: null };
  if (isAfterAnchor && (vanished.length > 0 || isTruncated(cutOff.length))) {
    const withheld = matching.unknown.map((entry) => entry.source);
    return { changes: { ...same, withheld }, pairs: matching.pairs };
  }
  const known = [...bystanders, ...matching.pairs.map((pair) => pair.shown)];
  const successors = successorsOf(vanished, matching.unknown, known);
  const ids = new Map([...new Set(successors.values())].map((entry) => [entry, newId()]));
  const changes: Reconciliation = {
    ...same,
    movement: addMovements(same.movement, movementOf(matching.unknown, vanished, currency)),
    created: matching.unknown.map((entry) => {
      const id = ids.get(entry);
      return { bank: entry.source, datedOn: entry.day, category: null, ...(id ? { id } : {}) };
    }),
    voided: vanished.map((entry) => {
      const successor = successors.get(entry);
      return {
        id: entry.source.id,
        datedOn: entry.day,
        reason: reasonOf(entry, today),
        supersededBy: (successor && ids.get(successor)) ?? null,
      };
    }),
    isTruncated: isTruncated(cutOff.length),
  };
  return { changes, pairs: matching.pairs };
}

function reasonOf(entry: StoredEntry, today: CalendarDate) {
  if (entry.status === 'BOOKED') return 'BANK_CORRECTION';
  return isExpired(entry, today) ? 'EXPIRED' : 'VANISHED';
}

/** Whether a pending entry is older than any that still settles. */
function isExpired(entry: StoredEntry, today: CalendarDate): boolean {
  return daysBetween(entry.day, today) > settlementDays;
}
