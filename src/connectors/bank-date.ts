import { addDays, daysBetween, dateIn, isCalendarDate, type CalendarDate } from '../kernel/calendar-date.ts';
import { instantAt, offsetMilliseconds } from '../kernel/local-time.ts';

const dateTimePattern = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(?:[.,]\d{1,9})?(Z|[+-]\d{2}:?\d{2})?$/;

/** A bank's `YYYY-MM-DD`, or null when it is no day that exists since 1900. */
export function bankDay(text: string | undefined): CalendarDate | null {
  if (text === undefined || text.length > 40) return null;
  const trimmed = text.trim();
  if (isCalendarDate(trimmed)) return trimmed;
  // Some banks write a date-time where a date is due: its day as written is what they mean.
  const day = dateTimePattern.exec(trimmed)?.[1] ?? '';
  return isCalendarDate(day) ? day : null;
}

/** The day of a bank's date-time in the bank's time zone, or null; without an offset the bank's zone is meant. */
export function bankDayOfInstant(text: string | undefined, timeZone: string): CalendarDate | null {
  if (text === undefined || text.length > 40) return null;
  const match = dateTimePattern.exec(text.trim());
  if (!match?.[3]) return bankDay(text);
  const at = bankInstant(text, timeZone);
  return at ? dateIn(timeZone, at) : null;
}

/** A bank's date-time as an instant, or null; without an offset it is local time in the bank's time zone. */
export function bankInstant(text: string | undefined, timeZone: string): Date | null {
  if (text === undefined || text.length > 40) return null;
  const match = dateTimePattern.exec(text.trim());
  const day = match?.[1] ?? '';
  if (!match || !isCalendarDate(day)) return null;
  const offset = match[3];
  const at = new Date(`${day}T${match[2] ?? '00:00'}${offset ?? 'Z'}`);
  if (Number.isNaN(at.getTime())) return null;
  return offset ? at : new Date(at.getTime() - offsetMilliseconds(timeZone, at));
}

/** The instant at which a day begins in the bank's time zone. */
export function startOfBankDay(day: CalendarDate, timeZone: string): Date {
  return instantAt(timeZone, day);
}

/**
 * The day that a label's day and month mean: the latest such day not after `near` by more than a week. Labels carry two
 * digits of the year or none; null when the day is impossible or more than 60 days from `near` (a wrong reading).
 */
export function dayNear(near: CalendarDate, day: string, month: string, year?: string): CalendarDate | null {
  const latest = addDays(near, 7);
  const years =
    year === undefined || year === ''
      ? [near.slice(0, 4), String(Number(near.slice(0, 4)) - 1), String(Number(near.slice(0, 4)) + 1)]
      : [year.length === 2 ? `${near.slice(0, 2)}${year}` : year];
  for (const candidateYear of years) {
    const candidate = `${candidateYear}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
    if (!isCalendarDate(candidate) || candidate > latest) continue;
    if (daysBetween(candidate, near) <= 60) return candidate;
  }
  return null;
}
