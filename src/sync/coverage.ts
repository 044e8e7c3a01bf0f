import type { TransactionWindow } from '../connectors/connector.ts';
import { daysBetween, type CalendarDate } from '../kernel/calendar-date.ts';
import type { StoredEntry } from './entry.ts';

/** Which booked days the bank has demonstrably shown whole. */
export interface Coverage {
  /** True for a row on a day on which the bank, showing what it shows, would have shown it too. */
  readonly isCovered: (stored: Pick<StoredEntry, 'day'>) => boolean;
  /** Among these, the rows that stand before the first day that the answer covers, though the bank was asked for them. */
  readonly isCutOff: (stored: Pick<StoredEntry, 'day'>) => boolean;
}

/** A longer stretch without any entry, where this many are stored, is a hole in the answer, and not a correction. */
const maxHoleDays = 7;
const minRowsOfHole = 3;

/**
 * Only what is covered may become void. Covered are the days inside the window, later than the oldest booked day of the
 * answer (that day may be cut by a limit of the bank) and not later than the newest (a bank that lags behind shows
 * nothing yet of the days after). A bank whose history is shorter than asked may still show some old entry: nothing at
 * or before a hole is covered. An empty answer covers nothing: it is what an outage looks like. What is shown of days
 * before the window says nothing of those that were asked for.
 */
export function coverageOf(
  shownDays: Iterable<CalendarDate>,
  storedDays: ReadonlyMap<CalendarDate, number>,
  window: TransactionWindow,
): Coverage {
  const days = [...new Set(shownDays)]
    .filter((day) => day >= window.from)
    .toSorted((left, right) => (left < right ? -1 : 1));
  const newest = days.at(-1);
  const oldest = firstWithoutHole(days, storedDays);
  const isAsked = (day: CalendarDate) => day > window.from && day <= window.to;
  return {
    isCovered: ({ day }) =>
      isAsked(day) && oldest !== undefined && newest !== undefined && day > oldest && day <= newest,
    isCutOff: ({ day }) => isAsked(day) && oldest !== undefined && day < oldest,
  };
}

/** How many stored rows must be cut off for it to be said: a single one may as well have been taken back by the bank. */
export function isTruncated(cutOffRows: number): boolean {
  return cutOffRows >= minRowsOfHole;
}

function firstWithoutHole(
  days: readonly CalendarDate[],
  storedDays: ReadonlyMap<CalendarDate, number>,
): CalendarDate | undefined {
  let first = days.at(-1);
  for (const before of days.toReversed().slice(1)) {
    if (first === undefined || isHole(before, first, storedDays)) return first;
    first = before;
  }
  return first;
}

function isHole(from: CalendarDate, to: CalendarDate, storedDays: ReadonlyMap<CalendarDate, number>): boolean {
  if (daysBetween(from, to) - 1 <= maxHoleDays) return false;
  let rows = 0;
  for (const [day, count] of storedDays) if (day > from && day < to) rows += count;
  return rows >= minRowsOfHole;
}
