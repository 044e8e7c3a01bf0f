import { addDays, type CalendarDate } from '../../kernel/calendar-date.ts';
import { toMinorUnits } from '../../kernel/money.ts';
import type { ScenarioAccount } from '../scenario/schema.ts';
import type { TransactionRule } from '../scenario/transaction-rule.ts';
import type { AmountOrRange } from '../scenario/values.ts';
import { drawBetween, drawIndex, drawUnit } from './random.ts';
import { dueDays } from './schedule.ts';

/** One movement of an account in its shortest form: texts and ids are made from the key when somebody looks at it. */
export interface Entry {
  /** Seed, account, rule, occurrence: names the movement for ever and feeds every draw about it. */
  readonly key: string;
  /** Position of the rule in its account, -1 for what the bank itself adds (the settlement of a card). */
  readonly rule: number;
  /** Counts from 1 within the rule. */
  readonly occurrence: number;
  /** The day on which it happened, for example the day of the purchase. */
  readonly happensOn: CalendarDate;
  /** First day as a pending entry; null when it is never pending. */
  readonly pendingFrom: CalendarDate | null;
  /** The day of the booking; for a pending entry that vanishes, the day on which it is gone. */
  readonly endsOn: CalendarDate;
  /** The day from which a booked entry is in the books: that of the booking, unless it is dated back. */
  readonly enteredOn: CalendarDate;
  readonly isBooked: boolean;
  /** Minor units while pending, and when booked. */
  readonly pendingUnits: bigint;
  readonly units: bigint;
}

/** Every movement that the rules of an account yield with a due day up to the horizon, in no particular order. */
export function* entriesOf(
  seed: string,
  epoch: CalendarDate,
  account: ScenarioAccount,
  horizon: CalendarDate,
): Generator<Entry> {
  for (const [index, rule] of account.transactions.entries()) {
    const ruleKey = `${seed}|${account.id}|${rule.id ?? index}`;
    let occurrence = 0;
    for (const dueOn of dueDays(rule, epoch, horizon)) {
      for (let time = 0; time < rule.times; time += 1) {
        occurrence += 1;
        const entry = entryOf(rule, index, `${ruleKey}|${occurrence}`, occurrence, dueOn, account.currency);
        if (entry && entry.happensOn >= epoch && isOpenOn(account, entry.endsOn)) yield entry;
      }
    }
  }
}

/** Whether entries are dated before the day on which they are entered: their positions then say nothing of their dates. */
export function isDatedBack(account: ScenarioAccount): boolean {
  return account.transactions.some(({ lateDays }) => lateDays > 0);
}

/** Whether the bank shows the account on that day. */
export function isOpenOn(account: ScenarioAccount, day: CalendarDate): boolean {
  return (account.opensOn ?? '') <= day && (account.closesOn === undefined || day < account.closesOn);
}

function entryOf(
  rule: TransactionRule,
  index: number,
  key: string,
  occurrence: number,
  dueOn: CalendarDate,
  currency: string,
): Entry | null {
  if (rule.probability < 1 && drawUnit(`${key}|takes-place`) >= rule.probability) return null;
  const jitter = rule.jitterDays > 0 ? drawIndex(`${key}|jitter`, rule.jitterDays + 1) : 0;
  const happensOn = addDays(dueOn, jitter);
  const { pending } = rule;
  const endsOn = pending ? addDays(happensOn, pending.days) : happensOn;
  const pendingUnits = drawAmount(rule.amount, currency, `${key}|amount`);
  return {
    key,
    rule: index,
    occurrence,
    happensOn,
    pendingFrom: pending ? happensOn : null,
    endsOn,
    enteredOn: addDays(endsOn, rule.lateDays),
    isBooked: pending?.outcome !== 'vanishes',
    pendingUnits,
    units:
      pending?.bookedAmount === undefined
        ? pendingUnits
        : drawAmount(pending.bookedAmount, currency, `${key}|booked-amount`),
  };
}

function drawAmount(amount: AmountOrRange, currency: string, key: string): bigint {
  const units = (value: string | number) => toMinorUnits(String(value), currency) ?? 0n;
  return typeof amount === 'object' ? drawBetween(key, units(amount.min), units(amount.max)) : units(amount);
}
