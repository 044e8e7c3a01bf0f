import { addDays, type CalendarDate } from '../../kernel/calendar-date.ts';
import type { Bank } from '../bank.ts';
import type { ConsentUse } from '../consents/use-consent.ts';
import type { ActiveFault } from '../faults/faults.ts';
import type { AccountBook } from '../ledger/ledger.ts';
import type { Movement } from '../ledger/movement.ts';
import { Refusal } from '../refusal.ts';
import type { FaultKind } from '../scenario/fault.ts';
import { dataLinks } from './links.ts';
import { pageText, type TransactionQuery } from './transaction-query.ts';
import { resourceIdOf, wireReference, type AccountList } from './wire-account.ts';
import { wireBalances } from './wire-balance.ts';
import { wireCardTransaction, wireTransaction } from './wire-transaction.ts';

const fullHistoryMilliseconds = 15 * 60_000;
const repeatedEntries = 3;

/** One page of an account report (Implementation Guidelines 14.22), newest entry first. */
export function transactionReport(
  bank: Bank,
  use: ConsentUse,
  book: AccountBook,
  list: AccountList,
  query: TransactionQuery,
  request: { origin: string; path: string; parameters: Readonly<Record<string, string>> },
): object {
  const { switches, pageSize } = bank.scenario().bank;
  const take = (kind: FaultKind): ActiveFault | null => bank.faults.take([kind], request.path);
  if (query.page && take('mid-page-failure'))
    throw new Refusal(500, 'INTERNAL_SERVER_ERROR', 'An internal error occurred.');
  const { start, end } = windowOf(bank, use, book, query, take('truncated-history'));
  const size = switches.pages === 'none' ? end - start : pageSize;
  const from = Math.max(start, end - size);
  const repeats = switches.pages === 'duplicates-across-pages' || take('duplicated-pages') ? repeatedEntries : 0;
  const to = query.page ? Math.min(book.bookedCount, end + repeats) : end;
  const idSalt = take('reissued-ids') ? use.consent.id : '';
  const currency = use.effect?.at === 'content' && use.effect.outcome === 'inconsistent' ? 'USD' : null;
  const write = (movement: Movement, position: number) =>
    (list === 'card-accounts' ? wireCardTransaction : wireTransaction)(movement, {
      switches,
      position,
      idSalt,
      currency,
    });
  const resourceId = resourceIdOf(bank, book.account, use.consent.id);
  const self = `/${list}/${resourceId}`;
  const hasNext = query.booked && from > start;
  const next = nextPath(
    `${self}/transactions`,
    request.parameters,
    pageText({ day: query.page?.day ?? bank.ledger().day, end: from }),
  );
  const _links = dataLinks(switches.links, request.origin, {
    account: self,
    ...(hasNext ? { next: switches.pages === 'broken-next' ? next.replace('dateFrom=', 'dateFrom') : next } : {}),
  });
  const showsPending = query.pending && !query.page && switches.pending !== 'none';
  return {
    account: wireReference(bank, book.account),
    [list === 'card-accounts' ? 'cardTransactions' : 'transactions']: {
      ...(query.booked ? { booked: book.booked(from, to).toReversed().map(write) } : {}),
      ...(showsPending ? { pending: book.pending().map(write) } : {}),
      ...(_links ? { _links: _links } : {}),
    },
    ...(query.withBalance && use.consent.grant.balances.includes(book.account.id)
      ? { balances: wireBalances(book, bank.ledger().day, switches, use.effect) }
      : {}),
  };
}

/** The positions that the question covers, within the history that the bank shows to this consent. */
function windowOf(
  bank: Bank,
  use: ConsentUse,
  book: AccountBook,
  query: TransactionQuery,
  truncated: ActiveFault | null,
): { start: number; end: number } {
  const { switches, historyDays } = bank.scenario().bank;
  // Further pages look through the window of the first one, even past midnight.
  const today = query.page?.day ?? bank.ledger().day;
  const isFresh = bank.clock.now().getTime() - (use.consent.authorisedAt ?? 0) <= fullHistoryMilliseconds;
  const isTruncated = use.effect?.at === 'data' && use.effect.fault === 'truncated-history';
  const days = Math.min(
    historyDays,
    switches.history === 'full-first-15-minutes' && !isFresh ? 90 : historyDays,
    truncated?.days ?? historyDays,
    isTruncated ? 30 : historyDays,
  );
  const oldest = addDays(today, -days);
  const asked: CalendarDate = query.dateFrom ?? oldest;
  let start = book.positionOf(asked < oldest ? oldest : asked);
  if (query.entryReferenceFrom !== null) {
    const position = book.find(query.entryReferenceFrom);
    if (position === null) {
      throw new Refusal(400, 'RESOURCE_UNKNOWN', 'entryReferenceFrom names no entry of this account.', {
        path: 'entryReferenceFrom',
      });
    }
    start = Math.max(start, position + 1);
  }
  const last = query.dateTo !== null && query.dateTo < today ? query.dateTo : today;
  const end = book.positionOf(addDays(last, 1));
  return { start: Math.min(start, end), end: Math.max(Math.min(start, end), Math.min(end, query.page?.end ?? end)) };
}

function nextPath(path: string, parameters: Readonly<Record<string, string>>, page: string): string {
  return `${path}?${new URLSearchParams({ ...parameters, page }).toString()}`;
}
