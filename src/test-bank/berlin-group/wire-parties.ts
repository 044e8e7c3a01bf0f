import type { Movement } from '../ledger/movement.ts';
import type { TransactionStyle } from './transaction-style.ts';

/** Creditor or debtor of an entry, in the bank's habit. */
export function partiesOf(movement: Movement, { switches, holder }: TransactionStyle): object {
  const { counterparty, merchant, money } = movement;
  const isDebit = money.amount.startsWith('-');
  const isHidden = movement.status === 'PENDING' && switches.pending === 'placeholder-text';
  if (isHidden || switches.parties === 'none' || switches.parties === 'in-text') return {};
  if (switches.parties === 'holder' && isDebit) return { debtorName: holder };
  const party = isDebit ? 'creditor' : 'debtor';
  const name = counterparty?.name ?? merchant?.name;
  return {
    ...(name === undefined ? {} : { [`${party}Name`]: name }),
    ...(counterparty?.iban === undefined ? {} : { [`${party}Account`]: { iban: counterparty.iban } }),
    ...(counterparty?.creditorId === undefined ? {} : { creditorId: counterparty.creditorId }),
    ...(counterparty?.mandateId === undefined ? {} : { mandateId: counterparty.mandateId }),
  };
}
