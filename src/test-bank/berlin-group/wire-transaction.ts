import { addDays } from '../../kernel/calendar-date.ts';
import type { Money } from '../../kernel/money.ts';
import { drawHex, drawIndex } from '../ledger/random.ts';
import type { Movement } from '../ledger/movement.ts';
import type { MovementKind } from '../scenario/transaction-rule.ts';
import type { Switches } from '../scenario/switches.ts';
import { wireAmount } from './wire-balance.ts';

/** ISO 20022 bank transaction codes: domain, family, sub-family. */
const transactionCodes: Readonly<Record<MovementKind, string>> = {
  card: 'PMNT-CCRD-POSD',
  withdrawal: 'PMNT-CCRD-CWDL',
  'transfer-in': 'PMNT-RCDT-ESCT',
  'transfer-out': 'PMNT-ICDT-ESCT',
  'direct-debit': 'PMNT-RDDT-ESDD',
  'loan-payment': 'LDAS-FTLN-PPAY',
  'card-settlement': 'PMNT-CCRD-OTHR',
  fee: 'ACMT-MDOP-CHRG',
  interest: 'ACMT-MCOP-INTR',
  cheque: 'PMNT-ICHQ-CCHQ',
  refund: 'PMNT-CCRD-RIMB',
  other: 'PMNT-OTHR-OTHR',
};

/** How one transaction is to be written. */
export interface TransactionStyle {
  readonly switches: Switches;
  /** Place in the answer, for the habits that strike every second entry. */
  readonly position: number;
  /** Changes every id: the fault reissued-ids. */
  readonly idSalt: string;
  /** Another currency than the account's: the failure data_inconsistent. */
  readonly currency: string | null;
}

/** `transactions` of the standard: an entry of a payment account. */
export function wireTransaction(movement: Movement, style: TransactionStyle): Record<string, unknown> {
  const { counterparty, kind } = movement;
  const isDebit = movement.money.amount.startsWith('-');
  const party = isDebit ? 'creditor' : 'debtor';
  const name = counterparty?.name ?? movement.merchant?.name;
  return {
    ...idsOf(movement, style),
    transactionAmount: amountOf(movement, style),
    ...datesOf(movement, style.switches),
    ...(name === undefined ? {} : { [`${party}Name`]: name }),
    ...(counterparty?.iban === undefined ? {} : { [`${party}Account`]: { iban: counterparty.iban } }),
    ...(counterparty?.creditorId === undefined ? {} : { creditorId: counterparty.creditorId }),
    ...(counterparty?.mandateId === undefined ? {} : { mandateId: counterparty.mandateId }),
    ...textOf(movement, style.switches),
    bankTransactionCode: transactionCodes[kind],
  };
}

/** `cardTransaction` of the standard: an entry of a card account. */
export function wireCardTransaction(movement: Movement, style: TransactionStyle): Record<string, unknown> {
  const { merchant } = movement;
  const { transactionId } = idsOf(movement, style);
  return {
    ...(transactionId === undefined ? {} : { cardTransactionId: transactionId }),
    transactionDate: movement.happensOn,
    transactionAmount: amountOf(movement, style),
    ...datesOf(movement, style.switches),
    ...(merchant ? { cardAcceptorName: merchant.name } : {}),
    ...(merchant?.city ? { cardAcceptorAddress: { townName: merchant.city, country: 'FR' } } : {}),
    ...(merchant?.categoryCode === undefined ? {} : { merchantCategoryCode: merchant.categoryCode }),
    transactionDetails: movement.text,
    invoiced: movement.kind === 'card-settlement',
  };
}

function amountOf({ money, status }: Movement, { switches, position, currency }: TransactionStyle): object {
  const isUnsigned = switches.sign === 'unsigned' || (status === 'PENDING' && switches.pending === 'unsigned');
  const shown: Money = {
    amount: isUnsigned ? money.amount.replace('-', '') : money.amount,
    currency: currency ?? money.currency,
  };
  return wireAmount(shown, switches, position);
}

interface Ids {
  transactionId?: string;
  entryReference?: string;
}

function idsOf(movement: Movement, { switches, position, idSalt }: TransactionStyle): Ids {
  const id = idSalt === '' ? movement.id : drawHex(`${idSalt}|${movement.id}`, 24);
  const entryReference = idSalt === '' ? movement.reference : id;
  switch (switches.ids) {
    case 'stable':
      return { transactionId: id, entryReference };
    case 'none':
      return {};
    case 'duplicate':
      return { transactionId: id.slice(0, 2), entryReference };
    case 'placeholder':
      return { transactionId: position % 2 === 0 ? 'NOTPROVIDED' : id };
    case 'changing-on-booking':
      return { transactionId: movement.status === 'PENDING' ? `P${id}` : id, entryReference };
    default:
      return switches.ids satisfies never;
  }
}

function datesOf(movement: Movement, switches: Switches): object {
  if (movement.bookedOn === null) {
    if (switches.pending === 'undated') return {};
    if (switches.pending === 'future-dated') return { valueDate: addDays(movement.valueOn, 7) };
    return { valueDate: movement.happensOn };
  }
  return {
    ...(switches.dates === 'value-only' ? {} : { bookingDate: movement.bookedOn }),
    ...(switches.dates === 'booking-only' ? {} : { valueDate: movement.valueOn }),
  };
}

const lineLength = 35;

function textOf(movement: Movement, switches: Switches): object {
  const { text } = movement;
  const lines = text.match(new RegExp(`.{1,${lineLength}}`, 'g')) ?? [];
  switch (switches.text) {
    case 'unstructured':
      return text.length <= 140
        ? { remittanceInformationUnstructured: text }
        : { remittanceInformationUnstructured: text.slice(0, 140), additionalInformation: text.slice(0, 500) };
    case 'cut-140':
      return { remittanceInformationUnstructured: text.slice(0, 140) };
    case 'array':
      return { remittanceInformationUnstructuredArray: lines };
    case 'array-shuffled': {
      const turn = drawIndex(`${movement.id}|shuffle`, lines.length);
      return { remittanceInformationUnstructuredArray: [...lines.slice(turn), ...lines.slice(0, turn)] };
    }
    case 'structured':
      return { remittanceInformationStructured: text.slice(0, 140) };
    case 'additional-information':
      return { additionalInformation: text.slice(0, 500) };
    default:
      return switches.text satisfies never;
  }
}
