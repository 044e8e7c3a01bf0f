/**
 * Money is a decimal string and an ISO 4217 code; sums are made in minor units with bigint. Never a float.
 * A debit is negative.
 */
export interface Money {
  /** Decimal text with exactly the currency's number of decimals: `-12.50` for EUR, `-12` for JPY. */
  readonly amount: string;
  /** ISO 4217 alphabetic code. */
  readonly currency: string;
}

const currencies = new Set(Intl.supportedValuesOf('currency'));
const exponents = new Map<string, number>();
const decimalPattern = /^([+-]?)(\d{1,18})(?:\.(\d{1,9}))?$/;

/** True for a known ISO 4217 code in capitals. */
export function isCurrencyCode(text: string): boolean {
  return currencies.has(text);
}

/** How many decimals a currency has: 2 for EUR, 0 for JPY, 3 for TND. */
export function currencyExponent(currency: string): number {
  let exponent = exponents.get(currency);
  if (exponent === undefined) {
    exponent =
      new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
    exponents.set(currency, exponent);
  }
  return exponent;
}

/** True for a plain decimal: an optional sign, up to 18 digits, up to 9 decimals; no exponent, no grouping. */
export function isDecimal(text: string): boolean {
  return decimalPattern.test(text);
}

/**
 * Minor units (cents) of a decimal text, or null when the text is no decimal or has more decimals than the currency.
 * Superfluous zeros are accepted: `12.500` EUR is 1250.
 */
export function toMinorUnits(amount: string, currency: string): bigint | null {
  const match = decimalPattern.exec(amount);
  if (!match) return null;
  const exponent = currencyExponent(currency);
  const decimals = match[3] ?? '';
  if (/[1-9]/.test(decimals.slice(exponent))) return null;
  const units = BigInt((match[2] ?? '0') + decimals.slice(0, exponent).padEnd(exponent, '0'));
  return match[1] === '-' ? -units : units;
}

/** The decimal text of an amount in minor units, with exactly the currency's decimals. */
export function fromMinorUnits(units: bigint, currency: string): string {
  const exponent = currencyExponent(currency);
  const digits = (units < 0n ? -units : units).toString().padStart(exponent + 1, '0');
  const whole = digits.slice(0, digits.length - exponent);
  const decimals = exponent === 0 ? '' : `.${digits.slice(-exponent)}`;
  return `${units < 0n ? '-' : ''}${whole}${decimals}`;
}

/** The same amount written the one canonical way, or null when it is not an amount of this currency. */
export function canonicalAmount(amount: string, currency: string): string | null {
  const units = toMinorUnits(amount, currency);
  return units === null ? null : fromMinorUnits(units, currency);
}
