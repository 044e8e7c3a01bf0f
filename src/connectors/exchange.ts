import { toMinorUnits, type Money } from '../kernel/money.ts';
import { isZero, signedBy } from './bank-amount.ts';
import { inverse, product, rateOfText, type Rate } from './exchange-rate.ts';

/** A rate as banks write it: `CcyXchg` of ISO 20022, `reportExchangeRate` of NextGenPSD2. */
export interface BankExchange {
  readonly exchangeRate?: string | undefined;
  /** The rate is in units of the other currency for one of this. */
  readonly unitCurrency?: string | undefined;
  readonly sourceCurrency?: string | undefined;
  readonly targetCurrency?: string | undefined;
}

/** What a movement was in the currency in which it was made; the fields of `BankTransaction`. */
export interface Exchange {
  readonly original: Money | null;
  readonly exchangeRate: string | null;
}

export const noExchange: Exchange = { original: null, exchangeRate: null };

/**
 * What was charged in another currency, signed as the movement is, and the rate in units of it for one of the account's.
 * Null is what the bank does not tell, or tells so that it may mean something else. Banks fill these fields for what
 * never left the account's currency as well, and some state the rate the other way round: where both amounts are known,
 * they tell the direction, else the unit does.
 */
export function exchangeOf(money: Money, told: Money | null, rates: readonly BankExchange[]): Exchange {
  if (told?.currency === money.currency) return noExchange;
  const original = told && !isZero(told.amount) ? signedBy(told, money.amount.startsWith('-')) : null;
  const found = new Set(rates.flatMap((one) => directedRate(one, money, original)?.text ?? []));
  // Several rates are a chain over a third currency: none of them is the one that was paid.
  const [exchangeRate = null] = found.size === 1 ? found : [];
  return { original, exchangeRate };
}

function directedRate(given: BankExchange, money: Money, original: Money | null): Rate | null {
  const rate = rateOfText(given.exchangeRate);
  if (!rate) return null;
  const [unit, source, target] = [given.unitCurrency, given.sourceCurrency, given.targetCurrency].map((code) =>
    code?.trim().toUpperCase(),
  );
  const others = new Set(
    [unit, source, target, original?.currency].filter((code) => code !== undefined && code !== money.currency),
  );
  if (others.size !== 1) return null;
  const byAmounts = original ? directionOf(rate, money, original) : null;
  const byUnit = unit === undefined ? null : unit === money.currency ? 'STRAIGHT' : 'INVERSE';
  const direction = byAmounts ?? byUnit;
  if (direction === null) return null;
  return direction === 'STRAIGHT' ? rate : inverse(rate);
}

/** Whether a rate leads from the account's amount to the original one or back; null when both fit, or neither does. */
function directionOf(rate: Rate, money: Money, original: Money): 'STRAIGHT' | 'INVERSE' | null {
  const isStraight = leadsTo(money, rate, original);
  if (isStraight === leadsTo(original, rate, money)) return null;
  return isStraight ? 'STRAIGHT' : 'INVERSE';
}

/** Whether a rate leads from one amount to the other, up to a tenth: fees and margins stand between them. */
export function leadsTo(from: Money, rate: Rate, to: Money): boolean {
  const expected = product(unsignedUnits(from), from.currency, rate, to.currency);
  const found = unsignedUnits(to);
  const gap = expected > found ? expected - found : found - expected;
  return gap * 10n <= found || gap <= 1n;
}

function unsignedUnits({ amount, currency }: Money): bigint {
  return toMinorUnits(amount.replace('-', ''), currency) ?? 0n;
}
