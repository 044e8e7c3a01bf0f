import { daysBetween, type CalendarDate } from '../../kernel/calendar-date.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { TransactionRule } from '../scenario/transaction-rule.ts';

const daysPerMonth = 28;

/**
 * About how many movements a scenario makes up to a day, worked out without making them: a short file can ask for
 * millions. Errs on the high side.
 */
export function movementsUpTo(scenario: Scenario, day: CalendarDate): number {
  const days = Math.max(0, daysBetween(scenario.epoch, day));
  return scenario.accounts.reduce((total, account) => {
    // Each settlement is looked for on the card and on the account that pays it.
    const settlements = account.deferredDebit ? (2 * days) / daysPerMonth : 0;
    return account.transactions.reduce(
      (sum, rule) => sum + occurrences(rule, scenario.epoch, day) * rule.times,
      total + settlements,
    );
  }, 0);
}

function occurrences(rule: TransactionRule, epoch: CalendarDate, day: CalendarDate): number {
  const span = rule.every ?? rule.monthly;
  if (!span) return 1;
  const from = span.from ?? epoch;
  const until = span.until !== undefined && span.until < day ? span.until : day;
  const stepDays = rule.every?.days ?? (rule.monthly?.months ?? 1) * daysPerMonth;
  return Math.max(0, Math.floor(daysBetween(from, until) / stepDays) + 1);
}
