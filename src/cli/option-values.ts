import { InvalidArgumentError } from 'commander';
import { isCalendarDate, type CalendarDate } from '../kernel/calendar-date.ts';

/** Reads an option that is a whole number within bounds, both included. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

/** Reads an option that is a day. */
export function calendarDate(text: string): CalendarDate {
  if (isCalendarDate(text)) return text;
  throw new InvalidArgumentError('It must be a day that exists, written YYYY-MM-DD.');
}
