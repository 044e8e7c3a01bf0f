import { daysBetween, type CalendarDate } from '../kernel/calendar-date.ts';
import type { AccountId, TransactionId } from '../kernel/id.ts';
import { toMinorUnits } from '../kernel/money.ts';

/** A line by which a payment account pays the month of a deferred-debit card: booked, and of type CREDIT_CARD_PAYMENT. */
export interface Settlement {
  readonly id: TransactionId;
  readonly accountId: AccountId;
  readonly datedOn: CalendarDate;
  readonly amount: string;
  readonly currency: string;
  readonly bankText: string;
}

/** A card of the same connection, with what is booked on it. */
export interface Card {
  readonly id: AccountId;
  readonly maskedPan: string | null;
  readonly currency: string;
  readonly entries: readonly {
    readonly datedOn: CalendarDate;
    readonly amount: string;
    /** The other side of a settlement, where the bank books one. */
    readonly isSettlement: boolean;
  }[];
  /** The last day on which it is known to have been settled, before the settlement in question. */
  readonly settledOn: CalendarDate | null;
}

/** A bank books both sides of a settlement within a weekend. */
const maxDaysBetweenSides = 3;

/** "CB 1234 TOT DIF", "RELEVE CARTE X1234": what banks print of a card's number. */
const printedNumber = /(?:^|\s)(?:CB|CARTE)(?: N[°O])?[ :]*[X*]*(\d{4})(?=\s|$)/i;

/**
 * The card that a line settles, where it is evident, so that nobody counts both: the text prints the end of its number;
 * or the card has the same sum booked to its credit, within 3 days; or what was booked on it makes up exactly that sum,
 * on the day itself (where the bank books operations by the day of imputation) or since its last settlement. In this
 * order, and only where a single card fits; a number that is no card's here says that the card is none of these.
 */
export function settledCardOf(settlement: Settlement, cards: readonly Card[]): AccountId | null {
  const printed = printedNumber.exec(settlement.bankText)?.[1];
  const possible = cards.filter((card) => card.currency === settlement.currency && mayBe(card, printed));
  const byNumber = possible.filter((card) => printed !== undefined && card.maskedPan !== null);
  const units = toMinorUnits(settlement.amount, settlement.currency);
  if (units === null || units >= 0n) return null;
  const evidence = [
    byNumber,
    possible.filter((card) => isMirrored(settlement, units, card)),
    possible.filter((card) => isSum(settlement, units, card)),
  ];
  return evidence.find((fitting) => fitting.length === 1)?.[0]?.id ?? null;
}

function mayBe(card: Card, printed: string | undefined): boolean {
  return printed === undefined || card.maskedPan === null || card.maskedPan.endsWith(printed);
}

function isMirrored({ datedOn, currency }: Settlement, units: bigint, card: Card): boolean {
  return card.entries.some(
    (entry) =>
      entry.isSettlement &&
      toMinorUnits(entry.amount, currency) === -units &&
      Math.abs(daysBetween(datedOn, entry.datedOn)) <= maxDaysBetweenSides,
  );
}

function isSum({ datedOn, currency }: Settlement, units: bigint, card: Card): boolean {
  const sumOf = (isCounted: (day: CalendarDate) => boolean) =>
    card.entries
      .filter((entry) => !entry.isSettlement && isCounted(entry.datedOn))
      .reduce<bigint | null>((sum, { amount }) => {
        const one = toMinorUnits(amount, currency);
        return sum === null || one === null ? null : sum + one;
      }, 0n);
  const { settledOn } = card;
  return (
    sumOf((day) => day === datedOn) === units ||
    (settledOn !== null && sumOf((day) => day > settledOn && day <= datedOn) === units)
  );
}
