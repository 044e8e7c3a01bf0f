import { Failure } from '../domain/failure.ts';
import { decodeCursor, encodeCursor } from '../kernel/cursor.ts';

/** A place in the log. Places are ordered by xid, then by position; the same order in a user's and a client's stream. */
export interface Place {
  /** The transaction that wrote the event. */
  readonly xid: bigint;
  /** A number of the event within its transaction, from 1. */
  readonly position: bigint;
}

/** Before every event. */
export const startOfLog: Place = { xid: 0n, position: 0n };

const cursorKind = 'evt';
const xidMax = 2n ** 64n - 1n;
const positionMax = 2n ** 63n - 1n;

/** The opaque form of a place. */
export function cursorAt(place: Place): string {
  return cursorOf(String(place.xid), String(place.position));
}

/** The same of its two numbers as texts. */
export function cursorOf(xid: string, position: string): string {
  return encodeCursor(cursorKind, [xid, position]);
}

/** The place that a cursor names; a `Failure` CURSOR_INVALID when it is not a cursor of the log. */
export function placeOf(cursor: string): Place {
  const [xid, position, ...rest] = decodeCursor(cursorKind, cursor) ?? [];
  if (xid === undefined || position === undefined || rest.length > 0) throw notACursor();
  if (!/^\d{1,20}$/.test(xid) || !/^\d{1,19}$/.test(position)) throw notACursor();
  const place = { xid: BigInt(xid), position: BigInt(position) };
  if (place.xid > xidMax || place.position > positionMax) throw notACursor();
  return place;
}

/** Negative when `left` comes first, 0 when they are the same place, else positive. */
export function comparePlaces(left: Place, right: Place): number {
  if (left === right) return 0;
  if (left.xid !== right.xid) return left.xid < right.xid ? -1 : 1;
  if (left.position === right.position) return 0;
  return left.position < right.position ? -1 : 1;
}

function notACursor(): Failure {
  return new Failure('CURSOR_INVALID', {
    message: 'This is not a cursor of the event log: pass the `cursor` of an event, unchanged, or leave it out.',
  });
}
