import type { ComparedRow } from '../store/transactions.ts';
import type { CalendarDate } from '../kernel/calendar-date.ts';
import { movementOf } from './books.ts';
import { changesOf } from './change-of.ts';
import { coverageOf } from './coverage.ts';
import { storedEntry, type Entry, type ShownEntry, type StoredEntry } from './entry.ts';
import { matchEntries } from './match-entries.ts';
import { bookedDays, reconcileRest, type ReconcileFacts, type Reconciliation } from './reconcile.ts';
import { relativesOf } from './relatives.ts';
import { dayTiers } from './tiers.ts';

/** Days, both included, or the entries without any. */
export type Part = { readonly from: CalendarDate; readonly to: CalendarDate } | 'UNDATED';

/** What an account's comparison reads, one part after the other, as often as it likes. */
export interface Ledgers {
  /** Together they hold every entry, each once. */
  readonly parts: readonly Part[];
  /** How many entries the bank has shown; their `sequence` is below. */
  readonly shownCount: number;
  /** False when nothing is stored that could be compared. */
  readonly isAnyStored: boolean;
  /** How many booked entries of each day stand on both sides in the same words: no part has them. */
  readonly recognisedDays: ReadonlyMap<CalendarDate, number>;
  /** Those among them that share a reference with any of these rows. */
  readonly recognisedRelatives: (rows: readonly StoredEntry[]) => Promise<readonly StoredEntry[]>;
  /** What the bank shows of a part, in its order, without copies of what has settled. */
  readonly shown: (part: Part) => Promise<readonly ShownEntry[]>;
  /** What is stored of a part, in the order of days and ids. */
  readonly stored: (part: Part) => Promise<readonly ComparedRow[]>;
}

/**
 * The same as `reconcile`, for an account that is too large to be held: together the answers are what it would answer.
 * The tiers of one day pair what there is part by part. Held are only the rows that they leave over and, in a second
 * round, the new entries that could have to do with one of these; all others are new whatever the rest shows. Memory
 * grows with what has vanished or moved, not with the account. What was recognised before counts for what is covered, and
 * for what its references say of others.
 */
export async function* reconcileInParts(ledgers: Ledgers, facts: ReconcileFacts): AsyncGenerator<Reconciliation> {
  const isNew = new Uint8Array(ledgers.shownCount).fill(1);
  const partsWithNew = new Set(ledgers.isAnyStored ? [] : ledgers.parts);
  const missing: StoredEntry[] = [];
  const shownDays = new Set(ledgers.recognisedDays.keys());
  const storedDays = new Map(ledgers.recognisedDays);
  yield { ...nothing, unchanged: [...storedDays.values()].reduce((sum, count) => sum + count, 0) };
  const read = async (part: Part) => Promise.all([ledgers.stored(part), ledgers.shown(part)]);
  for await (const [part, [rows, shown]] of readAhead(ledgers.isAnyStored ? ledgers.parts : [], read)) {
    const stored = rows.map(storedEntry);
    const matching = matchEntries(dayTiers, stored, shown, () => false);
    for (const pair of matching.pairs) isNew[pair.shown.sequence] = 0;
    for (const entry of matching.missing) missing.push(entry);
    if (matching.unknown.length > 0) partsWithNew.add(part);
    for (const day of bookedDays(shown).keys()) shownDays.add(day);
    for (const [day, count] of bookedDays(stored)) storedDays.set(day, (storedDays.get(day) ?? 0) + count);
    yield { ...nothing, ...changesOf(matching.pairs, facts.currency) };
  }
  const isRelative = relativesOf(missing);
  const held: ShownEntry[] = [];
  const bystanders: Entry<unknown>[] = [...(await ledgers.recognisedRelatives(missing))];
  for await (const [, shown] of readAhead(missing.length > 0 ? ledgers.parts : [...partsWithNew], ledgers.shown)) {
    const created: ShownEntry[] = [];
    for (const entry of shown) {
      const isUnknown = isNew[entry.sequence] === 1;
      if (missing.length > 0 && isRelative(entry)) (isUnknown ? held : bystanders).push(entry);
      else if (isUnknown) created.push(entry);
    }
    yield {
      ...nothing,
      created: created.map((entry) => ({ bank: entry.source, datedOn: entry.day, category: null })),
      movement: movementOf(created, [], facts.currency),
    };
  }
  const inOrder = held.toSorted((left, right) => left.sequence - right.sequence);
  const coverage = coverageOf(shownDays, storedDays, facts.window);
  yield reconcileRest(missing.toSorted(byDayAndId), inOrder, bystanders, coverage, facts);
}

/** Each part with what is read of it; the next one is read while this one is worked on. */
async function* readAhead<Content>(
  parts: readonly Part[],
  read: (part: Part) => Promise<Content>,
): AsyncGenerator<readonly [Part, Content]> {
  let next = parts[0] && read(parts[0]);
  for (const [index, part] of parts.entries()) {
    const content = await next;
    const following = parts[index + 1];
    next = following && read(following);
    // Whoever waits for it is told; until then it must not count as unhandled.
    next?.catch(() => {});
    if (content) yield [part, content];
  }
}

const nothing: Reconciliation = {
  created: [],
  updated: [],
  undecided: [],
  voided: [],
  unchanged: 0,
  isTruncated: false,
  movement: 0n,
  withheld: null,
};

function byDayAndId(left: StoredEntry, right: StoredEntry): number {
  if (left.day !== right.day) return left.day < right.day ? -1 : 1;
  return left.source.id < right.source.id ? -1 : 1;
}

/** How many entries a part has at most, unless a single day has more. */
const maxEntriesOfPart = 5_000;

/** Cuts an account into parts, by how many entries stand on each day on either side. */
export function partsOf(counts: readonly { readonly day: CalendarDate; readonly count: number }[]): Part[] {
  const byDay = new Map<CalendarDate, number>();
  for (const { day, count } of counts) byDay.set(day, (byDay.get(day) ?? 0) + count);
  const parts: { from: CalendarDate; to: CalendarDate; entries: number }[] = [];
  for (const [day, count] of [...byDay].toSorted(([left], [right]) => (left < right ? -1 : 1))) {
    const last = parts.at(-1);
    if (last && last.entries + count <= maxEntriesOfPart)
      Object.assign(last, { to: day, entries: last.entries + count });
    else parts.push({ from: day, to: day, entries: count });
  }
  return [...parts.map(({ from, to }) => ({ from, to })), 'UNDATED'];
}
