import { daysBetween } from '../kernel/calendar-date.ts';
import type { ShownEntry, StoredEntry } from './entry.ts';
import { neighbours } from './neighbours.ts';
import type { Tier } from './tiers.ts';

export interface EntryMatch {
  readonly stored: StoredEntry;
  readonly shown: ShownEntry;
  readonly tier: string;
}

export interface Matching {
  readonly pairs: readonly EntryMatch[];
  /** Entries that nothing stored stands for. */
  readonly unknown: readonly ShownEntry[];
  /** Stored rows, void ones included, that no shown entry stands for. */
  readonly missing: readonly StoredEntry[];
}

/**
 * Pairs stored rows with what the bank shows, tier by tier. `isCovered` says whether the bank, showing what it shows,
 * would have shown a stored row too.
 */
export function matchEntries(
  tiers: readonly Tier[],
  stored: readonly StoredEntry[],
  shown: readonly ShownEntry[],
  isCovered: (stored: StoredEntry) => boolean,
): Matching {
  const pairs: EntryMatch[] = [];
  let missing = [...stored];
  let unknown = [...shown];
  for (const tier of tiers) {
    if (missing.length === 0 || unknown.length === 0) break;
    const pairedStored = new Set<StoredEntry>();
    const pairedShown = new Set<ShownEntry>();
    const eligible = tier.onlyVanished ? missing.filter(isCovered) : missing;
    for (const pair of pairsOf(tier, eligible, unknown)) {
      pairs.push(pair);
      pairedStored.add(pair.stored);
      pairedShown.add(pair.shown);
    }
    missing = missing.filter((entry) => !pairedStored.has(entry));
    unknown = unknown.filter((entry) => !pairedShown.has(entry));
  }
  return { pairs, unknown, missing };
}

function* pairsOf(tier: Tier, stored: readonly StoredEntry[], shown: readonly ShownEntry[]): Generator<EntryMatch> {
  const shownByKey = Map.groupBy(
    shown.filter((entry) => entry.status !== 'VOID' && tier.shown.includes(entry.status)),
    (entry) => tier.key(entry),
  );
  const storedByKey = Map.groupBy(
    stored.filter((entry) => tier.stored.includes(entry.status)),
    (entry) => tier.key(entry),
  );
  for (const [key, left] of storedByKey) {
    const right = key === null ? undefined : shownByKey.get(key);
    if (!right) continue;
    yield* tier.pairing === 'TWINS' ? twinPairs(tier, left, right) : uniquePairs(tier, left, right);
  }
}

/** In the order of the days; the sort is stable, so entries of one day keep their order. */
function* twinPairs(tier: Tier, left: readonly StoredEntry[], right: readonly ShownEntry[]): Generator<EntryMatch> {
  const waiting = left.toSorted(byDay);
  let next = 0;
  for (const shown of right.toSorted(byDay)) {
    let stored = waiting[next];
    while (stored && daysBetween(stored.day, shown.day) > tier.maxDays) {
      next += 1;
      stored = waiting[next];
    }
    if (!stored) return;
    if (daysBetween(shown.day, stored.day) > tier.maxDays) continue;
    next += 1;
    yield { stored, shown, tier: tier.name };
  }
}

function byDay(left: { day: string }, right: { day: string }): number {
  if (left.day === right.day) return 0;
  return left.day < right.day ? -1 : 1;
}

/** Where so many are near each other that comparing them is not worth it, it is ambiguous who is who. */
function* uniquePairs(tier: Tier, left: readonly StoredEntry[], right: readonly ShownEntry[]): Generator<EntryMatch> {
  const near = neighbours(left, right, tier.maxDays);
  const perStored = new Map<StoredEntry, ShownEntry[]>();
  const perShown = new Map<ShownEntry, StoredEntry[]>();
  for (const [stored, shown] of near.pairs) {
    if (tier.accepts && !tier.accepts(stored, shown)) continue;
    perStored.set(stored, [...(perStored.get(stored) ?? []), shown]);
    perShown.set(shown, [...(perShown.get(shown) ?? []), stored]);
  }
  for (const [stored, possible] of perStored) {
    const [shown] = possible;
    if (!shown || possible.length > 1 || perShown.get(shown)?.length !== 1) continue;
    if (!near.isUncertain(stored) && !near.isUncertain(shown)) yield { stored, shown, tier: tier.name };
  }
}
