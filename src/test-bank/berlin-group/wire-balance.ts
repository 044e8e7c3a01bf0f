import { fromMinorUnits, toMinorUnits, type Money } from '../../kernel/money.ts';
import type { FailureEffect } from '../faults/failure-logins.ts';
import type { ReportedBook } from '../ledger/joined-book.ts';
import type { AccountBook } from '../ledger/ledger.ts';
import type { Switches } from '../scenario/switches.ts';
import { inverted, wireAmount } from './wire-amount.ts';

interface Balance {
  readonly balanceType: string;
  readonly money: Money;
  readonly creditLimitIncluded?: boolean;
}

type BalanceStyle = (booked: Money, expected: Money, creditLine: bigint) => readonly Balance[];

const standard: BalanceStyle = (booked, expected) => [
  { balanceType: 'closingBooked', money: booked },
  { balanceType: 'expected', money: expected },
];

const balanceStyles: Readonly<Record<Switches['balances'], BalanceStyle>> = {
  'booked-and-expected': standard,
  'expected-only': (_, expected) => [{ balanceType: 'expected', money: expected }],
  'available-only': (_, expected) => [{ balanceType: 'interimAvailable', money: expected }],
  'non-standard': (booked, expected) => [
    { balanceType: 'information', money: booked },
    { balanceType: 'authorised', money: expected },
  ],
  'information-only': (booked) => [{ balanceType: 'information', money: booked }],
  interim: (booked, expected) => [
    { balanceType: 'interimAvailable', money: expected },
    { balanceType: 'interimBooked', money: booked },
  ],
  'credit-line-included': (booked, expected, creditLine) => [
    { balanceType: 'expected', money: booked },
    { balanceType: 'interimAvailable', money: plus(expected, creditLine), creditLimitIncluded: true },
  ],
  // What the booked entries have made the holder owe, and apart from it what is still pending.
  'non-invoiced-cards': (booked, expected) => [
    { balanceType: 'expected', money: inverted(booked) },
    { balanceType: 'nonInvoiced', money: plus(expected, -unitsOf(booked)) },
  ],
};

/** The overdraft of an account that names no credit limit, in minor units. */
const usualCreditLine = 50_000n;
const driftUnits = 1000n;

/** The balances of an account, for each of its currencies, with the types that the profile gives. */
export function wireBalances(
  { parts }: ReportedBook,
  day: string,
  switches: Switches,
  effect: FailureEffect | null,
): object[] {
  return parts.flatMap((book) => balancesOf(book, day, switches, effect));
}

function balancesOf(book: AccountBook, day: string, switches: Switches, effect: FailureEffect | null): object[] {
  const drift = effect?.at === 'content' && effect.outcome === 'drift' ? driftUnits : 0n;
  const { account, bookedBalance, expectedBalance } = book;
  const creditLine =
    account.creditLimit === undefined
      ? usualCreditLine
      : (toMinorUnits(String(account.creditLimit), account.currency) ?? usualCreditLine);
  const isInverted = account.type === 'card' && switches.sign === 'debit-accounting';
  const isUsual = switches.balances === 'non-invoiced-cards' && account.type !== 'card';
  const style = isUsual ? standard : balanceStyles[switches.balances];
  return style(plus(bookedBalance, drift), plus(expectedBalance, drift), creditLine).map(
    ({ balanceType, money, creditLimitIncluded }, position) => ({
      balanceAmount: wireAmount(isInverted ? inverted(money) : money, switches, position),
      balanceType,
      ...(creditLimitIncluded === undefined ? {} : { creditLimitIncluded }),
      referenceDate: day,
    }),
  );
}

function plus(money: Money, units: bigint): Money {
  if (units === 0n) return money;
  return {
    ...money,
    amount: fromMinorUnits(unitsOf(money) + units, money.currency),
  };
}

function unitsOf({ amount, currency }: Money): bigint {
  return toMinorUnits(amount, currency) ?? 0n;
}
