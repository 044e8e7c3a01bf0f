import type { CalendarDate } from '../../kernel/calendar-date.ts';
import { fromMinorUnits, toMinorUnits, type Money } from '../../kernel/money.ts';
import type { ScenarioAccount } from '../scenario/schema.ts';
import type { Counterparty } from '../scenario/transaction-rule.ts';

/** An order to pay the same sum again and again: a monthly transfer of one amount, in the words of the scenario. */
export interface StandingOrder {
  readonly money: Money;
  readonly counterparty: Counterparty | null;
  readonly text: string;
  readonly startsOn: CalendarDate;
  /** Null when it has no end. */
  readonly endsOn: CalendarDate | null;
  readonly everyMonths: number;
  /** 1 to 31; a day after the end of a short month means its last day. */
  readonly dayOfMonth: number;
  readonly rollsForward: boolean;
}

/** The standing orders of an account that are active on a day. Pure. */
export function standingOrdersOf(account: ScenarioAccount, epoch: CalendarDate, day: CalendarDate): StandingOrder[] {
  return account.transactions.flatMap(({ kind, monthly, amount, counterparty, text }) => {
    if (kind !== 'transfer-out' || !monthly || typeof amount === 'object') return [];
    if (monthly.until !== undefined && monthly.until < day) return [];
    const units = toMinorUnits(String(amount), account.currency) ?? 0n;
    return [
      {
        money: { amount: fromMinorUnits(units, account.currency), currency: account.currency },
        counterparty: counterparty ?? null,
        text: withoutPlaceholders(text, counterparty?.name ?? ''),
        startsOn: monthly.from ?? epoch,
        endsOn: monthly.until ?? null,
        everyMonths: monthly.months,
        dayOfMonth: typeof monthly.day === 'number' ? monthly.day : 31,
        rollsForward: monthly.roll === 'next-working',
      },
    ];
  });
}

/** What changes from payment to payment is not part of the order. */
function withoutPlaceholders(text: string, counterparty: string): string {
  return text
    .replaceAll('{counterparty}', counterparty)
    .replace(/\{[a-z/]+\}/g, '')
    .replace(/ {2,}/g, ' ')
    .trim();
}
