import { and, desc, eq, sql } from 'drizzle-orm';
import { Failure } from '../domain/failure.ts';
import type { Scope } from '../domain/viewer.ts';
import type { Database } from './database.ts';
import { lockTimeout, logPartitions, restOfLog } from './log-partitions.ts';
import { comparePlaces, placeOf, startOfLog, type Place } from './log-place.ts';
import { eventStreams } from './schema/events.ts';

const batchMax = 5_000;

/** Events that stay for ever: few, of ids only, and a copy of the transactions needs them (transaction-changes.ts). */
const isKept = sql`type in ('account.deleted', 'connection.deleted', 'user.deleted')`;

/**
 * Forgets the events that happened before `before`, but deletions of accounts, connections and users, and gives how
 * many. A partition into which nobody can write any more is dropped when all of it is that old; from the newest one, and
 * the one of the rest, events are deleted one by one, in short transactions. Each stream keeps the place of the last
 * event that it has lost. A partition that a reader holds for too long is left to the next round, and thrown at the end.
 */
export async function pruneLog(database: Database, before: Date): Promise<number> {
  const { partitions } = await logPartitions(database.db);
  const [row] = await database.db.execute<{ oldest: string }>(
    sql`select pg_snapshot_xmin(pg_current_snapshot())::text as oldest`,
  );
  const oldestRunning = BigInt(row?.oldest ?? 0);
  let total = 0;
  const errors: unknown[] = [];
  for (const { name, upTo } of [...partitions, { name: restOfLog, upTo: null }]) {
    const isClosed = upTo !== null && upTo <= oldestRunning && name !== partitions.at(-1)?.name;
    try {
      // oxlint-disable-next-line no-await-in-loop -- one at a time, so that writers wait for a short one
      total += isClosed ? await dropIfOld(database, name, before) : await pruneRows(database, name, before);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new AggregateError(errors, 'Parts of the log could not be cleaned; the others are.');
  return total;
}

async function pruneRows(database: Database, partition: string, before: Date): Promise<number> {
  let total = 0;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one batch at a time, so that writers of a stream wait for a short one
    const pruned = await pruneBatch(database, partition, before);
    total += pruned;
    if (pruned < batchMax) return total;
  }
}

/** A second round at the same time finds its rows locked, and skips them. */
async function pruneBatch(database: Database, partition: string, before: Date): Promise<number> {
  const table = sql.identifier(partition);
  const [row] = await database.db.execute<{ count: number }>(sql`
    with old as (
      select user_id, sequence, xid from ${table}
      where occurred_at < ${before.toISOString()}::timestamptz and not ${isKept}
      limit ${batchMax} for update skip locked
    ), gone as (
      delete from ${table} as event using old
      where event.user_id = old.user_id and event.sequence = old.sequence and event.xid = old.xid
      returning event.user_id, event.xid, event.position
    ), last as (
      select distinct on (user_id) user_id, xid, position from gone order by user_id, xid desc, position desc
    ), marked as (${markStreams})
    select count(*)::int as count from gone`);
  return row?.count ?? 0;
}

const markStreams = sql`
  update event_streams as stream set pruned_xid = last.xid, pruned_position = last.position
  from last
  where stream.user_id = last.user_id and (stream.pruned_xid, stream.pruned_position) < (last.xid, last.position)`;

/**
 * Drops a partition of which everything is older; gives how many events were lost with it. Of several rounds at once one
 * works on partitions, the others leave them to it.
 */
async function dropIfOld(database: Database, partition: string, before: Date): Promise<number> {
  const table = sql.identifier(partition);
  return database.db.transaction(async (tx) => {
    await tx.execute(lockTimeout);
    const [mine] = await tx.execute<{ isMine: boolean }>(sql`
      select pg_try_advisory_xact_lock(hashtextextended('tributary log partitions', 0))
             and to_regclass(${partition}) is not null as "isMine"`);
    if (!mine?.isMine) return 0;
    const [found] = await tx.execute<{ isOld: boolean; count: number }>(sql`
      select not exists (select from ${table} where occurred_at >= ${before.toISOString()}::timestamptz) as "isOld",
             (select count(*)::int from ${table} where not ${isKept}) as count`);
    if (!found?.isOld) return 0;
    // In transactions of their own, so that writers of a stream wait for a short one. When the partition is not dropped
    // after all, readers have been told early of a gap behind events of this age, no more.
    await markLost(database, partition);
    await tx.execute(sql`alter table events detach partition ${table}`);
    // No range has them now, so they go to the rest.
    await tx.execute(sql`
      insert into events (id, client_id, user_id, sequence, xid, position, type, connection_id, facts, occurred_at)
      overriding system value
      select id, client_id, user_id, sequence, xid, position, type, connection_id, facts, occurred_at
      from ${table} where ${isKept}`);
    await tx.execute(sql`drop table ${table}`);
    return found.count;
  });
}

const streamsMax = 2_000;

/** Notes in the streams what they lose with a partition, some streams at a time. */
async function markLost(database: Database, partition: string): Promise<void> {
  let after: string | null = '';
  while (after !== null) {
    // oxlint-disable-next-line no-await-in-loop -- some at a time, so that writers of a stream wait for a short one
    const rows: { up_to: string | null }[] = await database.db.execute<{ up_to: string | null }>(sql`
      with last as (
        select distinct on (user_id) user_id, xid, position from ${sql.identifier(partition)}
        where user_id > ${after} and not ${isKept}
        order by user_id, xid desc, position desc limit ${streamsMax}
      ), marked as (${markStreams})
      select max(user_id) as up_to from last`);
    after = rows[0]?.up_to ?? null;
  }
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
