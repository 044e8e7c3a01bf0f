import { canonicalAmount, isCurrencyCode, type Money } from '../kernel/money.ts';

/** An amount as banks send it: the standard's string, or the JSON number of those that ignore the standard. */
export interface BankAmount {
  readonly amount?: string | number | undefined;
  readonly currency?: string | undefined;
}

/**
 * Canonical money, or null when the amount is no decimal of a known currency. A JSON number is read by its shortest
 * text, which gives back what the bank wrote for every amount below ten trillion. A comma before the last one or two
 * digits is a decimal comma.
 */
export function bankMoney(given: BankAmount | undefined, fallbackCurrency?: string): Money | null {
  if (given?.amount === undefined) return null;
  const currency = (given.currency ?? fallbackCurrency ?? '').trim().toUpperCase();
  if (!isCurrencyCode(currency)) return null;
  const text = String(given.amount).slice(0, 40).trim();
  const amount = canonicalAmount(/^[+-]?\d{1,18},\d{1,2}$/.test(text) ? text.replace(',', '.') : text, currency);
  return amount === null ? null : { amount: isZero(amount) ? amount.replace('-', '') : amount, currency };
}

/** The same money with the other sign; zero stays unsigned. */
export function negated(money: Money): Money {
  if (isZero(money.amount)) return money;
  return { ...money, amount: money.amount.startsWith('-') ? money.amount.slice(1) : `-${money.amount}` };
}

/** The same money, made negative for a debit and positive for a credit. */
export function signedBy(money: Money, isDebit: boolean): Money {
  return money.amount.startsWith('-') === isDebit ? money : negated(money);
}

/** True for an amount of nothing but zeros. */
export function isZero(amount: string): boolean {
  return !/[1-9]/.test(amount);
}
