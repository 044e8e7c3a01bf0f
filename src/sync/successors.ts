import { daysBetween, type CalendarDate } from '../kernel/calendar-date.ts';
import { toMinorUnits } from '../kernel/money.ts';
import type { Entry, ShownEntry, StoredEntry } from './entry.ts';
import { neighbours } from './neighbours.ts';
import { kinships } from './tiers.ts';

/**
 * Which new entry took the place of a row that is void now. It is said only where it is evident, and never guessed.
 * A vanished row and a new entry are kin when they have the same direction, are at most 10 days apart, and share the
 * bank's id, the entry reference or the payer's reference; or a pending row and a booked entry share nearly all naming
 * words. A reference that yet another entry of those days carries says nothing. Of those who are kin to each other:
 *
 * - one row and one entry that share a reference: it was issued again, or its amount corrected;
 * - one row and several entries whose amounts make up the row's: it was split, and the first entry succeeds;
 * - several rows and one entry whose amount is theirs together: they were combined in it;
 * - else one row and several entries, or several rows and one entry, of which a single pair shares a reference: that
 *   pair, for the others only look alike;
 * - else nobody.
 */
export function successorsOf(
  vanished: readonly StoredEntry[],
  created: readonly ShownEntry[],
  bystanders: readonly Entry<unknown>[],
): Map<StoredEntry, ShownEntry> {
  const successors = new Map<StoredEntry, ShownEntry>();
  for (const family of familiesOf(kinOf(vanished, created, bystanders))) {
    for (const stored of family.stored) {
      const successor = successorIn(family, stored);
      if (successor) successors.set(stored, successor);
    }
  }
  return successors;
}

interface Kin {
  readonly stored: StoredEntry;
  readonly shown: ShownEntry;
  /** They share a reference, and not only words. */
  readonly isByReference: boolean;
}

interface Family {
  readonly stored: ReadonlySet<StoredEntry>;
  readonly shown: ReadonlySet<ShownEntry>;
  readonly kin: readonly Kin[];
}

function kinOf(
  vanished: readonly StoredEntry[],
  created: readonly ShownEntry[],
  bystanders: readonly Entry<unknown>[],
): Kin[] {
  return kinships.flatMap((kinship) => {
    const isByReference = kinship.accepts === undefined;
    const others = Map.groupBy(isByReference ? bystanders : [], (entry) => kinship.key(entry));
    const isShared = (stored: StoredEntry) =>
      (others.get(kinship.key(stored)) ?? []).some(
        (other) => Math.abs(daysBetween(stored.day, other.day)) <= kinship.maxDays,
      );
    const fits = (entry: ShownEntry) => entry.status !== 'VOID' && kinship.shown.includes(entry.status);
    const shownByKey = Map.groupBy(created.filter(fits), (entry) => kinship.key(entry));
    const storedByKey = Map.groupBy(
      vanished.filter((entry) => kinship.stored.includes(entry.status)),
      (entry) => kinship.key(entry),
    );
    return [...storedByKey].flatMap(([key, rows]) => {
      const entries = key === null ? [] : (shownByKey.get(key) ?? []);
      const near = neighbours(rows, entries, kinship.maxDays);
      return [...near.pairs]
        .filter(([stored, shown]) => !near.isUncertain(stored) && !near.isUncertain(shown) && !isShared(stored))
        .filter(([stored, shown]) => kinship.accepts?.(stored, shown) ?? true)
        .map(([stored, shown]) => ({ stored, shown, isByReference }));
    });
  });
}

/** Those who are kin to each other, directly or through others. */
function familiesOf(kin: readonly Kin[]): Family[] {
  const familyOf = new Map<StoredEntry | ShownEntry, { kin: Kin[] }>();
  for (const one of kin) {
    const left = familyOf.get(one.stored);
    const right = familyOf.get(one.shown);
    const merged = { kin: [...(left?.kin ?? []), ...(right === left ? [] : (right?.kin ?? [])), one] };
    for (const { stored, shown } of merged.kin) {
      familyOf.set(stored, merged);
      familyOf.set(shown, merged);
    }
  }
  return [...new Set(familyOf.values())].map((family) => ({
    kin: family.kin,
    stored: new Set(family.kin.map((one) => one.stored)),
    shown: new Set(family.kin.map((one) => one.shown)),
  }));
}

function successorIn({ stored, shown, kin }: Family, row: StoredEntry): ShownEntry | undefined {
  if (stored.size > 1 && shown.size > 1) return undefined;
  const isWhole = sumOf([...stored]) === sumOf([...shown]);
  if (isWhole && stored.size + shown.size > 2) return firstOf([...shown]);
  const references = kin.filter((one) => one.isByReference);
  const pairs = new Set(references.map((one) => `${one.stored.source.id} ${one.shown.sequence}`));
  return pairs.size === 1 ? references.find((one) => one.stored === row)?.shown : undefined;
}

function sumOf(entries: readonly (StoredEntry | ShownEntry)[]): bigint | null {
  let sum = 0n;
  for (const { amount, currency } of entries) {
    const units = toMinorUnits(amount, currency);
    if (units === null) return null;
    sum += units;
  }
  return sum;
}

function firstOf(entries: readonly ShownEntry[]): ShownEntry | undefined {
  const place = (entry: ShownEntry): [CalendarDate, number] => [entry.day, entry.sequence];
  return entries.reduce((first, entry) => {
    const [day, sequence] = place(entry);
    const [firstDay, firstSequence] = place(first);
    return day < firstDay || (day === firstDay && sequence < firstSequence) ? entry : first;
  });
}
