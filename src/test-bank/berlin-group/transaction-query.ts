import { z } from 'zod';
import { isCalendarDate, type CalendarDate } from '../../kernel/calendar-date.ts';
import { decodeCursor, encodeCursor } from '../../kernel/cursor.ts';
import { Refusal } from '../refusal.ts';
import type { Switches } from '../scenario/switches.ts';

/** What GET transactions asks for (Implementation Guidelines 6.5.3). */
export interface TransactionQuery {
  readonly booked: boolean;
  readonly pending: boolean;
  /** Standing orders instead of entries. */
  readonly information: boolean;
  readonly dateFrom: CalendarDate | null;
  readonly dateTo: CalendarDate | null;
  readonly entryReferenceFrom: string | null;
  /** deltaList=true: what this consent has not been shown yet. */
  readonly isDelta: boolean;
  readonly withBalance: boolean;
  readonly page: PageCursor | null;
  /** Banks that count pages: this one, from 0, of so many entries. */
  readonly pageIndex: number;
  readonly itemsPerPage: number | null;
}

/** A place in the books of one day: what is booked later moves no page. Positions count from the oldest entry. */
export interface PageCursor {
  readonly day: CalendarDate;
  /** The position before which the page ends. */
  readonly end: number;
}

const statusSchema = z.enum(['booked', 'pending', 'both', 'all', 'information']);

/** Reads the query parameters, in the habits of the bank. Throws a Refusal that names the parameter. */
export function parseTransactionQuery(query: Readonly<Record<string, string>>, switches: Switches): TransactionQuery {
  const status = bookingStatus(query['bookingStatus'], switches);
  const isDelta = query['deltaList'] === 'true';
  const entryReferenceFrom = query['entryReferenceFrom'] ?? null;
  if (query['deltaList'] !== undefined && switches.delta !== 'all') throw unsupported('deltaList');
  if (entryReferenceFrom !== null && switches.delta === 'none') throw unsupported('entryReferenceFrom');
  if (isDelta && entryReferenceFrom !== null) {
    throw new Refusal(400, 'FORMAT_ERROR', 'deltaList and entryReferenceFrom exclude each other.', {
      path: 'deltaList',
    });
  }
  const dateFrom = day(query, 'dateFrom');
  const dateTo = day(query, 'dateTo');
  if (dateFrom !== null && dateTo !== null && dateTo < dateFrom) {
    throw new Refusal(400, 'PERIOD_INVALID', 'dateTo is before dateFrom.', { path: 'dateTo' });
  }
  const isBooked = status !== 'pending' && status !== 'information';
  if (isBooked && dateFrom === null && entryReferenceFrom === null && !isDelta) {
    throw new Refusal(400, 'FORMAT_ERROR', 'dateFrom or entryReferenceFrom is needed for booked entries.', {
      path: 'dateFrom',
    });
  }
  const countsPages = switches.pages === 'page-number';
  return {
    booked: isBooked,
    pending: status !== 'booked' && status !== 'information',
    information: status === 'information',
    dateFrom,
    dateTo,
    entryReferenceFrom,
    isDelta,
    withBalance: query['withBalance'] === 'true',
    page: query['page'] === undefined ? null : readPage(query['page']),
    pageIndex: countsPages ? (count(query, 'pageIndex', 0) ?? 0) : 0,
    itemsPerPage: countsPages ? count(query, 'itemsPerPage', 1) : null,
  };
}

function bookingStatus(asked: string | undefined, switches: Switches): z.output<typeof statusSchema> {
  const status = statusSchema.safeParse(switches.linkParameters === 'upper-case' ? asked?.toLowerCase() : asked);
  if (!status.success) {
    throw new Refusal(400, 'FORMAT_ERROR', 'bookingStatus must be booked, pending, both, all or information.', {
      path: 'bookingStatus',
    });
  }
  if (status.data === 'information' && switches.standingOrders === 'none') {
    throw new Refusal(400, 'PARAMETER_NOT_SUPPORTED', 'This bank shows no standing orders.', { path: 'bookingStatus' });
  }
  const isBoth = status.data === 'both' || status.data === 'all';
  const isRefused =
    (switches.bookingStatuses === 'booked-only' && status.data !== 'booked' && status.data !== 'information') ||
    (switches.bookingStatuses === 'separately' && isBoth);
  if (isRefused) throw unsupported('bookingStatus');
  return status.data;
}

function unsupported(path: string): Refusal {
  return new Refusal(400, 'PARAMETER_NOT_SUPPORTED', `This bank does not support this use of ${path}.`, { path });
}

function count(query: Readonly<Record<string, string>>, name: string, least: number): number | null {
  const value = query[name];
  if (value === undefined) return null;
  if (/^\d{1,5}$/.test(value) && Number(value) >= least) return Number(value);
  throw new Refusal(400, 'FORMAT_ERROR', `${name} must be a whole number from ${least} on.`, { path: name });
}

function day(query: Readonly<Record<string, string>>, name: string): CalendarDate | null {
  const value = query[name];
  if (value === undefined) return null;
  if (!isCalendarDate(value))
    throw new Refusal(400, 'FORMAT_ERROR', `${name} must be a day, written YYYY-MM-DD.`, { path: name });
  return value;
}

function readPage(text: string): PageCursor {
  const [on, end] = decodeCursor('page', text) ?? [];
  if (on === undefined || !isCalendarDate(on) || end === undefined || !/^\d{1,9}$/.test(end)) {
    throw new Refusal(400, 'FORMAT_ERROR', 'page must be taken from a link of this bank.', { path: 'page' });
  }
  return { day: on, end: Number(end) };
}

/** The opaque text of a page. */
export function pageText({ day: on, end }: PageCursor): string {
  return encodeCursor('page', [on, String(end)]);
}
