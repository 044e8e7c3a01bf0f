import { addDays, type CalendarDate } from '../../kernel/calendar-date.ts';
import { fromMinorUnits, type Money } from '../../kernel/money.ts';
import type { Scenario, ScenarioAccount } from '../scenario/schema.ts';
import type { Counterparty, Merchant, MovementKind } from '../scenario/transaction-rule.ts';
import type { Entry } from './entry.ts';
import { foreignOf, type Foreign } from './foreign.ts';
import { drawHex, drawIndex } from './random.ts';

/** A movement as a statement tells it, in no bank's dialect: each face writes it in its own words. */
export interface Movement {
  readonly status: 'PENDING' | 'BOOKED';
  /** Unique within the bank. Changes between pending and booked only where the scenario says so. */
  readonly id: string;
  readonly reference: string;
  readonly kind: MovementKind;
  /** Signed: a debit is negative. */
  readonly money: Money;
  readonly foreign: Foreign | null;
  readonly happensOn: CalendarDate;
  /** Null while pending. */
  readonly bookedOn: CalendarDate | null;
  readonly valueOn: CalendarDate;
  readonly text: string;
  readonly merchant: Merchant | null;
  readonly counterparty: Counterparty | null;
}

const idLength = 24;

/** The id of an entry once it is booked. */
export function bookedIdOf(entry: Entry): string {
  return drawHex(`${entry.key}|id`, idLength);
}

/** The reference that goes with an id: the day and a part of it. */
export function referenceOf(entry: Entry, id: string): string {
  return `${entry.happensOn.replaceAll('-', '').slice(2)}-${id.slice(0, 12).toUpperCase()}`;
}

/** Tells an entry of an account as a movement: pure, and only done for what is shown. */
export function movementOf(
  scenario: Scenario,
  account: ScenarioAccount,
  entry: Entry,
  status: 'PENDING' | 'BOOKED',
): Movement {
  const rule = account.transactions[entry.rule];
  const merchants = rule?.merchants;
  const merchant = merchants?.[drawIndex(`${entry.key}|merchant`, merchants.length)] ?? null;
  const isReissued = status === 'PENDING' && rule?.pending?.outcome === 'returns-under-another-id';
  const hex = isReissued ? drawHex(`${entry.key}|pending-id`, idLength) : bookedIdOf(entry);
  const units = status === 'PENDING' ? entry.pendingUnits : entry.units;
  const text = rule?.text ?? settlementText(scenario, account, entry);
  return {
    status,
    id: hex,
    reference: referenceOf(entry, hex),
    kind: rule?.kind ?? 'card-settlement',
    money: { amount: fromMinorUnits(units, account.currency), currency: account.currency },
    foreign: foreignOf(units, account.currency, rule),
    happensOn: entry.happensOn,
    bookedOn: status === 'BOOKED' ? entry.endsOn : null,
    valueOn: addDays(entry.endsOn, rule?.valueDays ?? 0),
    text: fill(text, entry, merchant, rule?.counterparty ?? null),
    merchant,
    counterparty: rule?.counterparty ?? null,
  };
}

function settlementText(scenario: Scenario, account: ScenarioAccount, entry: Entry): string {
  const card = scenario.accounts.find((candidate) =>
    entry.key.startsWith(`${scenario.seed}|${candidate.id}|settlement-`),
  );
  return (card ?? account).deferredDebit?.text ?? 'DEBIT MENSUEL CARTE';
}

const months = [
  'JANVIER',
  'FEVRIER',
  'MARS',
  'AVRIL',
  'MAI',
  'JUIN',
  'JUILLET',
  'AOUT',
  'SEPTEMBRE',
  'OCTOBRE',
  'NOVEMBRE',
  'DECEMBRE',
];

function fill(text: string, entry: Entry, merchant: Merchant | null, counterparty: Counterparty | null): string {
  const [year = '', month = '', day = ''] = entry.happensOn.split('-');
  const yy = year.slice(2);
  const values: Record<string, string> = {
    merchant: merchant?.name ?? '',
    city: merchant?.city ?? '',
    counterparty: counterparty?.name ?? '',
    ddmmyy: `${day}${month}${yy}`,
    ddmm: `${day}${month}`,
    'dd/mm/yy': `${day}/${month}/${yy}`,
    'dd/mm': `${day}/${month}`,
    month: `${months[Number(month) - 1] ?? ''} ${year}`,
    n: String(entry.occurrence),
  };
  return text
    .replace(/\{([a-z/]+)\}/g, (whole, name: string) => values[name] ?? whole)
    .replace(/ {2,}/g, ' ')
    .trim();
}
