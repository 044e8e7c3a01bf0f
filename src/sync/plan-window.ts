import type { TransactionWindow } from '../connectors/connector.ts';
import { addDays, type CalendarDate } from '../kernel/calendar-date.ts';

/**
 * How many days before the newest booked day are read again. Banks book late entries on earlier days for about a week
 * (weekends and holidays included), and a pending entry settles within 7 to 10 days.
 */
export const overlapDays = 10;

interface WindowFacts {
  /** The day at the bank. */
  readonly today: CalendarDate;
  /** How far back the bank tells. */
  readonly historyDays: number;
  /** The first day that has been read; null before the first read. */
  readonly coveredFrom: CalendarDate | null;
  /** The newest booked day that is stored, not after today. */
  readonly newestBookedOn: CalendarDate | null;
  readonly oldestPendingOn: CalendarDate | null;
}

/**
 * The days to ask the bank for. The first read takes all the history there is; a later one begins an overlap before
 * what is newest in the books or oldest among the pending, but never before what was covered (nothing to compare with)
 * nor before what the bank still tells.
 */
export function planWindow(facts: WindowFacts): TransactionWindow {
  const limit = addDays(facts.today, -facts.historyDays);
  if (facts.coveredFrom === null) return { from: limit, to: facts.today };
  const edges = [facts.newestBookedOn, facts.oldestPendingOn].filter((day) => day !== null);
  const anchor = edges.reduce((oldest, day) => (day < oldest ? day : oldest), facts.today);
  const floor = later(limit, facts.coveredFrom);
  // Without any booked entry nothing says how far the bank has come: all that is covered is read again.
  const from = facts.newestBookedOn === null ? floor : later(floor, addDays(anchor, -overlapDays));
  return { from: from < facts.today ? from : facts.today, to: facts.today };
}

function later(left: CalendarDate, right: CalendarDate): CalendarDate {
  return left > right ? left : right;
}
