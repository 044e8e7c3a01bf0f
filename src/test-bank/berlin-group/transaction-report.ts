import type { Bank } from '../bank.ts';
import type { ConsentUse } from '../consents/use-consent.ts';
import type { ActiveFault } from '../faults/faults.ts';
import type { ReportedBook } from '../ledger/joined-book.ts';
import type { Movement } from '../ledger/movement.ts';
import { standingOrdersOf } from '../ledger/standing-orders.ts';
import { Refusal } from '../refusal.ts';
import type { FaultKind } from '../scenario/fault.ts';
import { dataLinks } from './links.ts';
import { bookOf } from './multicurrency.ts';
import { pageText, type TransactionQuery } from './transaction-query.ts';
import type { TransactionStyle } from './transaction-style.ts';
import { windowOf, type TransactionWindow } from './transaction-window.ts';
import { resourceIdOf, wireReference, type AccountList } from './wire-account.ts';
import { wireBalances } from './wire-balance.ts';
import { wireStandingOrder } from './wire-standing-order.ts';
import { wireCardTransaction, wireTransaction } from './wire-transaction.ts';

const repeatedEntries = 3;
const itemsMax = 5000;

/** Where a report was asked for, for the links that it carries. */
export interface ReportRequest {
  readonly origin: string;
  readonly path: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** One page of an account report (Implementation Guidelines 14.22), newest entry first. */
export function transactionReport(
  bank: Bank,
  use: ConsentUse,
  book: ReportedBook,
  list: AccountList,
  query: TransactionQuery,
  request: ReportRequest,
): object {
  const { switches, pageSize } = bank.scenario().bank;
  const take = (kind: FaultKind): ActiveFault | null => bank.faults.take([kind], request.path);
  if (query.page && take('mid-page-failure'))
    throw new Refusal(500, 'INTERNAL_SERVER_ERROR', 'An internal error occurred.');
  const window = windowOf(bank, use, book, query, take('truncated-history'));
  // A delta report comes whole: a second page would ask for what is new since the first.
  const isWhole = switches.pages === 'none' || query.isDelta;
  const size = isWhole ? Math.max(1, window.end - window.start) : Math.min(itemsMax, query.itemsPerPage ?? pageSize);
  const end = Math.max(window.start, window.end - query.pageIndex * size);
  const from = Math.max(window.start, end - size);
  const repeats = switches.pages === 'duplicates-across-pages' || take('duplicated-pages') ? repeatedEntries : 0;
  const to = query.page ? Math.min(book.bookedCount, end + repeats) : end;
  const style = styleOf(bank, use, book, list, request.origin, take('reissued-ids') !== null);
  const write = list === 'card-accounts' ? wireCardTransaction : wireTransaction;
  const self = `/${list}/${resourceIdOf(bank, book.account, use.consent.id)}`;
  const next = query.booked ? nextParameters(bank, query, window, { from, end }) : null;
  const _links = dataLinks(switches.links, request.origin, {
    account: self,
    ...(next ? { next: nextPath(`${self}/transactions`, switches, { ...request.parameters, ...next }) } : {}),
  });
  const showsPending = query.pending && !query.page && query.pageIndex === 0 && switches.pending !== 'none';
  const booked = book
    .booked(from, to)
    .map((movement, index) => ({ movement, bookPosition: from + index }))
    .filter(({ movement: { bookedOn } }) => bookedOn !== null && bookedOn >= window.from && bookedOn <= window.to)
    .toReversed();
  const balances =
    query.withBalance || switches.reportBalances === 'always'
      ? bookOf(bank, book.account, use.consent.grant.balances)
      : null;
  return {
    account: wireReference(bank, book.account),
    [list === 'card-accounts' ? 'cardTransactions' : 'transactions']: {
      ...(query.booked
        ? {
            booked: booked.map(({ movement, bookPosition }, position) =>
              write(movement, style(movement, position, bookPosition)),
            ),
          }
        : {}),
      ...(showsPending
        ? { pending: book.pending().map((movement, position) => write(movement, style(movement, position, null))) }
        : {}),
      ...(query.information ? { information: standingOrders(bank, book) } : {}),
      ...(_links ? { _links: _links } : {}),
    },
    ...(balances ? { balances: wireBalances(balances, bank.ledger().day, switches, use.effect) } : {}),
  };
}

function standingOrders(bank: Bank, { parts }: ReportedBook): object[] {
  const { epoch, bank: profile } = bank.scenario();
  return parts
    .flatMap(({ account }) => standingOrdersOf(account, epoch, bank.ledger().day))
    .map((order, position) => wireStandingOrder(order, profile.switches, position));
}

/** How each entry of an answer is to be written. */
export function styleOf(
  bank: Bank,
  use: ConsentUse,
  book: ReportedBook,
  list: AccountList,
  origin: string,
  isReissued: boolean,
): (movement: Movement, position: number, bookPosition: number | null) => TransactionStyle {
  const { bank: profile, people } = bank.scenario();
  const { switches } = profile;
  const { day } = bank.ledger();
  const idSalt = isReissued ? use.consent.id : '';
  const currency = use.effect?.at === 'content' && use.effect.outcome === 'inconsistent' ? 'USD' : null;
  const holder = people.find(({ id }) => id === book.account.owners[0])?.name ?? '';
  const linksDetails = switches.transactionDetails === 'linked' && list === 'accounts';
  const path = `/accounts/${resourceIdOf(bank, book.account, use.consent.id)}/transactions`;
  return ({ id }, position, bookPosition) => {
    const isLinked = linksDetails && bookPosition !== null;
    const links = isLinked ? dataLinks(switches.links, origin, { transactionDetails: `${path}/${id}` }) : undefined;
    return {
      switches,
      position,
      bookPosition,
      idSalt,
      currency,
      today: day,
      holder,
      balanceAfter: bookPosition === null ? null : book.balanceAfter(bookPosition),
      details: links?.['transactionDetails']?.href ?? null,
    };
  };
}

/** What the next page is asked by; null when this one is the last. */
function nextParameters(
  bank: Bank,
  query: TransactionQuery,
  { start }: TransactionWindow,
  { from, end }: { from: number; end: number },
): Record<string, string> | null {
  const { switches, pageSize } = bank.scenario().bank;
  const day = query.page?.day ?? bank.ledger().day;
  if (from <= start) return switches.pages === 'endless' ? { page: pageText({ day, end }) } : null;
  return switches.pages === 'page-number'
    ? { pageIndex: String(query.pageIndex + 1), itemsPerPage: String(query.itemsPerPage ?? pageSize) }
    : { page: pageText({ day, end: from }) };
}

function nextPath(
  path: string,
  { pages, linkParameters }: TransactionStyle['switches'],
  parameters: Readonly<Record<string, string>>,
): string {
  const { bookingStatus = '' } = parameters;
  const written =
    linkParameters === 'upper-case' ? { ...parameters, bookingStatus: bookingStatus.toUpperCase() } : parameters;
  const text = `${path}?${new URLSearchParams(written).toString()}`;
  return pages === 'broken-next' ? text.replace('dateFrom=', 'dateFrom') : text;
}
