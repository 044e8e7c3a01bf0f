import type { CalendarDate } from '../../kernel/calendar-date.ts';
import { fromMinorUnits, toMinorUnits, type Money } from '../../kernel/money.ts';
import type { FailureEffect } from '../faults/failure-logins.ts';
import type { AccountBook } from '../ledger/ledger.ts';
import type { Switches } from '../scenario/switches.ts';
import { frenchDay, settlementDay } from './wire-account.ts';

type BalanceType = 'CLBD' | 'XPCD' | 'VALU' | 'OTHR';

const names: Readonly<Record<BalanceType, string>> = {
  CLBD: 'Solde comptable au',
  XPCD: 'Solde instantané au',
  VALU: 'Solde en valeur au',
  OTHR: 'Solde temps réel au',
};

/** BalanceResources with the types that the profile gives. Unlike those of transactions, their amounts are signed. */
export function wireStetBalances(
  book: AccountBook,
  day: CalendarDate,
  switches: Switches,
  effect: FailureEffect | null,
): object[] {
  const hasDrift = effect?.at === 'content' && effect.outcome === 'drift';
  const [last] = book.booked(book.bookedCount - 1, book.bookedCount);
  const of = (balanceType: BalanceType, money: Money) => ({
    name: nameOf(book, balanceType, day),
    balanceAmount: hasDrift ? plusTen(money) : money,
    balanceType,
    referenceDate: day,
    ...(balanceType === 'CLBD' && last ? { lastCommittedTransaction: last.reference } : {}),
  });
  const { bookedBalance, expectedBalance } = book;
  switch (switches.balances) {
    case 'booked-and-expected':
    case 'non-invoiced-cards':
      return [of('CLBD', bookedBalance), of('XPCD', expectedBalance)];
    case 'interim':
      return [of('CLBD', bookedBalance), of('OTHR', expectedBalance)];
    case 'expected-only':
      return [of('XPCD', expectedBalance)];
    case 'available-only':
    case 'credit-line-included':
      return [of('OTHR', expectedBalance)];
    case 'non-standard':
    case 'information-only':
      return [of('VALU', bookedBalance), of('OTHR', expectedBalance)];
    default:
      return switches.balances satisfies never;
  }
}

function nameOf({ account }: AccountBook, type: BalanceType, day: CalendarDate): string {
  const settled = settlementDay(day, account);
  return settled === null ? `${names[type]} ${frenchDay(day)}` : `Encours à débiter le ${frenchDay(settled)}`;
}

function plusTen(money: Money): Money {
  const units = (toMinorUnits(money.amount, money.currency) ?? 0n) + 1000n;
  return { ...money, amount: fromMinorUnits(units, money.currency) };
}
