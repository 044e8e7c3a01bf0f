import { elementsAt, textAt, type XmlElement } from './xml.ts';

/** What was instructed, what was moved between the banks, and what it came to: the first of them in another currency. */
const amountNames = ['InstdAmt', 'TxAmt', 'CntrValAmt'] as const;

/**
 * The fields of NextGenPSD2 that tell of another currency, from the `AmtDtls` of a transaction or of its entry
 * (ISO 20022, AmountAndCurrencyExchange). Banks repeat the booked amount there: what is in `currency` tells nothing.
 */
export function readCamtExchange(elements: readonly XmlElement[], currency: string | undefined): object {
  const parts = elements.flatMap((element) => amountNames.flatMap((name) => elementsAt(element, 'AmtDtls', name)));
  const foreign = parts
    .flatMap((part) => elementsAt(part, 'Amt'))
    .find(({ attributes }) => attributes['Ccy'] !== currency);
  const rates = parts.flatMap((part) => elementsAt(part, 'CcyXchg')).map(rateOf);
  return {
    ...(foreign ? { originalAmount: { amount: foreign.text.trim(), currency: foreign.attributes['Ccy'] } } : {}),
    ...(rates.length === 0 ? {} : { currencyExchange: rates }),
  };
}

function rateOf(exchange: XmlElement): object {
  return {
    sourceCurrency: textAt(exchange, 'SrcCcy'),
    targetCurrency: textAt(exchange, 'TrgtCcy'),
    unitCurrency: textAt(exchange, 'UnitCcy'),
    exchangeRate: textAt(exchange, 'XchgRate'),
  };
}
