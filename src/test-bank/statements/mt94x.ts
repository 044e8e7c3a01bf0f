import type { CalendarDate } from '../../kernel/calendar-date.ts';
import type { Money } from '../../kernel/money.ts';
import type { Movement } from '../ledger/movement.ts';
import type { MovementKind } from '../scenario/transaction-rule.ts';
import type { Statement } from './statement.ts';

/** German business transaction codes (GVC) and what statements print for them. */
const businessCodes: Readonly<Record<MovementKind, readonly [code: string, text: string]>> = {
  card: ['106', 'KARTENZAHLUNG'],
  withdrawal: ['083', 'AUSZAHLUNG'],
  'transfer-in': ['166', 'GUTSCHRIFT'],
  'transfer-out': ['116', 'UEBERWEISUNG'],
  'direct-debit': ['105', 'FOLGELASTSCHRIFT'],
  'loan-payment': ['104', 'DARLEHENSRATE'],
  'card-settlement': ['106', 'KARTENABRECHNUNG'],
  fee: ['808', 'ENTGELT'],
  interest: ['814', 'ZINSEN'],
  cheque: ['101', 'SCHECK'],
  refund: ['159', 'RUECKBUCHUNG'],
  other: ['899', 'SONSTIGES'],
};

/** Booked entries as MT940, in the German structure of field 86. Lines end with CR LF. */
export function mt940(statement: Statement): string {
  return message([
    ...heading(statement),
    `:60F:${balance(statement.opening, statement.from)}`,
    ...statement.booked.flatMap(entry),
    `:62F:${balance(statement.closing, statement.to)}`,
  ]);
}

/** Pending entries as MT942, an interim report. */
export function mt942(statement: Statement): string {
  const { currency, createdAt, pending } = statement;
  const floor = `:34F:${currency}0,`;
  const stamp = createdAt.toISOString();
  return message([
    ...heading(statement),
    floor,
    `:13D:${shortDay(stamp.slice(0, 10))}${stamp.slice(11, 16).replace(':', '')}+0000`,
    ...pending.flatMap(entry),
  ]);
}

function message(lines: readonly string[]): string {
  return [...lines, '-', ''].join('\r\n');
}

function heading({ id, number }: Statement): string[] {
  return [`:20:${swift(id).slice(0, 16)}`, `:25:${swift(number)}`, ':28C:00001/001'];
}

function balance(money: Money, day: CalendarDate): string {
  return `${indicator(money)}${shortDay(day)}${money.currency}${comma(money)}`;
}

function entry({ money, valueOn, bookedOn, happensOn, kind, reference, text, ...movement }: Movement): string[] {
  const day = bookedOn ?? happensOn;
  const [code, heading] = businessCodes[kind];
  const name = movement.counterparty?.name ?? movement.merchant?.name ?? '';
  const fields = [
    ['00', heading],
    ['10', '931'],
    ...parts(text, 27, 10).map((part, index): [string, string] => [String(20 + index), part]),
    ...(movement.counterparty?.iban === undefined ? [] : [['31', movement.counterparty.iban]]),
    ...parts(name, 27, 2).map((part, index): [string, string] => [String(32 + index), part]),
  ];
  const details = `:86:${code}${fields.map(([key = '', value = '']) => `?${key}${swift(value)}`).join('')}`;
  return [
    `:61:${shortDay(valueOn)}${day.slice(5).replace('-', '')}${indicator(money)}${comma(money)}NMSCNONREF//${swift(reference).slice(0, 16)}`,
    // A line that began with a colon or a dash would begin a field, or end the message.
    ...parts(details, 65, 6).map((line, index) => (index === 0 ? line : line.replace(/^[:-]/, ' '))),
  ];
}

function parts(text: string, length: number, countMax: number): string[] {
  const count = Math.min(countMax, Math.ceil(text.length / length));
  return Array.from({ length: count }, (_, part) => text.slice(part * length, (part + 1) * length));
}

function indicator({ amount }: Money): 'C' | 'D' {
  return amount.startsWith('-') ? 'D' : 'C';
}

function comma({ amount }: Money): string {
  const unsigned = amount.replace('-', '');
  return unsigned.includes('.') ? unsigned.replace('.', ',') : `${unsigned},`;
}

function shortDay(day: CalendarDate): string {
  return day.replaceAll('-', '').slice(2);
}

/** The character set X of SWIFT. A question mark begins a subfield, so that no text may hold one. */
function swift(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9/\-:().,'+ ]/g, ' ');
}
