import type { Money } from '../kernel/money.ts';
import { bankMoney } from './bank-amount.ts';
import { exchangeOf, leadsTo, noExchange, type Exchange } from './exchange.ts';
import { rateOfText } from './exchange-rate.ts';

/**
 * `2,80 NZD / 1 euro = 1,81`, as BoursoBank prints it: what was charged, and how much of it one euro is. Linear in the
 * text. Groups: the amount, thousands before it that blanks may part, the currency, the rate.
 */
const pattern =
  /(?<![\d.,])(?<amount>\d{1,12},\d{1,3}|\d{1,12}) (?<currency>[A-Z]{3}) \/ 1 euro = (?<rate>\d{1,9}(?:,\d{1,9})?)(?![\d,])/i;
const thousandsBefore = /(?:^|[^\d.,])(\d{1,3}(?: \d{3}){0,3} )$/;

/** What a text of at most 4000 characters tells of another currency, where its numbers agree with what was paid. */
export function readExchangeLine(text: string, money: Money): Exchange {
  const match = money.currency === 'EUR' ? pattern.exec(text) : null;
  const { amount = '', currency = '', rate = '' } = match?.groups ?? {};
  const parsed = rateOfText(rate.replace(',', '.'));
  if (!match || !parsed) return noExchange;
  // The number before may be the thousands of the amount, or the end of something else: the rate tells.
  const [, thousands = ''] = thousandsBefore.exec(text.slice(Math.max(0, match.index - 16), match.index)) ?? [];
  for (const digits of [amount, `${thousands.replaceAll(' ', '')}${amount}`]) {
    const told = bankMoney({ amount: digits.replace(',', '.'), currency });
    if (told && leadsTo(money, parsed, told)) {
      return exchangeOf(money, told, [{ exchangeRate: parsed.text, unitCurrency: 'EUR' }]);
    }
  }
  return noExchange;
}
