import type { BankTransaction } from '../domain/bank-snapshot.ts';
import type { CategoryDecision, UpdatedTransaction } from '../domain/change-set.ts';
import type { ComparedRow } from '../store/transactions.ts';
import { movementOf } from './books.ts';
import { bankLabelOf, type ShownEntry } from './entry.ts';
import type { EntryMatch } from './match-entries.ts';

/** What the pairs of a matching change; most of the time nothing. */
export function changesOf(pairs: readonly EntryMatch[], currency: string) {
  const updated: UpdatedTransaction[] = [];
  const undecided: UpdatedTransaction[] = [];
  const changed: EntryMatch[] = [];
  for (const pair of pairs) {
    const row = pair.stored.source;
    const change = changeOf(row, pair.shown, pair.tier);
    if (!isSaidBy(row, change)) {
      updated.push(change);
      changed.push(pair);
    } else if (row.categorySource === null) {
      undecided.push({ ...change, matchedOn: row.matchedOn ?? pair.tier });
    }
  }
  const movement = movementOf(
    changed.map((pair) => pair.shown),
    changed.map((pair) => pair.stored),
    currency,
  );
  return { updated, undecided, unchanged: pairs.length - updated.length, movement };
}

/** The change that makes the row say what the bank says. */
function changeOf(row: ComparedRow, shown: ShownEntry, tier: string): UpdatedTransaction {
  // An entry without a date keeps the day on which it was first seen.
  const datedOn = shown.shownDay === 'undated' ? row.datedOn : shown.day;
  return { id: row.id, bank: shown.source, datedOn, category: decisionOf(row), matchedOn: tier };
}

/** True when the row says all of it already. */
function isSaidBy(row: ComparedRow, { bank, datedOn }: UpdatedTransaction): boolean {
  return (
    row.datedOn === datedOn &&
    row.amount === bank.money.amount &&
    row.currency === bank.money.currency &&
    row.originalAmount === (bank.original?.amount ?? null) &&
    row.originalCurrency === (bank.original?.currency ?? null) &&
    bankLabelOf(row) === bank.label &&
    comparedFields.every((field) => row[field] === bank[field])
  );
}

const comparedFields = [
  'status',
  'type',
  'exchangeRate',
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
] as const satisfies readonly (keyof ComparedRow & keyof BankTransaction)[];

function decisionOf(row: ComparedRow): CategoryDecision | null {
  return row.categorySource === null ? null : { key: row.categoryKey, source: row.categorySource };
}
