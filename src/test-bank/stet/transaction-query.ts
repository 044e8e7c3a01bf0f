import { addDays, daysBetween, isCalendarDate, type CalendarDate } from '../../kernel/calendar-date.ts';
import { decodeCursor, encodeCursor } from '../../kernel/cursor.ts';
import { Refusal } from '../refusal.ts';
import type { Switches } from '../scenario/switches.ts';

/** What GET transactions asks for. */
export interface StetTransactionQuery {
  /** The first day, by the date of the booking. */
  readonly dateFrom: CalendarDate | null;
  /** The first day that is no longer asked for: exclusive, unlike the other standards' dateTo. */
  readonly dateTo: CalendarDate | null;
  readonly afterEntryReference: string | null;
  readonly entryReferenceFrom: string | null;
  readonly entryReferenceTo: string | null;
  readonly page: StetPage | null;
}

/** One page of a window in the books: positions count from the oldest entry, so that later bookings move nothing. */
export interface StetPage {
  readonly start: number;
  readonly end: number;
  /** 0 is the newest page. */
  readonly number: number;
  /** The days, both included, of which entries are shown. */
  readonly from: CalendarDate;
  readonly to: CalendarDate;
}

/** Days are counted from here in the text of a page, whose length is limited. */
const firstDay = '2000-01-01';

/** Reads the query. Throws a Refusal that names the parameter. */
export function parseStetQuery(
  query: Readonly<Record<string, string>>,
  { stetVersion }: Switches,
): StetTransactionQuery {
  const old = query['afterEntryReference'] ?? null;
  const from = query['entryReferenceFrom'] ?? null;
  const to = query['entryReferenceTo'] ?? null;
  if (stetVersion === '1.4' ? from !== null || to !== null : old !== null) {
    const use = stetVersion === '1.4' ? 'afterEntryReference' : 'entryReferenceFrom and entryReferenceTo';
    throw new Refusal(400, 'PARAMETER_NOT_SUPPORTED', `STET ${stetVersion} of this bank knows ${use} only.`);
  }
  const dateFrom = day(query, 'dateFrom');
  const dateTo = day(query, 'dateTo');
  if (dateFrom !== null && dateTo !== null && dateTo <= dateFrom) {
    throw new Refusal(400, 'PERIOD_INVALID', 'dateTo is exclusive: it must be after dateFrom.');
  }
  const index = query['index'];
  return {
    dateFrom,
    dateTo,
    afterEntryReference: old,
    entryReferenceFrom: from,
    entryReferenceTo: to,
    page: index === undefined ? null : readPage(index),
  };
}

function day(query: Readonly<Record<string, string>>, name: string): CalendarDate | null {
  const value = query[name];
  if (value === undefined) return null;
  if (!isCalendarDate(value)) throw new Refusal(400, 'FORMAT_ERROR', `${name} must be a day, written YYYY-MM-DD.`);
  return value;
}

function readPage(text: string): StetPage {
  const parts = (decodeCursor('p', text) ?? []).map((part) => (/^\d{1,9}$/.test(part) ? Number(part) : -1));
  const [start = -1, end = -1, number = -1, from = -1, to = -1] = parts;
  if (Math.min(start, end, number, from, to) < 0 || Math.max(from, to) > 99_999) {
    throw new Refusal(400, 'FORMAT_ERROR', 'index must be taken from a link of this bank.');
  }
  return { start, end, number, from: addDays(firstDay, from), to: addDays(firstDay, to) };
}

/** The opaque text of a page. */
export function stetPageText({ start, end, number, from, to }: StetPage): string {
  const days = [from, to].map((on) => Math.max(0, daysBetween(firstDay, on)));
  return encodeCursor('p', [start, end, number, ...days].map(String));
}
