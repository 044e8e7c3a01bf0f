import type { BalanceType } from '../domain/account.ts';
import type { BankBalance } from '../domain/bank-snapshot.ts';
import type { ChangeSet } from '../domain/change-set.ts';
import { balancePreference } from '../domain/account.ts';
import { fromMinorUnits, toMinorUnits } from '../kernel/money.ts';
import type { AccountRow } from '../store/accounts.ts';
import type { TransactionRow } from '../store/transactions.ts';

/** The account's balance among all that the bank gives: in the account's own currency, by the order of preference. */
export function chooseBalance(balances: readonly BankBalance[], currency: string): BankBalance | null {
  const own = balances.filter((balance) => balance.money.currency === currency);
  const rank = (balance: BankBalance) => balancePreference.indexOf(balance.type);
  return own.toSorted((left, right) => rank(left) - rank(right))[0] ?? null;
}

/** Balances that move by exactly what is booked. */
const bookedTypes: readonly BalanceType[] = ['INTERIM_BOOKED', 'CLOSING_BOOKED'];

/**
 * Whether the books add up: the former booked balance and what was booked since make the new one. Answers the
 * difference as decimal text (`0.00` when they do), or null where nothing can be compared: at the first sync, between
 * balances of different types, or when the bank gives none that counts what is booked.
 */
export function driftOf(
  account: Pick<AccountRow, 'balanceAmount' | 'balanceType' | 'currency' | 'lastSyncedAt'>,
  balance: BankBalance | null,
  stored: readonly TransactionRow[],
  changes: ChangeSet,
): string | null {
  const { balanceType, balanceAmount, currency } = account;
  if (!balance || balanceAmount === null || account.lastSyncedAt === null) return null;
  if (balanceType !== balance.type || !bookedTypes.includes(balance.type)) return null;
  const former = toMinorUnits(balanceAmount, currency);
  const current = toMinorUnits(balance.money.amount, currency);
  const moved = bookedSince(stored, changes, currency);
  if (former === null || current === null || moved === null) return null;
  return fromMinorUnits(current - former - moved, currency);
}

/** What the changes add to the sum of all booked transactions, in minor units; null when an amount is no amount. */
function bookedSince(stored: readonly TransactionRow[], changes: ChangeSet, currency: string): bigint | null {
  const before = new Map(stored.map((row) => [row.id, row.status === 'BOOKED' ? row.amount : '0']));
  const amounts: [added: string, taken: string][] = [
    ...changes.created.map((one): [string, string] => [bookedAmount(one), '0']),
    ...changes.updated.map((one): [string, string] => [bookedAmount(one), before.get(one.id) ?? '0']),
    ...changes.voided.map((one): [string, string] => ['0', before.get(one.id) ?? '0']),
  ];
  let sum = 0n;
  for (const [added, taken] of amounts) {
    const units = toMinorUnits(added, currency);
    const less = toMinorUnits(taken, currency);
    if (units === null || less === null) return null;
    sum += units - less;
  }
  return sum;
}

function bookedAmount(one: ChangeSet['created'][number]): string {
  return one.bank.status === 'BOOKED' ? one.bank.money.amount : '0';
}
