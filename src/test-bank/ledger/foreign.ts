import { currencyExponent, fromMinorUnits, type Money } from '../../kernel/money.ts';
import type { TransactionRule } from '../scenario/transaction-rule.ts';

/** What was paid in another currency than the account's. */
export interface Foreign {
  /** Signed like the movement. */
  readonly money: Money;
  /** Units of the foreign currency for one of the account's, a decimal text. */
  readonly rate: string;
}

/** The foreign amount of so many minor units of the account's currency, rounded half away from zero. */
export function foreignOf(units: bigint, currency: string, rule: TransactionRule | undefined): Foreign | null {
  if (!rule?.foreign) return null;
  const { currency: foreign, rate } = rule.foreign;
  const [whole = '0', decimals = ''] = rate.split('.');
  const product = units * BigInt(whole + decimals) * 10n ** BigInt(currencyExponent(foreign));
  const divisor = 10n ** BigInt(decimals.length + currencyExponent(currency));
  const half = product < 0n ? -(divisor / 2n) : divisor / 2n;
  return { money: { amount: fromMinorUnits((product + half) / divisor, foreign), currency: foreign }, rate };
}
