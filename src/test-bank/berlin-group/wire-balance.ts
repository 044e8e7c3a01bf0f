import { fromMinorUnits, toMinorUnits, type Money } from '../../kernel/money.ts';
import type { FailureEffect } from '../faults/failure-logins.ts';
import type { AccountBook } from '../ledger/ledger.ts';
import type { Switches } from '../scenario/switches.ts';

/** An amount as the profile writes it; `position` picks the odd ones of the mixed habit. */
export function wireAmount(
  money: Money,
  switches: Switches,
  position: number,
): { currency: string; amount: string | number } {
  const isNumber = switches.amounts === 'number' || (switches.amounts === 'mixed' && position % 2 === 1);
  return { currency: money.currency, amount: isNumber ? Number(money.amount) : money.amount };
}

/** The balances of an account with the types that the profile gives. */
export function wireBalances(
  book: AccountBook,
  day: string,
  switches: Switches,
  effect: FailureEffect | null,
): object[] {
  const drift = effect?.at === 'content' && effect.outcome === 'drift' ? 1000n : 0n;
  const shifted = (money: Money): Money =>
    drift === 0n
      ? money
      : {
          ...money,
          amount: fromMinorUnits((toMinorUnits(money.amount, money.currency) ?? 0n) + drift, money.currency),
        };
  const booked = shifted(book.bookedBalance);
  const expected = shifted(book.expectedBalance);
  const of = (balanceType: string, money: Money, position: number) => ({
    balanceAmount: wireAmount(money, switches, position),
    balanceType,
    referenceDate: day,
  });
  switch (switches.balances) {
    case 'booked-and-expected':
      return [of('closingBooked', booked, 0), of('expected', expected, 1)];
    case 'expected-only':
      return [of('expected', expected, 0)];
    case 'available-only':
      return [of('interimAvailable', expected, 0)];
    case 'non-standard':
      return [of('information', booked, 0), of('authorised', expected, 1)];
    default:
      return switches.balances satisfies never;
  }
}
