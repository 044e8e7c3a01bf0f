import type { CalendarDate } from '../../kernel/calendar-date.ts';
import type { Money } from '../../kernel/money.ts';
import type { Movement } from '../ledger/movement.ts';

/** What a statement tells, in no format. Entries are the oldest first, as in printed statements. */
export interface Statement {
  readonly id: string;
  readonly createdAt: Date;
  /** IBAN, or the masked number of a card. */
  readonly number: string;
  readonly isIban: boolean;
  readonly bic: string;
  readonly holder: string;
  readonly currency: string;
  readonly from: CalendarDate;
  readonly to: CalendarDate;
  readonly opening: Money;
  readonly closing: Money;
  readonly booked: readonly Movement[];
  readonly pending: readonly Movement[];
}
