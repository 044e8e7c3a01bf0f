import type { BankTransaction } from '../domain/bank-snapshot.ts';
import type { CalendarDate } from '../kernel/calendar-date.ts';
import type { ComparedRow } from '../store/transactions.ts';
import { namingWords, plainText } from './bank-words.ts';

/** What the matching looks at, the same on both sides: a stored row or an entry that the bank shows. */
export interface Entry<Source> {
  readonly source: Source;
  readonly status: ComparedRow['status'];
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

export type StoredEntry = Entry<ComparedRow>;
export interface ShownEntry extends Entry<BankTransaction> {
  /** Its place in what the bank has shown. */
  readonly sequence: number;
}

/** The day by which a transaction is ordered: booked, else purchased, else valued, else first seen. */
export function datedOn(bank: BankTransaction, firstSeenOn: CalendarDate): CalendarDate {
  return bank.bookedOn ?? bank.transactedOn ?? bank.valueOn ?? firstSeenOn;
}

export function storedEntry(row: ComparedRow): StoredEntry {
  return new ComparedEntry(row, row.status, row.amount, row.currency, row.datedOn, 0);
}

export function shownEntry(bank: BankTransaction, today: CalendarDate, sequence: number): ShownEntry {
  return new ComparedEntry(bank, bank.status, bank.money.amount, bank.money.currency, datedOn(bank, today), sequence);
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

/** There are as many of them as an account has entries, twice: they hold no more than they must. */
class ComparedEntry<Source extends SharedFacts> implements Entry<Source> {
  readonly source: Source;
  readonly status: ComparedRow['status'];
  readonly amount: string;
  readonly currency: string;
  readonly day: CalendarDate;
  readonly sequence: number;
  #text: string | undefined;
  #words: ReadonlySet<string> | undefined;

  constructor(
    source: Source,
    status: ComparedRow['status'],
    amount: string,
    currency: string,
    day: CalendarDate,
    sequence: number,
  ) {
    this.source = source;
    this.status = status;
    this.amount = amount;
    this.currency = currency;
    this.day = day;
    this.sequence = sequence;
  }

  get shownDay(): string {
    return this.source.bookedOn ?? this.source.transactedOn ?? this.source.valueOn ?? 'undated';
  }

  get bankTransactionId(): string | null {
    return this.source.bankTransactionId;
  }

  get entryReference(): string | null {
    return this.source.entryReference;
  }

  get endToEndId(): string | null {
    return this.source.endToEndId;
  }

  get counterpartyIban(): string | null {
    return this.source.counterpartyIban;
  }

  get bankText(): string {
    return this.source.bankText;
  }

  /** Only what exact content leaves over needs it. */
  get text(): string {
    return (this.#text ??= plainText(this.bankText));
  }

  /** Only what reaches the loose tiers needs them. */
  get words(): ReadonlySet<string> {
    return (this.#words ??= namingWords(this.bankText));
  }
}
