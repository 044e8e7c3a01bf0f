import type { CalendarDate } from '../../kernel/calendar-date.ts';
import type { Money } from '../../kernel/money.ts';
import { bankMoney } from '../bank-amount.ts';
import { bankDay } from '../bank-date.ts';

// A narrow, wide or plain space, breaking or not, between thousands; a comma before decimals.
const amountPattern =
  /^(?<sign>[+\-\u2212\u2013]?)[ \u00A0\u2009\u202F]?(?<whole>\d{1,18}|\d{1,3}(?:[ \u00A0\u2009\u202F]\d{3}){1,5})(?:,(?<decimals>\d{1,4}))?(?:[ \u00A0\u2009\u202F]?(?<currency>€|[A-Z]{3}))?$/u;

/**
 * An amount as a French site prints it, `-1 234,56 €` or `1234 JPY`; null for any other text. Without a currency it is in
 * `fallbackCurrency`, and null when there is none.
 */
export function frenchMoney(text: string, fallbackCurrency?: string): Money | null {
  if (text.length > 60) return null;
  const { sign, whole, decimals, currency } = amountPattern.exec(text.trim())?.groups ?? {};
  if (whole === undefined) return null;
  const amount = `${sign === '' || sign === '+' ? '' : '-'}${whole.replace(/\D/g, '')}`;
  return bankMoney(
    {
      amount: decimals === undefined ? amount : `${amount}.${decimals}`,
      currency: currency === '€' ? 'EUR' : currency,
    },
    fallbackCurrency,
  );
}

/** A day as a French site prints it, `31/03/2026`; null for any other text and for days that do not exist. */
export function frenchDay(text: string): CalendarDate | null {
  const [, day, month, year] = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(text.length > 40 ? '' : text.trim()) ?? [];
  return year === undefined ? null : bankDay(`${year}-${month}-${day}`);
}
