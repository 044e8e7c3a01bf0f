import type { Bank } from '../bank.ts';
import type { AccountBook } from '../ledger/ledger.ts';
import type { Movement } from '../ledger/movement.ts';
import type { PortalEffect } from './failures.ts';
import { historyStart } from './listed-account.ts';

/** One page of a statement, the newest entries first. */
export interface Statement {
  /** Only on the first page. */
  readonly pending: readonly Movement[];
  readonly booked: readonly Movement[];
  /** Counts from 1. */
  readonly page: number;
  readonly pageCount: number;
  /** The position below which the next page of older entries begins; null at the end. Never moves for what is booked. */
  readonly before: number | null;
}

const truncatedDays = 30;

/** By number: what is booked meanwhile moves everything by one, as on real sites. A page beyond the last is the last. */
export function statementByPage(bank: Bank, book: AccountBook, effect: PortalEffect | null, asked: number): Statement {
  const { pageSize } = bank.scenario().bank.portal;
  const start = startOf(bank, book, effect);
  const page = Math.min(Math.max(1, asked), pageCountOf(book, start, pageSize));
  return statement(bank, book, effect, start, book.bookedCount - (page - 1) * pageSize);
}

/** By position: the entries booked before the one at `before`, or the newest when that is null. */
export function statementBefore(
  bank: Bank,
  book: AccountBook,
  effect: PortalEffect | null,
  before: number | null,
): Statement {
  const end = Math.min(before ?? book.bookedCount, book.bookedCount);
  return statement(bank, book, effect, startOf(bank, book, effect), end);
}

function statement(bank: Bank, book: AccountBook, effect: PortalEffect | null, start: number, end: number): Statement {
  const { pageSize } = bank.scenario().bank.portal;
  const from = Math.max(start, end - pageSize);
  const outcome = effect?.at === 'statement' ? effect.outcome : null;
  const told = (movement: Movement): Movement =>
    outcome === 'inconsistent'
      ? { ...movement, money: { ...movement.money, currency: otherCurrency(movement) } }
      : movement;
  return {
    pending: end === book.bookedCount && outcome !== 'no-pending' ? book.pending().map(told) : [],
    booked: book.booked(from, Math.max(from, end)).toReversed().map(told),
    page: Math.floor((book.bookedCount - end) / pageSize) + 1,
    pageCount: pageCountOf(book, start, pageSize),
    before: from > start ? from : null,
  };
}

function pageCountOf(book: AccountBook, start: number, pageSize: number): number {
  return Math.max(1, Math.ceil((book.bookedCount - start) / pageSize));
}

function startOf(bank: Bank, book: AccountBook, effect: PortalEffect | null): number {
  const truncation = bank.faults.take(['truncated-history'], '/portal');
  const days = effect?.at === 'data' && effect.fault === 'truncated-history' ? truncatedDays : truncation?.days;
  return book.positionOf(historyStart(bank, days ?? Number.POSITIVE_INFINITY));
}

function otherCurrency({ money }: Movement): string {
  return money.currency === 'EUR' ? 'CHF' : 'EUR';
}
