import { sql } from 'drizzle-orm';
import { millisecondsPerDay } from '../kernel/clock.ts';
import type { Database } from './database.ts';
import type { Executor } from './scope.ts';

// A partition is to last about a month. Few and large: each costs a look into its index for who reads backwards.
const partitionDays = 30;
const widthMin = 2n ** 20n;
const widthMax = 2n ** 40n;
/** Below this age of its first event a partition says too little about how many transactions a month has. */
const measuredMilliseconds = millisecondsPerDay;
/** The lock waits for readers that run, and whoever comes after waits for the lock: not for long. */
export const lockTimeout = sql`set local lock_timeout = '2s'`;

/** A part of the log: the events of the transactions from `from` up to, not with, `upTo`; null is without a bound. */
export interface LogPartition {
  readonly name: string;
  readonly from: bigint | null;
  readonly upTo: bigint | null;
}

/** The name of the partition that takes what falls outside of every range. */
export const restOfLog = 'events_rest';

/** The partitions in their order, without the one of the rest, and the next transaction's number. */
export async function logPartitions(
  db: Executor,
): Promise<{ readonly partitions: readonly LogPartition[]; readonly nextXid: bigint }> {
  const rows = await db.execute<{ name: string; bound: string; next: string }>(sql`
    select part.relname as name, pg_get_expr(part.relpartbound, part.oid) as bound,
           pg_snapshot_xmax(pg_current_snapshot())::text as next
    from pg_inherits join pg_class part on part.oid = pg_inherits.inhrelid
    where pg_inherits.inhparent = 'events'::regclass`);
  const partitions = rows.flatMap(({ name, bound }): LogPartition[] => {
    const [, from, upTo] = /^FOR VALUES FROM \((MINVALUE|'\d+')\) TO \((MAXVALUE|'\d+')\)$/.exec(bound) ?? [];
    return from === undefined || upTo === undefined ? [] : [{ name, from: xidOf(from), upTo: xidOf(upTo) }];
  });
  return {
    partitions: partitions.toSorted((left, right) => ((left.from ?? -1n) < (right.from ?? -1n) ? -1 : 1)),
    nextXid: BigInt(rows[0]?.next ?? 0),
  };
}

function xidOf(bound: string): bigint | null {
  return bound.startsWith("'") ? BigInt(bound.slice(1, -1)) : null;
}

/**
 * Sees to it that the log has a partition for at least half a month of transactions to come; the name of the new one, or
 * null. Two at once make one. Throws when a reader holds the lock for too long: the next run tries again, and meanwhile
 * nothing is lost, for there is a partition for the rest.
 */
export async function extendLog(database: Database, now: Date): Promise<string | null> {
  return database.db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('tributary log partitions', 0))`);
    const { partitions, nextXid } = await logPartitions(tx);
    const end = partitions.at(-1)?.upTo ?? 0n;
    const width = await widthOf(tx, partitions, nextXid, now);
    if (end - nextXid > width / 2n) return null;
    // What has gone into the rest meanwhile stays there: a new range must hold nothing of it.
    const [stray] = await tx.execute<{ xid: string | null }>(
      sql`select max(xid)::text as xid from ${sql.identifier(restOfLog)}`,
    );
    const isLate = end <= nextXid || BigInt(stray?.xid ?? 0) >= end;
    const from = isLate ? nextXid + widthMin : end;
    const name = `events_${from}`;
    await tx.execute(lockTimeout);
    await tx.execute(sql`
      create table ${sql.identifier(name)} partition of events
      for values from (${sql.raw(`'${from}'`)}) to (${sql.raw(`'${from + width}'`)})`);
    // No statistics, for the sake of readers near its end: see the migration that made the partitions.
    await tx.execute(sql`
      alter table ${sql.identifier(name)} alter column xid set statistics 0, enable row level security`);
    return name;
  });
}

/**
 * How many transactions a month has, measured from an early event (the first on the disk) of the newest partition that
 * is old enough.
 */
async function widthOf(db: Executor, partitions: readonly LogPartition[], nextXid: bigint, now: Date): Promise<bigint> {
  for (const { name } of partitions.toReversed()) {
    // oxlint-disable-next-line no-await-in-loop -- the newest that is old enough: mostly the first or the second
    const [first] = await db.execute<{ xid: string; at: string }>(sql`
      select xid::text, occurred_at::text as at from ${sql.identifier(name)} limit 1`);
    const age = first ? now.getTime() - new Date(first.at).getTime() : 0;
    if (!first || age < measuredMilliseconds) continue;
    const used = nextXid - BigInt(first.xid);
    const width = (used * BigInt(partitionDays * millisecondsPerDay)) / BigInt(age);
    return width < widthMin ? widthMin : width > widthMax ? widthMax : width;
  }
  return 16n * widthMin;
}

/** How many events went into the partition of the rest though they are not among those that are kept for ever. */
export async function strayEvents(database: Database): Promise<number> {
  const [row] = await database.db.execute<{ count: number }>(sql`
    select count(*)::int as count from ${sql.identifier(restOfLog)}
    where type not in ('account.deleted', 'connection.deleted', 'user.deleted')`);
  return row?.count ?? 0;
}
