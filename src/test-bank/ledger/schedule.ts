import { addDays, daysBetween, type CalendarDate } from '../../kernel/calendar-date.ts';
import type { TransactionRule } from '../scenario/transaction-rule.ts';

type DayOfMonth = number | 'last' | 'last-working';

/** Monday is 1, Sunday 7. */
export function weekday(date: CalendarDate): number {
  return ((((daysBetween('1970-01-01', date) + 3) % 7) + 7) % 7) + 1;
}

/** The day itself, or the Monday after a week-end. */
export function nextWorkingDay(date: CalendarDate): CalendarDate {
  return addDays(date, Math.max(0, [6, 7].includes(weekday(date)) ? 8 - weekday(date) : 0));
}

function lastOfMonth(year: number, month: number): CalendarDate {
  return new Date(Date.UTC(year, month + 1, 0)).toISOString().slice(0, 10);
}

/** A day of a month (0 is January), where 31 in a short month is its last day. */
export function dayInMonth(year: number, month: number, day: DayOfMonth): CalendarDate {
  const last = lastOfMonth(year, month);
  if (day === 'last') return last;
  if (day === 'last-working') return addDays(last, -Math.max(0, weekday(last) - 5));
  return addDays(`${last.slice(0, 8)}01`, Math.min(day, Number(last.slice(8))) - 1);
}

/** All such days of consecutive months from `from` to `until`, both included. */
export function* monthlyDays(
  day: DayOfMonth,
  from: CalendarDate,
  until: CalendarDate,
  everyMonths = 1,
): Generator<CalendarDate> {
  const year = Number(from.slice(0, 4));
  const firstMonth = Number(from.slice(5, 7)) - 1;
  for (let step = 0; ; step += everyMonths) {
    const date = dayInMonth(year + Math.floor((firstMonth + step) / 12), (firstMonth + step) % 12, day);
    if (date > until) return;
    if (date >= from) yield date;
  }
}

/** The days on which a rule falls due, in order, up to a horizon that is included. */
export function* dueDays(rule: TransactionRule, epoch: CalendarDate, horizon: CalendarDate): Generator<CalendarDate> {
  if (rule.on !== undefined) {
    if (rule.on <= horizon) yield rule.on;
    return;
  }
  const span = rule.every ?? rule.monthly;
  if (!span) return;
  const from = span.from ?? epoch;
  const until = span.until !== undefined && span.until < horizon ? span.until : horizon;
  if (rule.every) {
    for (let date = from; date <= until; date = addDays(date, rule.every.days)) yield date;
  } else if (rule.monthly) {
    const { day, months, roll } = rule.monthly;
    for (const date of monthlyDays(day, from, until, months))
      yield roll === 'next-working' ? nextWorkingDay(date) : date;
  }
}
