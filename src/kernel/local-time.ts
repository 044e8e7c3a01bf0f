import { addDays, dateIn, type CalendarDate } from './calendar-date.ts';

const formatters = new Map<string, Intl.DateTimeFormat>();

/** How far the clocks of a time zone (IANA name) are ahead of UTC at this instant. */
export function offsetMilliseconds(timeZone: string, at: Date): number {
  let formatter = formatters.get(timeZone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-GB', { timeZone, timeZoneName: 'longOffset' });
    formatters.set(timeZone, formatter);
  }
  const name = formatter.formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? '';
  const match = /^GMT([+-])(\d{2}):(\d{2})/.exec(name);
  if (!match) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return (match[1] === '-' ? -minutes : minutes) * 60_000;
}

/**
 * The instant at which the clocks of a time zone show this time of a day. A time that a change of the clocks skips is
 * the instant as far after the change; one that they show twice is the first.
 */
export function instantAt(timeZone: string, date: CalendarDate, millisecondsOfDay = 0): Date {
  const asUtc = Date.parse(`${date}T00:00:00Z`) + millisecondsOfDay;
  const before = offsetMilliseconds(timeZone, new Date(asUtc - 86_400_000));
  const guess = asUtc - before;
  const there = offsetMilliseconds(timeZone, new Date(guess));
  if (there === before) return new Date(guess);
  const moved = asUtc - there;
  return new Date(offsetMilliseconds(timeZone, new Date(moved)) === there ? moved : guess);
}

/** The instant at which the day of this one ends in a time zone, and the next begins. */
export function nextMidnight(timeZone: string, at: Date): Date {
  return instantAt(timeZone, addDays(dateIn(timeZone, at), 1));
}

/** How long the day of this instant has lasted by the clocks of a time zone. */
export function millisecondsOfDay(timeZone: string, at: Date): number {
  return (at.getTime() + offsetMilliseconds(timeZone, at)) % 86_400_000;
}
