import type { BankTransaction } from '../domain/bank-snapshot.ts';
import type { CalendarDate } from '../kernel/calendar-date.ts';
import type { TransactionRow } from '../store/transactions.ts';
import { namingWords, plainText } from './bank-words.ts';

/** What the matching looks at, the same on both sides: a stored row or an entry that the bank shows. */
export interface Entry<Source> {
  readonly source: Source;
  readonly status: TransactionRow['status'];
  /** The day on which it stands; for an entry without any date the day on which it was first seen. */
  readonly day: CalendarDate;
  /** The same, but `undated` for an entry to which the bank gives no date at all. */
  readonly shownDay: string;
  readonly amount: string;
  readonly currency: string;
  readonly bankTransactionId: string | null;
  readonly entryReference: string | null;
  readonly endToEndId: string | null;
  readonly counterpartyIban: string | null;
  readonly bankText: string;
  /** The same without accents, case and punctuation. */
  readonly text: string;
  readonly words: ReadonlySet<string>;
}

export type StoredEntry = Entry<TransactionRow>;
export interface ShownEntry extends Entry<BankTransaction> {
  /** Its place in what the bank has shown. */
  readonly sequence: number;
}

/** The day by which a transaction is ordered: booked, else purchased, else valued, else first seen. */
export function datedOn(bank: BankTransaction, firstSeenOn: CalendarDate): CalendarDate {
  return bank.bookedOn ?? bank.transactedOn ?? bank.valueOn ?? firstSeenOn;
}

export function storedEntry(row: TransactionRow): StoredEntry {
  return entryOf(row, row.status, row.amount, row.currency, row.datedOn);
}

export function shownEntry(bank: BankTransaction, today: CalendarDate, sequence: number): ShownEntry {
  // Added to the object, for a copy would work out its words and text at once.
  return Object.assign(entryOf(bank, bank.status, bank.money.amount, bank.money.currency, datedOn(bank, today)), {
    sequence,
  });
}

type SharedFacts = Pick<
  BankTransaction,
  | 'bookedOn'
  | 'transactedOn'
  | 'valueOn'
  | 'bankTransactionId'
  | 'entryReference'
  | 'endToEndId'
  | 'counterpartyIban'
  | 'bankText'
>;

function entryOf<Source extends SharedFacts>(
  source: Source,
  status: TransactionRow['status'],
  amount: string,
  currency: string,
  day: CalendarDate,
): Entry<Source> {
  let text: string | undefined;
  let words: ReadonlySet<string> | undefined;
  return {
    source,
    status,
    day,
    shownDay: source.bookedOn ?? source.transactedOn ?? source.valueOn ?? 'undated',
    amount,
    currency,
    bankTransactionId: source.bankTransactionId,
    entryReference: source.entryReference,
    endToEndId: source.endToEndId,
    counterpartyIban: source.counterpartyIban,
    bankText: source.bankText,
    get text() {
      text ??= plainText(source.bankText);
      return text;
    },
    // Only what reaches the loose tiers needs its words.
    get words() {
      words ??= namingWords(source.bankText);
      return words;
    },
  };
}
