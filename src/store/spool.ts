import { and, arrayOverlaps, eq, gte, inArray, lte, notExists, sql, sum } from 'drizzle-orm';
import type { BankTransaction } from '../domain/bank-snapshot.ts';
import { openSyncStatuses } from '../domain/sync.ts';
import type { UserScope } from '../domain/viewer.ts';
import type { CalendarDate } from '../kernel/calendar-date.ts';
import type { SyncId } from '../kernel/id.ts';
import { inScope, type Executor } from './scope.ts';
import { spooledEntries } from './schema/spool.ts';
import { syncs } from './schema/syncs.ts';

/** The entries of one account at a time, of one attempt of a sync. */
interface SpoolKey {
  readonly syncId: SyncId;
  readonly attempt: number;
}

/** A booked entry with its place in what the bank has shown. */
export interface SpooledEntry {
  readonly sequence: number;
  readonly bank: BankTransaction & { readonly bookedOn: CalendarDate };
}

/**
 * Puts entries into the spool. Nobody but this attempt reads them and nothing is told of them, so it takes no lock and
 * no event.
 */
export async function spoolEntries(
  scope: UserScope,
  db: Executor,
  { syncId, attempt }: SpoolKey,
  entries: readonly SpooledEntry[],
): Promise<void> {
  const rows = [...Map.groupBy(entries, ({ bank }) => bank.bookedOn)].map(([bookedOn, ofDay]) => ({
    syncId,
    attempt,
    userId: scope.userId,
    clientId: scope.clientId,
    bookedOn,
    sequence: ofDay[0]?.sequence ?? 0,
    count: ofDay.length,
    bankTransactionIds: ofDay.flatMap(({ bank }) => bank.bankTransactionId ?? []),
    entries: JSON.stringify(ofDay),
  }));
  // Days of many: a statement has 65,535 parameters at most.
  for (let from = 0; from < rows.length; from += maxRowsPerStatement) {
    await db.insert(spooledEntries).values(rows.slice(from, from + maxRowsPerStatement));
  }
}

const maxRowsPerStatement = 1_000;

/** How many entries are spooled of each day. */
export async function countSpooledByDay(
  scope: UserScope,
  db: Executor,
  key: SpoolKey,
): Promise<{ day: CalendarDate; count: number }[]> {
  const rows = await db
    .select({ day: spooledEntries.bookedOn, count: sum(spooledEntries.count) })
    .from(spooledEntries)
    .where(ofKey(scope, key))
    .groupBy(spooledEntries.bookedOn);
  return rows.map(({ day, count }) => ({ day, count: Number(count) }));
}

/** The entries of these days, both included, in the order in which the bank has shown them. */
export async function listSpooled(
  scope: UserScope,
  db: Executor,
  key: SpoolKey,
  days: { readonly from: CalendarDate; readonly to: CalendarDate },
): Promise<SpooledEntry[]> {
  const rows = await db
    .select({ entries: spooledEntries.entries })
    .from(spooledEntries)
    .where(and(ofKey(scope, key), gte(spooledEntries.bookedOn, days.from), lte(spooledEntries.bookedOn, days.to)));
  return rows.flatMap(entriesOf).toSorted((left, right) => left.sequence - right.sequence);
}

/** The entries that carry one of these ids of the bank. */
export async function listSpooledByBankId(
  scope: UserScope,
  db: Executor,
  key: SpoolKey,
  bankTransactionIds: ReadonlySet<string>,
): Promise<SpooledEntry[]> {
  if (bankTransactionIds.size === 0) return [];
  const rows = await db
    .select({ entries: spooledEntries.entries })
    .from(spooledEntries)
    .where(and(ofKey(scope, key), arrayOverlaps(spooledEntries.bankTransactionIds, [...bankTransactionIds])));
  return rows
    .flatMap(entriesOf)
    .filter(({ bank }) => bank.bankTransactionId !== null && bankTransactionIds.has(bank.bankTransactionId));
}

/** Empties the spool of a sync, of whatever attempt. */
export async function clearSpool(scope: UserScope, db: Executor, syncId: SyncId): Promise<void> {
  await db.delete(spooledEntries).where(and(eq(spooledEntries.syncId, syncId), inScope(spooledEntries, scope)));
}

/**
 * Deletes what syncs have left that were cancelled or given up: of all clients, as it names nobody. Gives the number of
 * rows, each of them a day's entries.
 */
export async function deleteAbandonedSpool(db: Executor): Promise<number> {
  const rows = await db
    .delete(spooledEntries)
    .where(
      notExists(
        db
          .select({ one: sql`1` })
          .from(syncs)
          .where(
            and(
              eq(syncs.id, spooledEntries.syncId),
              eq(syncs.userId, spooledEntries.userId),
              inArray(syncs.status, [...openSyncStatuses]),
            ),
          ),
      ),
    )
    .returning({ count: spooledEntries.count });
  return rows.length;
}

function ofKey(scope: UserScope, { syncId, attempt }: SpoolKey) {
  return and(eq(spooledEntries.syncId, syncId), eq(spooledEntries.attempt, attempt), inScope(spooledEntries, scope));
}

function entriesOf({ entries }: { readonly entries: string }): SpooledEntry[] {
  const read: SpooledEntry[] = JSON.parse(entries);
  return read;
}
