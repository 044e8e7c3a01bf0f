import type { BankTransaction } from '../domain/bank-snapshot.ts';
import type { FailureCode } from '../domain/failure-catalogue.ts';
import type { Failure } from '../domain/failure.ts';
import type { CalendarDate } from '../kernel/calendar-date.ts';
import type { TransactionWindow } from './connector.ts';

/**
 * Whether an entry belongs to what was asked for; `from` is the window's first day, or a later one that the bank allows.
 * Some banks ignore the dates they are asked for. A pending entry may be dated in the future (the last day on which it
 * will be booked) or not at all, and is kept. After an anchor older entries belong to it too, which the bank has dated
 * back, but only by the reference that a bank with such an answer gives them: nothing else keeps one that is stored in
 * other words from being stored twice.
 */
export function isInside(entry: BankTransaction, from: CalendarDate, { to, anchor }: TransactionWindow): boolean {
  const { status, bookedOn } = entry;
  if (bookedOn === null) return true;
  if (status === 'BOOKED' && bookedOn > to) return false;
  if (bookedOn >= from) return true;
  return anchor !== undefined && status === 'BOOKED' && entry.entryReference !== null && bookedOn >= anchor.notBefore;
}

const refusingStatuses = new Set([400, 404, 405, 422]);
const unspecificCodes: readonly FailureCode[] = ['BANK_ERROR', 'ACCOUNT_NOT_FOUND'];

/**
 * Whether a refusal may be meant for the anchor: banks forget references, issue them anew, and do not say which part of a
 * question they refuse. Asked by days the bank then tells what it means.
 */
export function mayRefuseAnchor(refusal: { readonly status: number; readonly failure: Failure }): boolean {
  return refusingStatuses.has(refusal.status) && unspecificCodes.includes(refusal.failure.code);
}
