import type { Movement } from '../ledger/movement.ts';
import type { Switches } from '../scenario/switches.ts';
import { wireAmount } from './wire-amount.ts';
import type { TransactionStyle } from './transaction-style.ts';

/** The fields that tell a purchase in another currency (reportExchangeRate of the standard), in the bank's habit. */
export function exchangeOf(movement: Movement, { switches, position }: TransactionStyle, isCard: boolean): object {
  const { foreign, money, happensOn } = movement;
  if (!foreign) return {};
  const rate = {
    sourceCurrency: foreign.money.currency,
    exchangeRate: foreign.rate,
    unitCurrency: money.currency,
    targetCurrency: money.currency,
    quotationDate: happensOn,
  };
  if (switches.foreignAmounts === 'exchange-object') return { currencyExchange: rate };
  if (switches.foreignAmounts !== 'exchange') return {};
  return {
    ...(isCard ? { originalAmount: wireAmount(foreign.money, switches, position) } : {}),
    currencyExchange: [rate],
  };
}

/** The line of BoursoBank, `2,80 NZD / 1 euro = 1,81`; null where there is none. */
export function exchangeLine({ foreign }: Movement, { foreignAmounts }: Switches): string | null {
  if (!foreign || foreignAmounts !== 'in-text') return null;
  const french = (decimal: string) => decimal.replace('-', '').replace('.', ',');
  return `${french(foreign.money.amount)} ${foreign.money.currency} / 1 euro = ${french(foreign.rate)}`;
}

/** The text of Entercard, which alone tells what the account pays: `billingAmount: -12.3`; null where there is none. */
export function billingText({ foreign, money }: Movement, { foreignAmounts }: Switches): string | null {
  if (!foreign || foreignAmounts !== 'in-place') return null;
  return `billingAmount: ${money.amount.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '')}`;
}
