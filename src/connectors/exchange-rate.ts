import { currencyExponent } from '../kernel/money.ts';

/** The scalar of the graph, `Decimal`, has so many. */
const decimalsMax = 9;

/** A rate above zero, exactly. */
export interface Rate {
  readonly digits: bigint;
  readonly decimals: number;
  /** Decimal text of at most 9 decimals, without superfluous zeros. */
  readonly text: string;
}

/**
 * A rate that a bank wrote; null when it is none, or not above zero. More than 9 decimals are rounded. A comma is a
 * decimal comma, but not before three digits, where it may part thousands.
 */
export function rateOfText(given: string | undefined): Rate | null {
  const text = given?.slice(0, 41).trim() ?? '';
  if (!/^\d{1,12}(?:\.\d{1,18}|,(?:\d{1,2}|\d{4,18}))?$/.test(text)) return null;
  const [whole = '', decimals = ''] = text.split(/[.,]/);
  return rateOf(BigInt(whole + decimals), decimals.length);
}

/** The same rate the other way round, to 9 decimals; null when it is nearer to zero than they can tell. */
export function inverse({ digits, decimals }: Rate): Rate | null {
  return rateOf(halfUp(10n ** BigInt(decimals + decimalsMax), digits), decimalsMax);
}

/** What an amount becomes by a rate, in minor units on both sides. */
export function product(units: bigint, from: string, { digits, decimals }: Rate, to: string): bigint {
  const shift = currencyExponent(to) - currencyExponent(from) - decimals;
  const exact = units * digits;
  return shift < 0 ? halfUp(exact, 10n ** BigInt(-shift)) : exact * 10n ** BigInt(shift);
}

function rateOf(exact: bigint, exactDecimals: number): Rate | null {
  const surplus = Math.max(0, exactDecimals - decimalsMax);
  const digits = halfUp(exact, 10n ** BigInt(surplus));
  if (digits <= 0n) return null;
  const decimals = exactDecimals - surplus;
  const padded = digits.toString().padStart(decimals + 1, '0');
  const whole = padded.slice(0, padded.length - decimals);
  const rest = padded.slice(padded.length - decimals).replace(/0+$/, '');
  return { digits, decimals, text: rest === '' ? whole : `${whole}.${rest}` };
}

/** Of numbers that are not negative. */
function halfUp(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor / 2n) / divisor;
}
