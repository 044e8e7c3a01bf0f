import { daysBetween, type CalendarDate } from '../../kernel/calendar-date.ts';
import type { Finding } from './finding.ts';
import type { Scenario, ScenarioAccount } from './schema.ts';
import type { TransactionRule } from './transaction-rule.ts';

/** The clock of the bank never reaches this day: what a scenario can yield is bounded, and so is the memory it takes. */
export const scenarioEndsOn: CalendarDate = '2100-01-01';
const entriesMax = 1_000_000;
const daysPerMonth = 28;

/** Rules that would yield more than the bank holds by the end of its time. */
export function checkVolume(scenario: Scenario): Finding[] {
  return scenario.accounts.flatMap((account, index) => {
    const entries = account.transactions.reduce((sum, rule) => sum + entriesAtMost(rule, scenario, account), 0);
    if (entries <= entriesMax) return [];
    return [
      {
        path: ['accounts', index, 'transactions'],
        problem: `These rules yield about ${entries} transactions by ${scenarioEndsOn}; an account holds at most ${entriesMax}.`,
        remedy: 'Give the busiest rules an "until", a lower "times" or more days between.',
      },
    ];
  });
}

function entriesAtMost(rule: TransactionRule, scenario: Scenario, account: ScenarioAccount): number {
  if (rule.on !== undefined) return rule.times;
  const span = rule.every ?? rule.monthly;
  const from = span?.from ?? scenario.epoch;
  const until = span?.until ?? account.closesOn ?? scenarioEndsOn;
  const stepDays = rule.every?.days ?? (rule.monthly?.months ?? 1) * daysPerMonth;
  return Math.max(0, Math.floor(daysBetween(from, until) / stepDays) + 1) * rule.times;
}
