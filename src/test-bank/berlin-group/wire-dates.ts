import { addDays, daysBetween } from '../../kernel/calendar-date.ts';
import type { Movement } from '../ledger/movement.ts';
import type { TransactionStyle } from './transaction-style.ts';

const settledAfterDays = 3;
const repaymentDays = 30;

/** The dates of an entry, in the bank's habit. */
export function datesOf(movement: Movement, { switches, today }: TransactionStyle): object {
  const { bookedOn, valueOn, happensOn } = movement;
  if (bookedOn === null) {
    if (switches.pending === 'undated') return {};
    if (switches.pending === 'future-dated') return { valueDate: addDays(valueOn, 7) };
    return { valueDate: happensOn };
  }
  switch (switches.dates) {
    case 'both':
    case 'card-date-in-text':
      return { bookingDate: bookedOn, valueDate: valueOn };
    case 'booking-only':
      return { bookingDate: bookedOn };
    case 'value-only':
      return { valueDate: valueOn };
    case 'date-time':
      return { valueDateTime: `${valueOn}T00:00:00.000Z` };
    case 'none':
      return {};
    case 'repayment-value':
      return { bookingDate: bookedOn, valueDate: addDays(valueOn, repaymentDays) };
    case 'shifting-value':
      return {
        bookingDate: bookedOn,
        valueDate: addDays(valueOn, daysBetween(bookedOn, today) < settledAfterDays ? 0 : 1),
      };
    default:
      return switches.dates satisfies never;
  }
}
