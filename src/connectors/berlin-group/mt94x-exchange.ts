/**
 * `/OCMT/NZD22,26/` and `/EXCH/1,81/`: the original amount and the rate, in the second line of field 61 or in field 86
 * (SWIFT Standards MT, category 9, MT940). Which way the rate goes is said nowhere: the amounts tell.
 */
const originalAmount = /\/OCMT\/([A-Z]{3})(\d{1,15}(?:,\d{0,3})?)(?![\d,])/;
const exchangeRate = /\/EXCH\/(\d{1,12}(?:,\d{0,12})?)(?![\d,])/;

/** The fields of NextGenPSD2 that tell of another currency; none when the text does not. */
export function readMtExchange(text: string): object {
  const [, currency, amount] = originalAmount.exec(text) ?? [];
  if (currency === undefined || amount === undefined) return {};
  const [, rate] = exchangeRate.exec(text) ?? [];
  return {
    originalAmount: { amount: decimal(amount), currency },
    ...(rate === undefined ? {} : { currencyExchange: [{ exchangeRate: decimal(rate) }] }),
  };
}

/** SWIFT always writes the decimal comma, and nothing behind it for a whole number. */
function decimal(text: string): string {
  return text.endsWith(',') ? text.slice(0, -1) : text.replace(',', '.');
}
