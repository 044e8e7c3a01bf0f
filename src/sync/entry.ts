import { factsOf, factsOfBank } from '../domain/bank-facts.ts';
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
  /** All that the bank says of a booked entry, as one text; null for any other. */
  readonly facts: string | null;
  /** The bank's text without accents, case and punctuation. */
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
  return new ComparedEntry(row, row, factsOfRow, row.datedOn, 0);
}

export function shownEntry(bank: BankTransaction, today: CalendarDate, sequence: number): ShownEntry {
  return new ComparedEntry(bank, bank.money, factsOfBank, datedOn(bank, today), sequence);
}

/** What the bank's text made of a label when the row was last written, whatever the person has made of it. */
export function bankLabelOf(row: ComparedRow): string | null {
  return row.labelSource === 'PROVIDER' ? row.label : row.providerLabel;
}

function factsOfRow(row: ComparedRow): string | null {
  return factsOf(row, row, bankLabelOf(row));
}

type SharedFacts = Omit<BankTransaction, 'status' | 'money' | 'original'> & Pick<ComparedRow, 'status'>;

/** There are as many of them as an account has entries, twice: they hold no more than they must. */
class ComparedEntry<Source extends SharedFacts> implements Entry<Source> {
  readonly source: Source;
  readonly status: ComparedRow['status'];
  readonly amount: string;
  readonly currency: string;
  readonly day: CalendarDate;
  readonly sequence: number;
  readonly #factsOfSource: (source: Source) => string | null;
  #text: string | undefined;
  #words: ReadonlySet<string> | undefined;

  constructor(
    source: Source,
    money: Pick<ComparedRow, 'amount' | 'currency'>,
    factsOfSource: (source: Source) => string | null,
    day: CalendarDate,
    sequence: number,
  ) {
    this.source = source;
    this.status = source.status;
    this.amount = money.amount;
    this.currency = money.currency;
    this.#factsOfSource = factsOfSource;
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

  get facts(): string | null {
    return this.#factsOfSource(this.source);
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
