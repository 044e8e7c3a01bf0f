import type { Movement } from '../ledger/movement.ts';
import { transactionCodes } from '../ledger/transaction-codes.ts';
import type { MovementKind } from '../scenario/transaction-rule.ts';
import type { Switches } from '../scenario/switches.ts';
import type { TransactionStyle } from './transaction-style.ts';
import { inverted, showsDebitsPositive, wireAmount } from './wire-amount.ts';
import { datesOf } from './wire-dates.ts';
import { billingText, exchangeOf } from './wire-foreign.ts';
import { idsOf } from './wire-ids.ts';
import { partiesOf } from './wire-parties.ts';
import { textOf } from './wire-text.ts';

/** What banks without ISO codes write, after Fiducia's pattern. */
const proprietaryCodes: Readonly<Partial<Record<MovementKind, string>>> = {
  card: 'NCCR+106+990197',
  withdrawal: 'NCWD+083+990083',
  'transfer-in': 'NRCT+166+990152',
  'transfer-out': 'NICT+116+990053',
  'direct-debit': 'NDDT+005+990197',
  fee: 'NCHG+808+990301',
};

/** `transactions` of the standard: an entry of a payment account. */
export function wireTransaction(movement: Movement, style: TransactionStyle): Record<string, unknown> {
  const { switches, balanceAfter, details, position } = style;
  return {
    ...idsOf(movement, style),
    transactionAmount: amountOf(movement, style, false),
    ...exchangeOf(movement, style, false),
    ...datesOf(movement, style),
    ...partiesOf(movement, style),
    ...textOf(movement, style),
    ...codesOf(movement, switches),
    ...(balanceAfter && switches.runningBalance === 'shown'
      ? {
          balanceAfterTransaction: {
            balanceAmount: wireAmount(balanceAfter, switches, position),
            balanceType: 'interimBooked',
          },
        }
      : {}),
    ...(details === null ? {} : { _links: { transactionDetails: { href: details } } }),
  };
}

/** `cardTransaction` of the standard: an entry of a card account. */
export function wireCardTransaction(movement: Movement, style: TransactionStyle): Record<string, unknown> {
  const { merchant } = movement;
  const { transactionId } = idsOf(movement, style);
  return {
    ...(transactionId === undefined ? {} : { cardTransactionId: transactionId }),
    transactionDate: movement.happensOn,
    transactionAmount: amountOf(movement, style, true),
    ...exchangeOf(movement, style, true),
    ...datesOf(movement, style),
    ...(merchant ? { cardAcceptorName: merchant.name } : {}),
    ...(merchant?.city ? { cardAcceptorAddress: { townName: merchant.city, country: 'FR' } } : {}),
    ...(merchant?.categoryCode === undefined ? {} : { merchantCategoryCode: merchant.categoryCode }),
    transactionDetails: billingText(movement, style.switches) ?? movement.text,
    invoiced: movement.kind === 'card-settlement',
  };
}

function codesOf({ kind }: Movement, { codes }: Switches): object {
  if (codes === 'none') return {};
  return codes === 'iso'
    ? { bankTransactionCode: transactionCodes[kind] }
    : { proprietaryBankTransactionCode: proprietaryCodes[kind] ?? 'NMSC+999+990999' };
}

function amountOf(
  { money, foreign, status }: Movement,
  { switches, position, currency }: TransactionStyle,
  isCard: boolean,
): object {
  const isUnsigned = switches.sign === 'unsigned' || (status === 'PENDING' && switches.pending === 'unsigned');
  const isInverted = isCard && showsDebitsPositive(switches);
  const told = foreign && switches.foreignAmounts === 'in-place' ? foreign.money : money;
  const shown = isInverted ? inverted(told) : told;
  return wireAmount(
    { amount: isUnsigned ? shown.amount.replace('-', '') : shown.amount, currency: currency ?? told.currency },
    switches,
    position,
  );
}
