import type { CalendarDate } from '../../kernel/calendar-date.ts';
import type { Money } from '../../kernel/money.ts';
import type { Scenario } from '../scenario/schema.ts';

type Thousands = Scenario['bank']['portal']['thousands'];

const separators: Readonly<Record<Thousands, string>> = {
  'narrow-no-break': '\u202F',
  'no-break': '\u00A0',
  space: ' ',
  none: '',
};

/** `1234.5` as `1 234,50`, unsigned. */
export function frenchDigits(amount: string, thousands: Thousands): string {
  const [whole = '', decimals] = amount.replace('-', '').split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, separators[thousands]);
  return decimals === undefined ? grouped : `${grouped},${decimals}`;
}

/** A signed amount with its currency: `-1 234,56 €`; the minus is the site's own, and a plus only where it has one. */
export function frenchMoney(money: Money, thousands: Thousands, minus = '-', plus = ''): string {
  const sign = money.amount.startsWith('-') ? minus : plus;
  return `${sign}${frenchDigits(money.amount, thousands)}\u00A0${money.currency === 'EUR' ? '€' : money.currency}`;
}

/** `2026-03-31` as `31/03/2026`. */
export function frenchDate(date: CalendarDate): string {
  return `${date.slice(8, 10)}/${date.slice(5, 7)}/${date.slice(0, 4)}`;
}
