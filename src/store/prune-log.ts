import { and, desc, eq, sql } from 'drizzle-orm';
import { Failure } from '../domain/failure.ts';
import type { Scope } from '../domain/viewer.ts';
import type { Database } from './database.ts';
import { comparePlaces, placeOf, startOfLog, type Place } from './log-place.ts';
import { eventStreams } from './schema/events.ts';

const batchMax = 5_000;

/**
 * Deletes the events that happened before `before`, in short transactions, and gives how many. Deletions of accounts,
 * connections and users stay: they are few, hold ids only, and a copy of the transactions needs them
 * (transaction-changes.ts). Each stream keeps the place of the last event that it has lost, written with the deletion.
 */
export async function pruneLog(database: Database, before: Date): Promise<number> {
  let total = 0;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one batch at a time, so that writers of a stream wait for a short one
    const pruned = await pruneBatch(database, before);
    total += pruned;
    if (pruned < batchMax) return total;
  }
}

/** A second round at the same time finds its rows locked, and skips them. */
async function pruneBatch(database: Database, before: Date): Promise<number> {
  const [row] = await database.db.execute<{ count: number }>(sql`
    with old as (
      select user_id, sequence from events
      where occurred_at < ${before.toISOString()}::timestamptz
        and type not in ('account.deleted', 'connection.deleted', 'user.deleted')
      limit ${batchMax} for update skip locked
    ), gone as (
      delete from events using old
      where events.user_id = old.user_id and events.sequence = old.sequence
      returning events.user_id, events.xid, events.position
    ), last as (
      select distinct on (user_id) user_id, xid, position from gone order by user_id, xid desc, position desc
    ), marked as (
      update event_streams as stream set pruned_xid = last.xid, pruned_position = last.position
      from last
      where stream.user_id = last.user_id
        and (stream.pruned_xid, stream.pruned_position) < (last.xid, last.position)
    )
    select count(*)::int as count from gone`);
  return row?.count ?? 0;
}

/** The place of the last event that this scope has lost to its age; the start of the log when there is none. */
export async function prunedUpTo(database: Database, scope: Scope): Promise<Place> {
  const [row] = await database.db
    .select({ xid: eventStreams.prunedXid, position: eventStreams.prunedPosition })
    .from(eventStreams)
    .where(
      and(eq(eventStreams.clientId, scope.clientId), scope.userId ? eq(eventStreams.userId, scope.userId) : undefined),
    )
    .orderBy(desc(eventStreams.prunedXid), desc(eventStreams.prunedPosition))
    .limit(1);
  return row ? { xid: BigInt(row.xid), position: row.position } : startOfLog;
}

/** Throws `Failure` CURSOR_EXPIRED when events behind the cursor are no longer kept, CURSOR_INVALID when it is none. */
export async function assertKept(database: Database, scope: Scope, cursor: string): Promise<void> {
  const place = placeOf(cursor);
  if (comparePlaces(place, await prunedUpTo(database, scope)) >= 0) return;
  throw new Failure('CURSOR_EXPIRED', {
    message:
      'Events behind this cursor are older than the log keeps. Read the data anew, then go on from now: leave the cursor out, or reset the queue.',
  });
}
