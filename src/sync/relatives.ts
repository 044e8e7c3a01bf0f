import { daysBetween, type CalendarDate } from '../kernel/calendar-date.ts';
import type { ShownEntry, StoredEntry } from './entry.ts';
import { kinships, otherTiers, type Tier } from './tiers.ts';

/**
 * Tells of a shown entry whether it could have to do with any of these stored rows: by one of the tiers that look
 * further than a day, or as a successor. Of all other entries of the answer nothing depends for these rows.
 */
export function relativesOf(rows: readonly StoredEntry[]): (entry: ShownEntry) => boolean {
  const indexes = [...otherTiers, ...kinships].map((way) => ({ way, days: daysByKey(way, rows) }));
  return (entry) => indexes.some(({ way, days }) => isNear(way, days, entry));
}

type Way = Pick<Tier, 'stored' | 'shown' | 'key' | 'maxDays'>;

function daysByKey({ stored, key }: Way, rows: readonly StoredEntry[]): ReadonlyMap<string | null, CalendarDate[]> {
  const index = new Map<string | null, Set<CalendarDate>>();
  for (const row of rows) {
    if (!stored.includes(row.status)) continue;
    const of = key(row);
    const days = index.get(of) ?? new Set();
    index.set(of, days.add(row.day));
  }
  return new Map([...index].map(([of, days]) => [of, [...days]]));
}

function isNear(way: Way, days: ReadonlyMap<string | null, CalendarDate[]>, entry: ShownEntry): boolean {
  if (days.size === 0 || entry.status === 'VOID' || !way.shown.includes(entry.status)) return false;
  const key = way.key(entry);
  if (key === null) return false;
  return (days.get(key) ?? []).some((day) => Math.abs(daysBetween(day, entry.day)) <= way.maxDays);
}
