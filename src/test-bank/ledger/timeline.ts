import { addDays, type CalendarDate } from '../../kernel/calendar-date.ts';
import { toMinorUnits } from '../../kernel/money.ts';
import type { Scenario, ScenarioAccount } from '../scenario/schema.ts';
import { entriesOf, isOpenOn, type Entry } from './entry.ts';
import { monthlyDays } from './schedule.ts';

/** Everything that happens to one account up to a horizon. Any earlier day is a prefix of `booked`. */
export interface Timeline {
  readonly account: ScenarioAccount;
  readonly horizon: CalendarDate;
  /** By the day on which they are entered, which is that of the booking unless dated back; then by rule and occurrence. */
  readonly booked: readonly Entry[];
  /** `balances[n]` is the balance in minor units after the first n booked entries. */
  readonly balances: readonly bigint[];
  /** What is or was pending, by the first day on which it was. */
  readonly pending: readonly Entry[];
}

/** Works out the timeline of an account. Costs in proportion to the entries up to the horizon. */
export function timelineOf(scenario: Scenario, account: ScenarioAccount, horizon: CalendarDate): Timeline {
  const all = [...entriesOf(scenario.seed, scenario.epoch, account, horizon)];
  all.push(...settlements(scenario, account, horizon, all));
  const booked = all.filter((entry) => entry.isBooked && entry.enteredOn <= horizon).toSorted(byBooking);
  const balances = [toMinorUnits(String(account.openingBalance), account.currency) ?? 0n];
  for (const [index, entry] of booked.entries()) balances.push((balances[index] ?? 0n) + entry.units);
  const pending = all
    .filter((entry) => entry.pendingFrom !== null && entry.pendingFrom <= horizon)
    .toSorted((left, right) => compare(left.pendingFrom ?? '', right.pendingFrom ?? '') || bySource(left, right));
  return { account, horizon, booked, balances, pending };
}

/**
 * A card with deferred debit is paid once a month: what was booked since the last settlement leaves the paying account
 * in one sum and enters the card, so that the balances of both stay the sum of their entries.
 */
function settlements(
  scenario: Scenario,
  account: ScenarioAccount,
  horizon: CalendarDate,
  own: readonly Entry[],
): Entry[] {
  if (account.deferredDebit) return settlementsOfCard(scenario, account, horizon, own, 'card');
  return scenario.accounts
    .filter((card) => card.deferredDebit?.account === account.id)
    .flatMap((card) =>
      settlementsOfCard(scenario, card, horizon, [...entriesOf(scenario.seed, scenario.epoch, card, horizon)], 'payer'),
    )
    .filter((entry) => isOpenOn(account, entry.endsOn));
}

function settlementsOfCard(
  scenario: Scenario,
  card: ScenarioAccount,
  horizon: CalendarDate,
  cardEntries: readonly Entry[],
  side: 'card' | 'payer',
): Entry[] {
  const purchases = cardEntries.filter((entry) => entry.isBooked).toSorted(byBooking);
  const settled: Entry[] = [];
  let next = 0;
  let occurrence = 0;
  for (const day of monthlyDays(card.deferredDebit?.day ?? 'last-working', scenario.epoch, horizon)) {
    let units = 0n;
    for (; next < purchases.length; next += 1) {
      const purchase = purchases[next];
      if (!purchase || purchase.enteredOn > day) break;
      units += purchase.units;
    }
    occurrence += 1;
    if (units === 0n || !isOpenOn(card, day)) continue;
    settled.push({
      key: `${scenario.seed}|${card.id}|settlement-${side}|${occurrence}`,
      rule: -1,
      occurrence,
      happensOn: day,
      pendingFrom: null,
      endsOn: day,
      enteredOn: day,
      isBooked: true,
      pendingUnits: units,
      units: side === 'card' ? -units : units,
    });
  }
  return settled;
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function bySource(left: Entry, right: Entry): number {
  return left.rule - right.rule || left.occurrence - right.occurrence || compare(left.key, right.key);
}

function byBooking(left: Entry, right: Entry): number {
  return compare(left.enteredOn, right.enteredOn) || bySource(left, right);
}

/** The last day of the half year after a day: the horizon moves in steps, so that a running clock seldom recomputes. */
export function horizonFor(day: CalendarDate): CalendarDate {
  const ahead = addDays(day, 200);
  return ahead.slice(5) < '07-01' ? `${ahead.slice(0, 4)}-06-30` : `${ahead.slice(0, 4)}-12-31`;
}

/** How many of the sorted booked entries are entered by the end of a day. */
export function countBookedBy(timeline: Timeline, day: CalendarDate): number {
  let low = 0;
  let high = timeline.booked.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((timeline.booked[middle]?.enteredOn ?? '') <= day) low = middle + 1;
    else high = middle;
  }
  return low;
}
