import { daysBetween } from '../kernel/calendar-date.ts';
import type { Entry, ShownEntry } from './entry.ts';
import { settlementDays } from './tiers.ts';

/**
 * Some banks show an entry as pending and as booked at the same time: with the same id and amount, and the days of a
 * settlement between them, the booked one is it. `others` are shown too, but not among those that are given back.
 */
export function withoutSettledCopies(
  shown: readonly ShownEntry[],
  others: readonly Entry<unknown>[] = [],
): readonly ShownEntry[] {
  const keyOf = (entry: Entry<unknown>) => `${entry.bankTransactionId} ${entry.amount} ${entry.currency}`;
  const booked = Map.groupBy(
    [...shown, ...others].filter((entry) => entry.status === 'BOOKED' && entry.bankTransactionId !== null),
    keyOf,
  );
  const isCopy = (entry: ShownEntry) =>
    entry.bankTransactionId !== null &&
    (booked.get(keyOf(entry)) ?? []).some((other) => Math.abs(daysBetween(entry.day, other.day)) <= settlementDays);
  return shown.filter((entry) => entry.status !== 'PENDING' || !isCopy(entry));
}
