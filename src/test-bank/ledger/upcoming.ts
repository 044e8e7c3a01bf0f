import { addDays, type CalendarDate } from '../../kernel/calendar-date.ts';
import { scenarioEndsOn } from '../scenario/check-volume.ts';
import type { Scenario, ScenarioAccount } from '../scenario/schema.ts';
import { ledgerAt, type Ledger } from './ledger.ts';
import type { Movement } from './movement.ts';

export interface Upcoming {
  readonly account: ScenarioAccount;
  readonly movement: Movement;
}

const searchedDays = [40, 400, 4000] as const;

/** The next booked movements after a day, over all accounts, the first booked first. Fewer when there are no more. */
export function upcomingMovements(scenario: Scenario, day: CalendarDate, count: number): Upcoming[] {
  let found: Upcoming[] = [];
  for (const days of searchedDays) {
    const until = addDays(day, days);
    found = bookedBetween(scenario, day, until < scenarioEndsOn ? until : scenarioEndsOn);
    if (found.length >= count) break;
  }
  return found.slice(0, count);
}

/** The books at the noon of a day. */
export function ledgerOn(scenario: Scenario, day: CalendarDate): Ledger {
  return ledgerAt(scenario, new Date(`${day}T12:00:00Z`));
}

function bookedBetween(scenario: Scenario, day: CalendarDate, until: CalendarDate): Upcoming[] {
  const ledger = ledgerOn(scenario, until);
  return ledger.accounts
    .flatMap((account) => {
      const book = ledger.account(account.id);
      const from = book?.positionOf(addDays(day, 1)) ?? 0;
      return (book?.booked(from, book.bookedCount) ?? []).map((movement) => ({ account, movement }));
    })
    .toSorted((left, right) => ((left.movement.bookedOn ?? '') < (right.movement.bookedOn ?? '') ? -1 : 1));
}
