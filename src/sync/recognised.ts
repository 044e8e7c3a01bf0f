import { digestOf } from '../store/bank-digest.ts';
import type { BankTransaction } from '../domain/bank-snapshot.ts';
import type { CalendarDate } from '../kernel/calendar-date.ts';
import type { DayDigests } from '../store/recognised-rows.ts';
import type { ComparedRow } from '../store/transactions.ts';

/** A stored row with the digest under which it is known. */
export interface DigestedRow extends Pick<ComparedRow, 'datedOn' | 'status'> {
  readonly bankDigest: string | null;
}

/**
 * The booked entries of an account that stand on both sides in the same words, found by their digests: what the first
 * tier of the matching would pair, without either of them being read. 20 bytes are held for each stored row.
 */
export interface Recognised {
  /** Takes in what is stored of further days; each day once. */
  readonly learn: (days: readonly DayDigests[]) => void;
  /** Strikes a shown entry out with a stored row of the same digest, when one is left; false when it must be compared. */
  readonly strike: (shown: BankTransaction) => boolean;
  /** How many were struck out of each day. */
  readonly days: ReadonlyMap<CalendarDate, number>;
  /** How many rows of each learnt day must be compared. */
  readonly left: () => { readonly day: CalendarDate; readonly count: number }[];
  /** The digests, of these days, of which not all rows were struck out. */
  readonly digestsLeft: (part: { readonly from: CalendarDate; readonly to: CalendarDate }) => string[];
  /** Leaves out as many rows of each digest as were struck out, the first ones: all of a digest must be given at once. */
  readonly withoutStruck: <Row extends DigestedRow>(rows: readonly Row[]) => Row[];
  /** True for a row that, or a twin of which, the bank shows in the same words. */
  readonly isShown: (row: DigestedRow) => boolean;
}

interface Day extends DayDigests {
  readonly sorted: Buffer;
  /** At the place of the first of each digest, how many of it were struck out. */
  readonly struck: Uint32Array;
}

/** `isDecidable` tells that there is a category for an entry: a row that has none must then be compared, and gets it. */
export function createRecognised(isDecidable: (shown: BankTransaction) => boolean): Recognised {
  const learnt = new Map<CalendarDate, Day>();
  const days = new Map<CalendarDate, number>();
  const struckOf = ({ status, datedOn, bankDigest }: DigestedRow) => {
    const day = learnt.get(datedOn);
    if (!day || bankDigest === null || status !== 'BOOKED') return 0;
    const place = placeOf(day.sorted, bytesOf(bankDigest));
    return place === null ? 0 : (day.struck[place] ?? 0);
  };
  return {
    days,
    learn(further) {
      for (const one of further) {
        const struck = new Uint32Array(one.digests.byteLength / digestBytes);
        learnt.set(one.day, { ...one, sorted: bufferOf(one.digests), struck });
      }
    },
    strike(shown) {
      const day = shown.bookedOn === null ? undefined : learnt.get(shown.bookedOn);
      const digest = day && day.struck.length > 0 ? digestOf(shown) : null;
      if (!day || digest === null) return false;
      const bytes = bytesOf(digest);
      const place = placeOf(day.sorted, bytes);
      if (place === null) return false;
      const isUndecided = placeOf(bufferOf(day.undecided), bytes) !== null;
      if (isUndecided && isDecidable(shown)) return false;
      const struck = day.struck[place] ?? 0;
      if (!isAt(day.sorted, place + struck, bytes)) return false;
      day.struck[place] = struck + 1;
      days.set(day.day, (days.get(day.day) ?? 0) + 1);
      return true;
    },
    left: () =>
      [...learnt.values()]
        .map(({ day, struck, others }) => ({ day, count: struck.length - (days.get(day) ?? 0) + others }))
        .filter(({ count }) => count > 0),
    digestsLeft: ({ from, to }) =>
      [...learnt.values()].filter(({ day }) => day >= from && day <= to).flatMap((day) => [...digestsLeftOf(day)]),
    withoutStruck(rows) {
      const seen = new Map<string, number>();
      return rows.filter((row) => {
        const struck = struckOf(row);
        if (struck === 0) return true;
        const key = `${row.datedOn} ${row.bankDigest}`;
        const before = seen.get(key) ?? 0;
        seen.set(key, before + 1);
        return before >= struck;
      });
    },
    isShown: (row) => struckOf(row) > 0,
  };
}

const digestBytes = 16;

function* digestsLeftOf({ sorted, struck }: Day): Generator<string> {
  for (let place = 0; place < struck.length;) {
    const digest = sorted.subarray(place * digestBytes, (place + 1) * digestBytes);
    let end = place + 1;
    while (isAt(sorted, end, digest)) end += 1;
    if ((struck[place] ?? 0) < end - place) yield digest.toString('hex');
    place = end;
  }
}

/** PostgreSQL writes them with hyphens. */
function bytesOf(digest: string): Buffer {
  return Buffer.from(digest.replaceAll('-', ''), 'hex');
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The place of the first digest that is equal. */
function placeOf(sorted: Buffer, digest: Buffer): number | null {
  let low = 0;
  let high = sorted.length / digestBytes;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareAt(sorted, middle, digest) < 0) low = middle + 1;
    else high = middle;
  }
  return isAt(sorted, low, digest) ? low : null;
}

function isAt(sorted: Buffer, place: number, digest: Buffer): boolean {
  return place * digestBytes < sorted.length && compareAt(sorted, place, digest) === 0;
}

/** Nearly always told by the first four bytes. */
function compareAt(sorted: Buffer, place: number, digest: Buffer): number {
  const start = place * digestBytes;
  const first = sorted.readUInt32BE(start) - digest.readUInt32BE(0);
  return first === 0 ? sorted.compare(digest, 0, digestBytes, start, start + digestBytes) : first;
}
