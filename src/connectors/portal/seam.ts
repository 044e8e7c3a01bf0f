import type { StatementRow } from './statement-page.ts';

/**
 * Whether the head of a page may repeat the tail of the page before: that is so when something was booked between the
 * two, for pages are numbered from the newest entry. Two equal entries that are two look the same.
 */
export function mayOverlap(before: readonly StatementRow[], after: readonly StatementRow[]): boolean {
  return range(1, Math.min(before.length, after.length)).some((count) =>
    areEqual(before.slice(-count), after.slice(0, count)),
  );
}

/**
 * By how many entries a page has moved between two looks at it: 0 when it shows the same as before, null when it shows
 * nothing of what it did.
 */
export function movedBy(first: readonly StatementRow[], second: readonly StatementRow[]): number | null {
  const found = range(0, first.length - 1).find((count) =>
    areEqual(first.slice(0, first.length - count), second.slice(count, first.length)),
  );
  return found ?? null;
}

function areEqual(left: readonly StatementRow[], right: readonly StatementRow[]): boolean {
  return left.length === right.length && left.every((row, index) => isSameRow(row, right[index]));
}

function isSameRow(left: StatementRow, right: StatementRow | undefined): boolean {
  return (
    right !== undefined &&
    left.day === right.day &&
    left.amount === right.amount &&
    left.isDebit === right.isDebit &&
    left.text === right.text &&
    left.valueDay === right.valueDay
  );
}

function range(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}
