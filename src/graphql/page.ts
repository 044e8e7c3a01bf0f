import { decodeBase64, decodeCursorChunk } from '@pothos/core';
import { isId, type IdKind } from '../kernel/id.ts';
import { invalidArgument, requestError } from './request-error.ts';

interface PageArguments {
  readonly first?: number | null | undefined;
  readonly last?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly before?: string | null | undefined;
}

/** The columns that order a list, ending in one that is unique, and what a place in that order looks like. */
export interface ListOrder {
  readonly orderBy: Readonly<Record<string, 'asc' | 'desc'>>;
  /** One test for each column of `orderBy`, in its order. */
  readonly isPart: readonly ((value: unknown) => boolean)[];
}

export const pageSizeMax = 100;
export const transactionPageSizeMax = 500;

/** A test for the id in a cursor. */
export function idPart(kind: IdKind): (value: unknown) => boolean {
  return (value) => typeof value === 'string' && isId(kind, value);
}

/** Newest first: the order of lists that have no order of their own. */
export function newestFirst(kind: IdKind): ListOrder {
  return {
    orderBy: { createdAt: 'desc', id: 'desc' },
    isPart: [(value) => value instanceof Date && !Number.isNaN(value.getTime()), idPart(kind)],
  };
}

/**
 * The order of a page whose arguments are sound; throws a top-level error otherwise. Nothing is clamped: who asks for
 * more than the maximum would take a short page for the end of the list.
 */
export function pageOrder(args: PageArguments, order: ListOrder, sizeMax: number): Record<string, 'asc' | 'desc'> {
  checkSize('first', args.first, sizeMax);
  checkSize('last', args.last, sizeMax);
  if (typeof args.first === 'number' && typeof args.last === 'number') {
    throw invalidArgument('last', 'give "first" or "last", not both.');
  }
  readPlace('after', args.after, order);
  readPlace('before', args.before, order);
  return { ...order.orderBy };
}

function checkSize(argument: string, size: number | null | undefined, sizeMax: number): void {
  if (typeof size === 'number' && (size < 0 || size > sizeMax)) {
    throw invalidArgument(argument, `must be from 0 to ${sizeMax}, not ${size}.`);
  }
}

/** The values of a cursor of this list, one for each ordering column; null without a cursor. */
export function readPlace(argument: string, cursor: string | null | undefined, order: ListOrder): unknown[] | null {
  if (cursor === null || cursor === undefined) return null;
  const parts = decode(cursor);
  const isPlace =
    parts?.length === order.isPart.length && order.isPart.every((isPart, position) => isPart(parts[position]));
  if (parts && isPlace) return parts;
  throw requestError('CURSOR_INVALID', `Argument "${argument}": this cursor is not one that this list gave.`, {
    argument,
  });
}

function decode(cursor: string): unknown[] | null {
  try {
    const text = decodeBase64(cursor);
    const parts = text.startsWith('DC:T:') ? decodeCursorChunk(text.slice(3)) : null;
    return Array.isArray(parts) ? parts : null;
  } catch {
    return null;
  }
}
