import type { TransactionWindow } from '../connectors/connector.ts';
import type { BankTransaction } from '../domain/bank-snapshot.ts';
import type { CategoryDecision, ChangeSet, UpdatedTransaction, VoidedTransaction } from '../domain/change-set.ts';
import { addDays, daysBetween, type CalendarDate } from '../kernel/calendar-date.ts';
import type { TransactionRow } from '../store/transactions.ts';
import { shownEntry, storedEntry, type ShownEntry, type StoredEntry } from './entry.ts';
import { matchEntries } from './match-entries.ts';
import { settlementDays } from './tiers.ts';

/** Rows this many days before the oldest day read are compared too: a day that moves must not make a duplicate. */
const slackDays = 10;

/** The changes, and besides the rows that say what the bank says but of which nobody has decided the category. */
export interface Reconciliation extends ChangeSet {
  readonly undecided: readonly UpdatedTransaction[];
}

/** The first day from which stored rows must be given to `reconcile`; the bank may show more than it was asked for. */
export function compareFrom(window: TransactionWindow, shown: readonly BankTransaction[]): CalendarDate {
  const oldest = shown.reduce((day, one) => (one.bookedOn && one.bookedOn < day ? one.bookedOn : day), window.from);
  return addDays(oldest, -slackDays);
}

/**
 * Compares what is stored of an account with what the bank shows, and says what must change. Pure.
 *
 * Every shown entry ends up as exactly one live row: matched (its row keeps its id) or created. A stored row that the
 * bank no longer shows is voided, never erased: a pending one always, because pending entries are shown whole; a booked
 * one only where the answer demonstrably covers its day (see `coverageOf`). A row outside of that is left alone. What
 * was voided and is shown again is revived under its id.
 */
export function reconcile(
  stored: readonly TransactionRow[],
  shown: readonly BankTransaction[],
  window: TransactionWindow,
  today: CalendarDate,
): Reconciliation {
  const entries = withoutSettledCopies(shown.map((bank) => shownEntry(bank, today)));
  const isCovered = coverageOf(entries, window);
  const matching = matchEntries(stored.map(storedEntry), entries, isCovered);
  const updated: UpdatedTransaction[] = [];
  const undecided: UpdatedTransaction[] = [];
  for (const { stored: known, shown: entry, tier } of matching.pairs) {
    const row = known.source;
    const change = changeOf(row, entry, tier);
    if (!isSaidBy(row, change)) updated.push(change);
    else if (row.categorySource === null) undecided.push({ ...change, matchedOn: row.matchedOn ?? tier });
  }
  return {
    created: matching.unknown.map((entry) => ({ bank: entry.source, datedOn: entry.day, category: null })),
    updated,
    undecided,
    voided: matching.missing.flatMap((entry) => voidOf(entry, isCovered, today)),
    unchanged: matching.pairs.length - updated.length,
  };
}

/**
 * Some banks show an entry as pending and as booked at the same time: with the same id and amount, and the days of a
 * settlement between them, the booked one is it.
 */
function withoutSettledCopies(shown: readonly ShownEntry[]): readonly ShownEntry[] {
  const keyOf = (entry: ShownEntry) => `${entry.bankTransactionId} ${entry.amount} ${entry.currency}`;
  const booked = Map.groupBy(
    shown.filter((entry) => entry.status === 'BOOKED' && entry.bankTransactionId !== null),
    keyOf,
  );
  const isCopy = (entry: ShownEntry) =>
    entry.bankTransactionId !== null &&
    (booked.get(keyOf(entry)) ?? []).some((other) => Math.abs(daysBetween(entry.day, other.day)) <= settlementDays);
  return shown.filter((entry) => entry.status !== 'PENDING' || !isCopy(entry));
}

/**
 * Which booked days the bank has demonstrably shown whole: inside the window, later than the oldest booked day of the
 * answer (that day may be cut by a limit of the bank) and not later than the newest (a bank that lags behind shows
 * nothing yet of the days after). An empty answer covers nothing: it is what an outage looks like.
 */
function coverageOf(shown: readonly ShownEntry[], window: TransactionWindow): (stored: StoredEntry) => boolean {
  const days = shown.filter((entry) => entry.status === 'BOOKED').map((entry) => entry.day);
  const oldest = days.reduce((least, day) => (day < least ? day : least), '9999-12-31');
  const newest = days.reduce((most, day) => (day > most ? day : most), '0000-01-01');
  return (stored) => stored.day > window.from && stored.day <= window.to && stored.day > oldest && stored.day <= newest;
}

function voidOf(
  entry: StoredEntry,
  isCovered: (stored: StoredEntry) => boolean,
  today: CalendarDate,
): VoidedTransaction[] {
  const facts = { id: entry.source.id, datedOn: entry.day };
  switch (entry.status) {
    case 'VOID':
      return [];
    case 'PENDING':
      return [{ ...facts, reason: daysBetween(entry.day, today) > settlementDays ? 'EXPIRED' : 'VANISHED' }];
    case 'BOOKED':
      return isCovered(entry) ? [{ ...facts, reason: 'BANK_CORRECTION' }] : [];
  }
}

/** The change that makes the row say what the bank says. */
function changeOf(row: TransactionRow, shown: ShownEntry, tier: string): UpdatedTransaction {
  // An entry without a date keeps the day on which it was first seen.
  const datedOn = shown.shownDay === 'undated' ? row.datedOn : shown.day;
  return { id: row.id, bank: shown.source, datedOn, category: decisionOf(row), matchedOn: tier };
}

/** True when the row says all of it already. */
function isSaidBy(row: TransactionRow, { bank, datedOn }: UpdatedTransaction): boolean {
  return (
    row.datedOn === datedOn &&
    row.amount === bank.money.amount &&
    row.currency === bank.money.currency &&
    (row.labelSource !== 'PROVIDER' || row.label === bank.label) &&
    comparedFields.every((field) => row[field] === bank[field])
  );
}

const comparedFields = [
  'status',
  'type',
  'bookedOn',
  'valueOn',
  'transactedOn',
  'bankText',
  'counterpartyName',
  'counterpartyIban',
  'merchantCategoryCode',
  'bankTransactionCode',
  'bankTransactionId',
  'entryReference',
  'endToEndId',
  'mandateId',
  'creditorId',
  'checkId',
] as const satisfies readonly (keyof TransactionRow & keyof BankTransaction)[];

function decisionOf(row: TransactionRow): CategoryDecision | null {
  return row.categorySource === null ? null : { key: row.categoryKey, source: row.categorySource };
}
