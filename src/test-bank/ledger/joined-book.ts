import { addDays, daysBetween, type CalendarDate } from '../../kernel/calendar-date.ts';
import type { ScenarioAccount } from '../scenario/schema.ts';
import type { Movement } from './movement.ts';
import type { AccountBook } from './ledger.ts';

/** The books that one account of a report stands for: its own, or those of several currencies read as one. */
export interface ReportedBook extends Omit<AccountBook, 'bookedBalance' | 'expectedBalance'> {
  /** One for each currency, in the order of the scenario. */
  readonly parts: readonly AccountBook[];
}

/** The book of an account that joins no others. */
export function singleBook(book: AccountBook): ReportedBook {
  return { ...book, parts: [book] };
}

/**
 * Books read as one: by the day on which entries are entered, within a day in the order of the parts. What is booked later stands behind all
 * that was booked before, so that positions never move. Nothing is merged in advance: a position is searched for.
 */
export function joinedBook(
  account: ScenarioAccount,
  parts: readonly AccountBook[],
  epoch: CalendarDate,
  today: CalendarDate,
): ReportedBook {
  const positionOf = (day: CalendarDate) => parts.reduce((sum, part) => sum + part.positionOf(day), 0);
  const bookedCount = parts.reduce((sum, part) => sum + part.bookedCount, 0);
  function dayIn(book: Pick<AccountBook, 'positionOf'>, position: number): CalendarDate {
    let low = 0;
    let high = Math.max(0, daysBetween(epoch, today));
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (book.positionOf(addDays(epoch, middle + 1)) > position) high = middle;
      else low = middle + 1;
    }
    return addDays(epoch, low);
  }
  function placeOf(position: number): { part: AccountBook; position: number } | null {
    const day = dayIn({ positionOf }, position);
    let rest = position - positionOf(day);
    for (const part of parts) {
      const first = part.positionOf(day);
      const count = part.positionOf(addDays(day, 1)) - first;
      if (rest < count) return { part, position: first + rest };
      rest -= count;
    }
    return null;
  }
  return {
    account,
    parts,
    bookedCount,
    booked(from, to) {
      const movements: Movement[] = [];
      for (let position = Math.max(0, from); position < Math.min(bookedCount, to); position += 1) {
        const place = placeOf(position);
        if (place) movements.push(...place.part.booked(place.position, place.position + 1));
      }
      return movements;
    },
    balanceAfter(position) {
      const place = placeOf(position);
      return place ? place.part.balanceAfter(place.position) : { amount: '0', currency: account.currency };
    },
    positionOf,
    find(idOrReference) {
      for (const [index, part] of parts.entries()) {
        const position = part.find(idOrReference);
        if (position === null) continue;
        const day = dayIn(part, position);
        const before = parts
          .slice(0, index)
          .reduce((sum, other) => sum + other.positionOf(addDays(day, 1)) - other.positionOf(day), 0);
        return positionOf(day) + before + position - part.positionOf(day);
      }
      return null;
    },
    pending: () =>
      parts
        .flatMap((part) => part.pending())
        .toSorted((left, right) => Number(left.happensOn < right.happensOn) - Number(left.happensOn > right.happensOn)),
  };
}
