import type { StandingOrder } from '../ledger/standing-orders.ts';
import type { Switches } from '../scenario/switches.ts';
import { wireAmount } from './wire-amount.ts';

/** EventFrequency7Code of ISO 20022, by months. */
const frequencies: Readonly<Record<number, string>> = {
  1: 'Monthly',
  2: 'EveryTwoMonths',
  3: 'Quarterly',
  6: 'SemiAnnual',
  12: 'Annual',
};

/** An entry of `information`: no transaction, but an order to make some (Implementation Guidelines 14.24). */
export function wireStandingOrder(order: StandingOrder, switches: Switches, position: number): object {
  const { counterparty, startsOn, endsOn, everyMonths, dayOfMonth } = order;
  return {
    transactionAmount: wireAmount(order.money, switches, position),
    ...(counterparty ? { creditorName: counterparty.name } : {}),
    ...(counterparty?.iban === undefined ? {} : { creditorAccount: { iban: counterparty.iban } }),
    remittanceInformationUnstructured: order.text.slice(0, 140),
    bankTransactionCode: 'PMNT-ICDT-STDO',
    additionalInformationStructured: {
      standingOrderDetails: {
        startDate: startsOn,
        frequency: frequencies[everyMonths] ?? 'MonthlyVariable',
        ...(endsOn === null ? {} : { endDate: endsOn }),
        ...(order.rollsForward ? { executionRule: 'following' } : {}),
        dayOfExecution: String(dayOfMonth),
      },
    },
  };
}
