import type { CalendarDate } from '../kernel/calendar-date.ts';
import type { Money } from '../kernel/money.ts';
import type { AccountType, AccountUsage, BalanceType } from './account.ts';
import type { TransactionType } from './transaction.ts';

/**
 * What a connector delivers: the bank's data in our words, before it is compared with what is stored. Texts are clean
 * (no control characters, bounded length), amounts are signed (debit negative) and canonical for their currency.
 */
export interface BankAccount {
  /** How the connector asks for this account; may change with every consent, so it is never an identity. */
  readonly bankAccountId: string;
  readonly iban: string | null;
  readonly maskedPan: string | null;
  /** Any other stable identification the bank gives (BBAN, contract number). */
  readonly otherIdentification: string | null;
  readonly bic: string | null;
  readonly currency: string;
  readonly name: string;
  readonly ownerName: string | null;
  readonly product: string | null;
  readonly type: AccountType;
  readonly usage: AccountUsage | null;
  readonly isClosed: boolean;
}

export interface BankBalance {
  readonly type: BalanceType;
  /** The bank's own word for the type, kept because banks stretch the standard's. */
  readonly bankType: string;
  readonly money: Money;
  readonly referenceOn: CalendarDate | null;
  readonly changedAt: Date | null;
}

export interface BankTransaction {
  readonly status: 'PENDING' | 'BOOKED';
  readonly money: Money;
  /** What was charged in another currency than `money`, signed like it; null where the bank does not tell. */
  readonly original: Money | null;
  /** Units of the original currency for one of `money`, above zero: decimal text of at most 9 decimals, no trailing zeros. */
  readonly exchangeRate: string | null;
  /** Null only for a pending entry that the bank shows without a date. */
  readonly bookedOn: CalendarDate | null;
  readonly valueOn: CalendarDate | null;
  /** The day of the purchase, where the bank or its text tells it. */
  readonly transactedOn: CalendarDate | null;
  /** The bank's ids, as attributes: hints for matching, never identity. Placeholders are already dropped. */
  readonly bankTransactionId: string | null;
  readonly entryReference: string | null;
  readonly endToEndId: string | null;
  readonly mandateId: string | null;
  readonly creditorId: string | null;
  readonly checkId: string | null;
  /** The bank's text, lines joined by a newline. */
  readonly bankText: string;
  /** The text a person wants to read. */
  readonly label: string;
  readonly counterpartyName: string | null;
  readonly counterpartyIban: string | null;
  readonly merchantCategoryCode: string | null;
  /** ISO 20022 code `PMNT-RDDT-ESDD`, or the bank's own. */
  readonly bankTransactionCode: string | null;
  readonly type: TransactionType;
}
