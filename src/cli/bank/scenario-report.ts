import type { CalendarDate } from '../../kernel/calendar-date.ts';
import type { Money } from '../../kernel/money.ts';
import { ibanOf, maskedPanOf } from '../../test-bank/ledger/identity.ts';
import { ledgerOn, upcomingMovements } from '../../test-bank/ledger/upcoming.ts';
import type { Scenario } from '../../test-bank/scenario/schema.ts';

/** What a scenario yields on a day, for a person or a program to check. */
export interface ScenarioReport {
  readonly bank: string;
  readonly profile: string | null;
  readonly day: CalendarDate;
  readonly people: readonly { readonly login: string; readonly password: string; readonly name: string }[];
  readonly accounts: readonly {
    readonly id: string;
    readonly type: string;
    readonly name: string;
    readonly number: string | null;
    readonly owners: readonly string[];
    readonly booked: number;
    readonly pending: number;
    readonly balance: Money;
  }[];
  readonly next: readonly {
    readonly bookedOn: CalendarDate;
    readonly account: string;
    readonly money: Money;
    readonly text: string;
  }[];
}

/** The accounts on a day and the transactions that are booked after it. */
export function scenarioReport(scenario: Scenario, day: CalendarDate, nextCount: number): ScenarioReport {
  const ledger = ledgerOn(scenario, day);
  return {
    bank: scenario.bank.name,
    profile: scenario.bank.profile ?? null,
    day,
    people: scenario.people.map(({ login, password, name }) => ({ login, password, name })),
    accounts: ledger.accounts.flatMap((account) => {
      const book = ledger.account(account.id);
      if (!book) return [];
      return [
        {
          id: account.id,
          type: account.type,
          name: account.name,
          number: ibanOf(scenario, account) ?? maskedPanOf(scenario, account),
          owners: account.owners,
          booked: book.bookedCount,
          pending: book.pending().length,
          balance: book.bookedBalance,
        },
      ];
    }),
    next: upcomingMovements(scenario, day, nextCount).map(({ account, movement: { bookedOn, money, text } }) => ({
      bookedOn: bookedOn ?? day,
      account: account.id,
      money,
      text,
    })),
  };
}
