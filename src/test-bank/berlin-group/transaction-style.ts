import type { CalendarDate } from '../../kernel/calendar-date.ts';
import type { Money } from '../../kernel/money.ts';
import type { Switches } from '../scenario/switches.ts';

/** How one transaction is to be written. */
export interface TransactionStyle {
  readonly switches: Switches;
  /** Place in the answer, for the habits that strike every second entry. */
  readonly position: number;
  /** Place in the books, 0 the oldest; null while pending. */
  readonly bookPosition: number | null;
  /** Changes every id: the fault reissued-ids. */
  readonly idSalt: string;
  /** Another currency than the account's: the failure data_inconsistent. */
  readonly currency: string | null;
  readonly today: CalendarDate;
  /** The name of the holder, for banks that show it in the wrong place. */
  readonly holder: string;
  /** The balance after a booked entry; null while pending. */
  readonly balanceAfter: Money | null;
  /** The address of the entry's details, where the bank links to them. */
  readonly details: string | null;
}
