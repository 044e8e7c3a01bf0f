import { daysBetween } from '../kernel/calendar-date.ts';
import type { ShownEntry } from './entry.ts';
import { settlementDays } from './tiers.ts';

/**
 * Some banks show an entry as pending and as booked at the same time: with the same id and amount, and the days of a
 * settlement between them, the booked one is it.
 */
export function withoutSettledCopies(shown: readonly ShownEntry[]): readonly ShownEntry[] {
  const keyOf = (entry: ShownEntry) => `${entry.bankTransactionId} ${entry.amount} ${entry.currency}`;
  const booked = Map.groupBy(
    shown.filter((entry) => entry.status === 'BOOKED' && entry.bankTransactionId !== null),
    keyOf,
  );
  const isCopy = (entry: ShownEntry) =>
    entry.bankTransactionId !== null &&
    (booked.get(keyOf(entry)) ?? []).some((other) => Math.abs(daysBetween(entry.day, other.day)) <= settlementDays);
  return shown.filter((entry) => entry.status !== 'PENDING' || !isCopy(entry));
}
