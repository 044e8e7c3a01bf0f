import { addDays, dateIn, daysBetween, type CalendarDate } from '../kernel/calendar-date.ts';
import { instantAt } from '../kernel/local-time.ts';

/** How many days before the last day of a consent its person is to be reminded. */
export const reminderDays = [30, 7, 1, 0] as const;

/** Nobody wants to hear of it at midnight: reminders come at this time of day at the bank. */
const reminderTimeMilliseconds = 8 * 3_600_000;

interface Validity {
  /** The last day on which the consent holds. */
  readonly validUntil: CalendarDate;
  /** The bank's own. */
  readonly timeZone: string;
  /** The last reminder that was given, in days before the end; null for none. */
  readonly remindedDays: number | null;
}

/** What is to be done about the end of a consent. */
export type ReminderPlan =
  | { readonly kind: 'EXPIRED' }
  | {
      readonly kind: 'VALID';
      readonly status: 'ACTIVE' | 'EXPIRING';
      /** How many days are left, when that is to be said now; null when it has been, or is too early. */
      readonly daysLeftToTell: number | null;
      /** The reminder that now counts as given, in days before the end. */
      readonly remindedDays: number | null;
      /** When to look again. */
      readonly remindAt: Date;
    };

/**
 * What is due now: of several reminders that were missed only the one that is nearest to the end. A consent that the
 * bank has prolonged is reminded of anew.
 */
export function planReminder({ validUntil, timeZone, remindedDays }: Validity, now: Date): ReminderPlan {
  const end = instantAt(timeZone, addDays(validUntil, 1));
  if (now >= end) return { kind: 'EXPIRED' };
  const remindersAt = reminderDays.map((days) => ({
    days,
    at: instantAt(timeZone, addDays(validUntil, -days), reminderTimeMilliseconds),
  }));
  const nearest = remindersAt.findLast(({ at }) => at <= now);
  const next = remindersAt.find(({ at }) => at > now);
  const isToTell = nearest !== undefined && (remindedDays === null || nearest.days < remindedDays);
  return {
    kind: 'VALID',
    status: nearest ? 'EXPIRING' : 'ACTIVE',
    daysLeftToTell: isToTell ? daysBetween(dateIn(timeZone, now), validUntil) : null,
    remindedDays: nearest?.days ?? null,
    remindAt: next?.at ?? end,
  };
}
