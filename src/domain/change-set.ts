import type { CalendarDate } from '../kernel/calendar-date.ts';
import type { TransactionId } from '../kernel/id.ts';
import type { BankTransaction } from './bank-snapshot.ts';
import type { DecisionSource, VoidReason } from './transaction.ts';

/** A category and who decided it; null while nobody has. */
export interface CategoryDecision {
  readonly key: string;
  readonly source: DecisionSource;
}

/** A transaction that the bank shows for the first time. */
export interface CreatedTransaction {
  readonly bank: BankTransaction;
  readonly datedOn: CalendarDate;
  readonly category: CategoryDecision | null;
  /** The category that the model would give, whoever has decided; absent or null when it has none. */
  readonly modelCategoryKey?: string | null;
  /** Given where another one of the change set names it. */
  readonly id?: TransactionId;
}

/** A known transaction of which the bank tells something new. Its id, and what a person decided, stay. */
export interface UpdatedTransaction extends CreatedTransaction {
  readonly id: TransactionId;
  /** The tier of the matching that recognised it. */
  readonly matchedOn: string;
}

/** A known transaction that the bank no longer shows. */
export interface VoidedTransaction {
  readonly id: TransactionId;
  readonly reason: VoidReason;
  /** The new transaction that took its place, where it is known. */
  readonly supersededBy: TransactionId | null;
  readonly datedOn: CalendarDate;
}

/** What must change in one account so that the ledger says what the bank says. */
export interface ChangeSet {
  readonly created: readonly CreatedTransaction[];
  readonly updated: readonly UpdatedTransaction[];
  readonly voided: readonly VoidedTransaction[];
  readonly unchanged: number;
}
