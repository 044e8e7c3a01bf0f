import { addDays, type CalendarDate } from '../../kernel/calendar-date.ts';
import type { Bank } from '../bank.ts';
import type { ConsentUse } from '../consents/use-consent.ts';
import { isDatedBack } from '../ledger/entry.ts';
import type { ActiveFault } from '../faults/faults.ts';
import type { ReportedBook } from '../ledger/joined-book.ts';
import { Refusal } from '../refusal.ts';
import type { TransactionQuery } from './transaction-query.ts';

const fullHistoryMilliseconds = 15 * 60_000;
const laterHistoryDays = 90;
const truncatedDays = 30;

/** Positions in the books from `start` to `end` (excluded), and the days, both included, of which entries are shown. */
export interface TransactionWindow {
  readonly start: number;
  readonly end: number;
  readonly from: CalendarDate;
  readonly to: CalendarDate;
}

/** What the question covers, within the history that the bank shows to this consent. */
export function windowOf(
  bank: Bank,
  use: ConsentUse,
  book: ReportedBook,
  query: TransactionQuery,
  truncated: ActiveFault | null,
): TransactionWindow {
  const { switches } = bank.scenario().bank;
  // Further pages look through the window of the first one, even past midnight.
  const today = query.page?.day ?? bank.ledger().day;
  const oldest = addDays(today, -daysShown(bank, use, truncated));
  const isFiltered = switches.dateFilter === 'kept';
  const asked = isFiltered ? (query.dateFrom ?? oldest) : oldest;
  if (asked < oldest && switches.oldDates === 'refused') {
    throw new Refusal(400, 'PERIOD_INVALID', `This bank shows transactions from ${oldest} on.`, { path: 'dateFrom' });
  }
  const from = asked < oldest ? oldest : asked;
  const to = isFiltered && query.dateTo !== null && query.dateTo < today ? query.dateTo : today;
  const start = Math.max(book.positionOf(from), firstNew(use, book, query));
  const end = book.parts.some(({ account }) => isDatedBack(account))
    ? book.bookedCount
    : book.positionOf(addDays(to, 1));
  const first = Math.min(start, end);
  return { start: first, end: Math.max(first, Math.min(end, query.page?.end ?? end)), from, to };
}

function daysShown(bank: Bank, use: ConsentUse, truncated: ActiveFault | null): number {
  const { switches, historyDays } = bank.scenario().bank;
  const isFresh = bank.clock.now().getTime() - (use.consent.authorisedAt ?? 0) <= fullHistoryMilliseconds;
  const isTruncated = use.effect?.at === 'data' && use.effect.fault === 'truncated-history';
  return Math.min(
    historyDays,
    switches.history === 'full-first-15-minutes' && !isFresh ? laterHistoryDays : historyDays,
    truncated?.days ?? historyDays,
    isTruncated ? truncatedDays : historyDays,
  );
}

/** The first position that a delta report shows. */
function firstNew({ consent }: ConsentUse, book: ReportedBook, query: TransactionQuery): number {
  if (query.isDelta) return consent.deltas[book.account.id] ?? 0;
  if (query.entryReferenceFrom === null) return 0;
  const position = book.find(query.entryReferenceFrom);
  if (position !== null) return position + 1;
  throw new Refusal(400, 'RESOURCE_UNKNOWN', 'entryReferenceFrom names no entry of this account.', {
    path: 'entryReferenceFrom',
  });
}
