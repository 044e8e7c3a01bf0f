import { addDays, type CalendarDate } from '../../kernel/calendar-date.ts';
import type { Bank } from '../bank.ts';
import { isDatedBack } from '../ledger/entry.ts';
import type { AccountBook } from '../ledger/ledger.ts';
import type { Movement } from '../ledger/movement.ts';
import { Refusal } from '../refusal.ts';
import type { StetUse } from './access.ts';
import { halLinks } from './links.ts';
import { stetPageText, type StetPage, type StetTransactionQuery } from './transaction-query.ts';
import { stetResourceId } from './wire-account.ts';
import { wireStetTransaction } from './wire-transaction.ts';

const freshMilliseconds = 15 * 60_000;
const daysAfterThat = 90;
const truncatedDays = 30;
const repeatedEntries = 3;

/** One page of HalTransactions, newest entry first, pending ones before; null when there is nothing to tell. */
export function stetTransactionPage(
  bank: Bank,
  use: StetUse,
  book: AccountBook,
  query: StetTransactionQuery,
  path: string,
): object | null {
  const { switches, pageSize } = bank.scenario().bank;
  const take = (kind: 'mid-page-failure' | 'duplicated-pages' | 'reissued-ids') => bank.faults.take([kind], path);
  if (query.page && take('mid-page-failure')) {
    throw new Refusal(500, 'INTERNAL_SERVER_ERROR', 'An internal error occurred.');
  }
  const window = withinBook(book, query.page) ?? windowOf(bank, use, book, query, path);
  const { start, end, number } = window;
  const size = switches.pages === 'none' ? Math.max(1, end - start) : pageSize;
  const from = Math.max(start, end - (number + 1) * size);
  const to = Math.max(from, end - number * size);
  const repeats = switches.pages === 'duplicates-across-pages' || take('duplicated-pages') ? repeatedEntries : 0;
  const idSalt = take('reissued-ids') ? use.consent.id : '';
  const currency = use.effect?.at === 'content' && use.effect.outcome === 'inconsistent' ? 'USD' : null;
  const pending = number === 0 && !query.page ? pendingOf(bank, use, book, query) : [];
  const booked = book
    .booked(from, number === 0 ? to : Math.min(end, to + repeats))
    .filter(({ bookedOn }) => bookedOn !== null && bookedOn >= window.from && bookedOn <= window.to)
    .toReversed();
  const transactions = [...pending, ...booked].map((movement, position) =>
    wireStetTransaction(movement, { switches, position, idSalt, currency }),
  );
  if (transactions.length === 0) return null;
  const account = `/accounts/${stetResourceId(bank, book.account.id, use.consent.id)}`;
  const last = Math.max(0, Math.ceil((end - start) / size) - 1);
  const at = (page: number) => `${account}/transactions?index=${stetPageText({ ...window, number: page })}`;
  const nextLink = at(number + 1);
  return {
    transactions,
    _links: halLinks({
      self: query.page ? at(number) : `${account}/transactions`,
      'parent-list': '/accounts',
      ...(use.grant.balances.includes(book.account.id) ? { balances: `${account}/balances` } : {}),
      ...(last > 0 ? { first: at(0), last: at(last) } : {}),
      ...(number < last
        ? { next: switches.pages === 'broken-next' ? nextLink.replace('index=', 'index') : nextLink }
        : {}),
      ...(number > 0 ? { prev: at(number - 1) } : {}),
    }),
  };
}

function withinBook({ bookedCount }: AccountBook, page: StetPage | null): StetPage | null {
  if (!page) return null;
  const end = Math.min(page.end, bookedCount);
  return { ...page, end, start: Math.min(page.start, end) };
}

/** The positions that the question covers, within the history that the bank shows to this consent. */
function windowOf(bank: Bank, use: StetUse, book: AccountBook, query: StetTransactionQuery, path: string): StetPage {
  const { switches, historyDays } = bank.scenario().bank;
  const isFresh = bank.clock.now().getTime() - (use.consent.authorisedAt ?? 0) <= freshMilliseconds;
  const isTruncated = use.effect?.at === 'data' && use.effect.fault === 'truncated-history';
  const days = Math.min(
    historyDays,
    switches.history === 'full-first-15-minutes' && !isFresh ? daysAfterThat : historyDays,
    bank.faults.take(['truncated-history'], path)?.days ?? historyDays,
    isTruncated ? truncatedDays : historyDays,
  );
  const oldest: CalendarDate = addDays(bank.ledger().day, -days);
  const asked = query.dateFrom === null || query.dateFrom < oldest ? oldest : query.dateFrom;
  const start = Math.max(
    book.positionOf(asked),
    query.afterEntryReference === null ? 0 : find(book, query.afterEntryReference, 'afterEntryReference') + 1,
    query.entryReferenceFrom === null ? 0 : find(book, query.entryReferenceFrom, 'entryReferenceFrom'),
  );
  const end = Math.min(
    query.dateTo === null || isDatedBack(book.account) ? book.bookedCount : book.positionOf(query.dateTo),
    query.entryReferenceTo === null ? book.bookedCount : find(book, query.entryReferenceTo, 'entryReferenceTo') + 1,
  );
  const to = query.dateTo === null ? bank.ledger().day : addDays(query.dateTo, -1);
  return { start: Math.min(start, end), end, number: 0, from: asked, to };
}

function find(book: AccountBook, reference: string, name: string): number {
  const position = book.find(reference);
  if (position === null) throw new Refusal(400, 'RESOURCE_UNKNOWN', `${name} names no entry of this account.`);
  return position;
}

function pendingOf(bank: Bank, { effect }: StetUse, book: AccountBook, query: StetTransactionQuery): Movement[] {
  const isHidden =
    bank.scenario().bank.switches.pending === 'none' || (effect?.at === 'content' && effect.outcome === 'no-pending');
  if (isHidden || query.entryReferenceTo !== null) return [];
  return book
    .pending()
    .filter(
      ({ happensOn }) => happensOn >= (query.dateFrom ?? '') && (query.dateTo === null || happensOn < query.dateTo),
    );
}
