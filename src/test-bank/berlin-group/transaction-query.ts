import { z } from 'zod';
import { isCalendarDate, type CalendarDate } from '../../kernel/calendar-date.ts';
import { decodeCursor, encodeCursor } from '../../kernel/cursor.ts';
import { Refusal } from '../refusal.ts';

/** What GET transactions asks for (Implementation Guidelines 6.5.3). */
export interface TransactionQuery {
  readonly booked: boolean;
  readonly pending: boolean;
  readonly dateFrom: CalendarDate | null;
  readonly dateTo: CalendarDate | null;
  readonly entryReferenceFrom: string | null;
  readonly withBalance: boolean;
  readonly page: PageCursor | null;
}

/** A place in the books of one day: what is booked later moves no page. Positions count from the oldest entry. */
export interface PageCursor {
  readonly day: CalendarDate;
  /** The position before which the page ends. */
  readonly end: number;
}

const statusSchema = z.enum(['booked', 'pending', 'both', 'all']);

/** Reads the query parameters. Throws a Refusal that names the parameter. */
export function parseTransactionQuery(query: Readonly<Record<string, string>>): TransactionQuery {
  const status = statusSchema.safeParse(query['bookingStatus']);
  if (!status.success) {
    throw query['bookingStatus'] === 'information'
      ? new Refusal(400, 'PARAMETER_NOT_SUPPORTED', 'This bank shows no standing orders.', { path: 'bookingStatus' })
      : new Refusal(400, 'FORMAT_ERROR', 'bookingStatus must be booked, pending, both or all.', {
          path: 'bookingStatus',
        });
  }
  if (query['deltaList'] !== undefined) {
    throw new Refusal(400, 'PARAMETER_NOT_SUPPORTED', 'deltaList is not supported; use entryReferenceFrom.', {
      path: 'deltaList',
    });
  }
  const dateFrom = day(query, 'dateFrom');
  const dateTo = day(query, 'dateTo');
  if (dateFrom !== null && dateTo !== null && dateTo < dateFrom) {
    throw new Refusal(400, 'PERIOD_INVALID', 'dateTo is before dateFrom.', { path: 'dateTo' });
  }
  const entryReferenceFrom = query['entryReferenceFrom'] ?? null;
  if (status.data !== 'pending' && dateFrom === null && entryReferenceFrom === null) {
    throw new Refusal(400, 'FORMAT_ERROR', 'dateFrom or entryReferenceFrom is needed for booked entries.', {
      path: 'dateFrom',
    });
  }
  return {
    booked: status.data !== 'pending',
    pending: status.data !== 'booked',
    dateFrom,
    dateTo,
    entryReferenceFrom,
    withBalance: query['withBalance'] === 'true',
    page: query['page'] === undefined ? null : readPage(query['page']),
  };
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
