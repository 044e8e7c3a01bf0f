import type { BalanceType } from '../domain/account.ts';
import type { BankBalance } from '../domain/bank-snapshot.ts';
import { balancePreference } from '../domain/account.ts';
import { fromMinorUnits, toMinorUnits } from '../kernel/money.ts';
import type { AccountRow } from '../store/accounts.ts';
import type { Entry } from './entry.ts';

/** The account's balance among all that the bank gives: in the account's own currency, by the order of preference. */
export function chooseBalance(balances: readonly BankBalance[], currency: string): BankBalance | null {
  const own = balances.filter((balance) => balance.money.currency === currency);
  const rank = (balance: BankBalance) => balancePreference.indexOf(balance.type);
  return own.toSorted((left, right) => rank(left) - rank(right))[0] ?? null;
}

/** Balances that move by exactly what is booked. */
const bookedTypes: readonly BalanceType[] = ['INTERIM_BOOKED', 'CLOSING_BOOKED'];

/** What is added to the sum of all booked entries and taken from it, in minor units; null when it cannot be told. */
export type Movement = bigint | null;

/** How far new entries in the place of old ones move the sum of what is booked, in minor units of the currency. */
export function movementOf(
  added: readonly Pick<Entry<unknown>, 'status' | 'amount'>[],
  taken: readonly Pick<Entry<unknown>, 'status' | 'amount'>[],
  currency: string,
): Movement {
  const sum = (entries: typeof added) =>
    entries.reduce<Movement>((total, { status, amount }) => {
      const units = status === 'BOOKED' ? toMinorUnits(amount, currency) : 0n;
      return total === null || units === null ? null : total + units;
    }, 0n);
  const [more, less] = [sum(added), sum(taken)];
  return more === null || less === null ? null : more - less;
}

/** Both movements together. */
export function addMovements(left: Movement, right: Movement): Movement {
  return left === null || right === null ? null : left + right;
}

/**
 * Whether the books add up: the former booked balance and what was booked since make the new one. Answers the
 * difference as decimal text (`0.00` when they do), or null where nothing can be compared: at the first sync, between
 * balances of different types, or when the bank gives none that counts what is booked.
 */
export function driftOf(
  account: Pick<AccountRow, 'balanceAmount' | 'balanceType' | 'currency' | 'lastSyncedAt'>,
  balance: BankBalance | null,
  movement: Movement,
): string | null {
  const { balanceType, balanceAmount, currency } = account;
  if (!balance || balanceAmount === null || account.lastSyncedAt === null || movement === null) return null;
  if (balanceType !== balance.type || !bookedTypes.includes(balance.type)) return null;
  const former = toMinorUnits(balanceAmount, currency);
  const current = toMinorUnits(balance.money.amount, currency);
  if (former === null || current === null) return null;
  return fromMinorUnits(current - former - movement, currency);
}
