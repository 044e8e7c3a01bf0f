import { addDays, type CalendarDate } from '../kernel/calendar-date.ts';

/** An entry with more entries than this beside it, on the other side, is compared with none of them. */
const maxNeighbours = 100;

interface Dated {
  readonly day: CalendarDate;
}

export interface Neighbours<Left, Right> {
  /** All that are within the days of each other, but for those that are crowded. */
  readonly pairs: Iterable<readonly [Left, Right]>;
  /** True for an entry that is crowded or has a crowded one beside it: not all that may fit it was looked at. */
  readonly isUncertain: (entry: Left | Right) => boolean;
}

/**
 * Who stands within so many days of whom. The work grows with the number of entries and not with its square, whatever
 * a bank shows; and an entry's answer depends on its neighbours only, so that a part of an account gives the same.
 */
export function neighbours<Left extends Dated, Right extends Dated>(
  left: readonly Left[],
  right: readonly Right[],
  maxDays: number,
): Neighbours<Left, Right> {
  const [lefts, rights] = [inOrder(left), inOrder(right)];
  const besideLeft = windows(lefts, rights, maxDays);
  const besideRight = windows(rights, lefts, maxDays);
  const crowdedLefts = crowdedOf(besideLeft);
  const crowdedRights = crowdedOf(besideRight);
  const uncertain = new Set<Left | Right>();
  for (const [place, entry] of lefts.entries()) {
    if (crowdedLefts.isAt(place) || crowdedRights.isWithin(besideLeft[place])) uncertain.add(entry);
  }
  for (const [place, entry] of rights.entries()) {
    if (crowdedRights.isAt(place) || crowdedLefts.isWithin(besideRight[place])) uncertain.add(entry);
  }
  return { pairs: pairsOf(), isUncertain: (entry) => uncertain.has(entry) };

  function* pairsOf(): Generator<readonly [Left, Right]> {
    for (const [place, entry] of lefts.entries()) {
      if (crowdedLefts.isAt(place)) continue;
      const [from, to] = besideLeft[place] ?? [0, 0];
      for (let index = from; index < to; index += 1) {
        const other = rights[index];
        if (other && !crowdedRights.isAt(index)) yield [entry, other];
      }
    }
  }
}

function inOrder<Entry extends Dated>(entries: readonly Entry[]): readonly Entry[] {
  return entries.toSorted((one, other) => (one.day === other.day ? 0 : one.day < other.day ? -1 : 1));
}

type Window = readonly [from: number, to: number];

/** For each entry the places of the others, from and up to, that are within the days of it. Both in the order of days. */
function windows(entries: readonly Dated[], others: readonly Dated[], maxDays: number): readonly Window[] {
  let from = 0;
  let to = 0;
  return entries.map(({ day }): Window => {
    const [first, last] = [addDays(day, -maxDays), addDays(day, maxDays)];
    for (let other = others[from]; other && other.day < first; other = others[from]) from += 1;
    for (let other = others[to]; other && other.day <= last; other = others[to]) to += 1;
    return [from, to];
  });
}

function crowdedOf(beside: readonly Window[]) {
  const isCrowded = beside.map(([from, to]) => to - from > maxNeighbours);
  const before = [0];
  for (const one of isCrowded) before.push((before.at(-1) ?? 0) + (one ? 1 : 0));
  return {
    isAt: (place: number) => isCrowded[place] === true,
    isWithin: ([from, to]: Window = [0, 0]) => (before[to] ?? 0) > (before[from] ?? 0),
  };
}
