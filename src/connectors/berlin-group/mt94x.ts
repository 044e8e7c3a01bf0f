import { Failure } from '../../domain/failure.ts';
import { addDays, isCalendarDate, type CalendarDate } from '../../kernel/calendar-date.ts';
import { readMtDetails } from './mt94x-details.ts';
import { readMtExchange } from './mt94x-exchange.ts';
import type { ReportPage } from './wire.ts';

interface Field {
  readonly tag: string;
  readonly lines: string[];
}

const linesOfFieldMax = 200;

/**
 * Entries of MT940 (booked) or MT942 (interim: not booked yet) in the words of NextGenPSD2, so that one set of rules
 * normalises them. Several messages may follow each other, bare or in the envelopes of SWIFT. No library: those for
 * JavaScript give amounts as floating point numbers. Source: SWIFT Standards MT, category 9.
 * Throws BANK_ERROR when a statement breaks off before its closing balance, for its last entries would be missing.
 */
export function readMt94x(text: string): ReportPage {
  const booked: object[] = [];
  const pending: object[] = [];
  let currency: string | undefined;
  let isOpen = false;
  const fields = fieldsOf(text);
  for (const [index, { tag, lines }] of fields.entries()) {
    const [first = ''] = lines;
    if (tag === '60F' || tag === '60M') {
      currency = first.slice(7, 10);
      isOpen = true;
    } else if (tag === '62F' || tag === '62M') isOpen = false;
    else if (tag === '34F') currency = first.slice(0, 3);
    else if (tag === '61') {
      const next = fields[index + 1];
      const entry = wireEntry(lines, currency, next?.tag === '86' ? next.lines : []);
      (isOpen ? booked : pending).push(entry);
    }
  }
  if (isOpen) throw new Failure('BANK_ERROR', { message: 'The bank’s MT940 statement breaks off before its end.' });
  return { booked, pending, next: null, isReport: fields.length > 0 };
}

/** `:61:` and the like begin a field at the start of a line; all else goes on with the field before. */
function fieldsOf(text: string): Field[] {
  const fields: Field[] = [];
  for (const line of text.split(/\r\n|\r|\n/)) {
    const begin = /^:(\d{2}[A-Z]?):/.exec(line);
    const current = fields.at(-1);
    if (begin?.[1] !== undefined) fields.push({ tag: begin[1], lines: [line.slice(begin[0].length)] });
    else if (line.startsWith('-') || line.startsWith('{')) fields.push({ tag: '', lines: [] });
    else if (current && current.lines.length < linesOfFieldMax) current.lines.push(line);
  }
  return fields.filter(({ tag }) => tag !== '');
}

// Value date, booking day, mark (R reverses, E is expected), third letter of the currency, amount, type, references.
const statementLine =
  /^(\d{6})(\d{4})?(R?[CD]|E[CD])([A-Z])?(\d{1,15},\d{0,3})([A-Z][A-Z0-9]{3})((?:(?!\/\/).){0,16})(?:\/\/(.{0,16}))?/;

/** An entry that cannot be read is empty: it is counted as one that cannot be used. */
function wireEntry(lines: readonly string[], currency: string | undefined, details: readonly string[]): object {
  const [first = '', supplement = ''] = lines;
  const match = statementLine.exec(first);
  if (!match) return {};
  const [, valueText = '', bookingText, mark = '', , amount = '', type = '', reference, bankReference] = match;
  const valueDate = longDay(valueText);
  if (valueDate === null) return {};
  // The reversal of a credit takes money away, and the other way round.
  const isDebit = mark === 'D' || mark === 'RC' || mark === 'ED';
  return {
    transactionAmount: { amount: amount.endsWith(',') ? amount.slice(0, -1) : amount.replace(',', '.'), currency },
    creditDebitIndicator: isDebit ? 'DBIT' : 'CRDT',
    valueDate,
    bookingDate: bookingText === undefined ? undefined : nearDay(valueDate, bookingText),
    entryReference: bankReference,
    proprietaryBankTransactionCode: type,
    // Type CHK tells that the reference is the cheque's number.
    checkId: type.endsWith('CHK') ? reference : undefined,
    ...readMtDetails(details, { isDebit, type, supplement }),
    ...readMtExchange([supplement, ...details].join('').slice(0, 10_000)),
  };
}

/** Two digits of the year: those of SWIFT's rule, 80 to 99 in the last century. */
function longDay(day: string): CalendarDate | null {
  const century = day < '80' ? '20' : '19';
  const text = `${century}${day.slice(0, 2)}-${day.slice(2, 4)}-${day.slice(4, 6)}`;
  return isCalendarDate(text) ? text : null;
}

/** The booking day has no year: it is that which brings it nearest to the value date. */
function nearDay(valueDate: CalendarDate, monthAndDay: string): CalendarDate | undefined {
  const year = Number(valueDate.slice(0, 4));
  const [earliest, latest] = [addDays(valueDate, -182), addDays(valueDate, 183)];
  return [year, year - 1, year + 1]
    .map((candidate) => `${candidate}-${monthAndDay.slice(0, 2)}-${monthAndDay.slice(2)}`)
    .find((day) => isCalendarDate(day) && day >= earliest && day <= latest);
}
