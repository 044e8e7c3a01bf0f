import { dateIn, type CalendarDate } from '../../kernel/calendar-date.ts';
import { fromMinorUnits, type Money } from '../../kernel/money.ts';
import type { Scenario, ScenarioAccount } from '../scenario/schema.ts';
import { isOpenOn } from './entry.ts';
import { bookedIdOf, movementOf, referenceOf, type Movement } from './movement.ts';
import { countBookedBy, horizonFor, timelineOf, type Timeline } from './timeline.ts';

/**
 * The books of the bank on one day: a pure function of scenario and day. The bank books in the night, so that within a
 * day (in the zone of the bank) nothing changes.
 */
export interface Ledger {
  readonly day: CalendarDate;
  /** The accounts that exist on that day, in the order of the scenario. */
  readonly accounts: readonly ScenarioAccount[];
  account(id: string): AccountBook | null;
}

export interface AccountBook {
  readonly account: ScenarioAccount;
  readonly bookedCount: number;
  /** The sum of the opening balance and everything booked so far. */
  readonly bookedBalance: Money;
  /** The booked balance and everything pending. */
  readonly expectedBalance: Money;
  /** Booked movements by position, 0 the oldest; `to` excluded. Costs in proportion to what is asked for. */
  booked(from: number, to: number): Movement[];
  /** The balance after the booked movement at this position; the opening balance for -1. */
  balanceAfter(position: number): Money;
  /** The first position entered on that day or later: an entry that is dated back stands where it was entered. */
  positionOf(day: CalendarDate): number;
  /** The position of the booked movement with this id or reference, or null. */
  find(idOrReference: string): number | null;
  /** What is pending, newest first. */
  pending(): Movement[];
}

/** Keeps the timelines of the accounts that were asked for last: memory stays bounded however large the scenario is. */
export interface LedgerCache {
  at(scenario: Scenario, now: Date): Ledger;
}

const entriesKeptMax = 1_000_000;

/** A cache over `ledgerAt`: days that share a timeline share the work. */
export function ledgerCache(): LedgerCache {
  const timelines = new Map<ScenarioAccount, Timeline>();
  let entriesKept = 0;
  function forget(account: ScenarioAccount): void {
    entriesKept -= timelines.get(account)?.booked.length ?? 0;
    timelines.delete(account);
  }
  function read(scenario: Scenario, account: ScenarioAccount, day: CalendarDate): Timeline {
    const known = timelines.get(account);
    const timeline = known && known.horizon >= day ? known : timelineOf(scenario, account, horizonFor(day));
    forget(account);
    timelines.set(account, timeline);
    entriesKept += timeline.booked.length;
    for (const oldest of timelines.keys()) {
      if (entriesKept <= entriesKeptMax || oldest === account) break;
      forget(oldest);
    }
    return timeline;
  }
  return { at: (scenario, now) => ledgerWith(scenario, dateIn(scenario.bank.timeZone, now), read) };
}

/** The books at an instant, worked out afresh. A server uses `ledgerCache`, which gives the same answers. */
export function ledgerAt(scenario: Scenario, now: Date): Ledger {
  return ledgerWith(scenario, dateIn(scenario.bank.timeZone, now), timelineOf);
}

function ledgerWith(
  scenario: Scenario,
  day: CalendarDate,
  read: (scenario: Scenario, account: ScenarioAccount, day: CalendarDate) => Timeline,
): Ledger {
  const accounts = scenario.accounts.filter((account) => isOpenOn(account, day));
  return {
    day,
    accounts,
    account(id) {
      const account = accounts.find((candidate) => candidate.id === id);
      return account ? bookOf(scenario, read(scenario, account, day), day) : null;
    },
  };
}

function bookOf(scenario: Scenario, timeline: Timeline, day: CalendarDate): AccountBook {
  const { account } = timeline;
  const bookedCount = countBookedBy(timeline, day);
  const bookedUnits = timeline.balances[bookedCount] ?? 0n;
  const pending = timeline.pending.filter((entry) => (entry.pendingFrom ?? '') <= day && day < entry.endsOn);
  const money = (units: bigint) => ({ amount: fromMinorUnits(units, account.currency), currency: account.currency });
  return {
    account,
    bookedCount,
    bookedBalance: money(bookedUnits),
    expectedBalance: money(pending.reduce((sum, entry) => sum + entry.pendingUnits, bookedUnits)),
    booked: (from, to) =>
      timeline.booked
        .slice(Math.max(0, from), Math.min(bookedCount, to))
        .map((entry) => movementOf(scenario, account, entry, 'BOOKED')),
    balanceAfter: (position) => money(timeline.balances[Math.min(bookedCount, position + 1)] ?? 0n),
    positionOf: (date) => Math.min(bookedCount, countBefore(timeline, date)),
    find(idOrReference) {
      for (let position = bookedCount - 1; position >= 0; position -= 1) {
        const entry = timeline.booked[position];
        if (!entry) continue;
        const id = bookedIdOf(entry);
        if (id === idOrReference || referenceOf(entry, id) === idOrReference) return position;
      }
      return null;
    },
    pending: () => pending.toReversed().map((entry) => movementOf(scenario, account, entry, 'PENDING')),
  };
}

function countBefore(timeline: Timeline, day: CalendarDate): number {
  let low = 0;
  let high = timeline.booked.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((timeline.booked[middle]?.enteredOn ?? '') < day) low = middle + 1;
    else high = middle;
  }
  return low;
}
