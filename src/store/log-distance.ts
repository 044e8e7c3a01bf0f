import { and, eq, sql, type SQL } from 'drizzle-orm';
import type { EventType } from '../domain/event.ts';
import type { Scope } from '../domain/viewer.ts';
import type { Database } from './database.ts';
import { isAfter } from './log-compare.ts';
import { comparePlaces, cursorAt, startOfLog } from './log-place.ts';
import { prunedUpTo } from './prune-log.ts';
import { events } from './schema/events.ts';

/** Who counts looks at no more events than this: a filter may want few of many. */
const lookedAtMax = 20_000;

/** How much follows a place. */
export interface Distance {
  readonly count: number;
  /** True when there may be more than `count`. */
  readonly isAtLeast: boolean;
  /** When the first of them happened; null when there is none. */
  readonly oldestAt: Date | null;
}

/** How many events of these types (all when empty) follow the cursor, counted up to `countMax`. */
export async function distanceBehind(
  database: Database,
  scope: Scope,
  options: { readonly after: string; readonly types: readonly EventType[]; readonly countMax: number },
): Promise<Distance> {
  const wanted = options.types.length > 0 ? sql`where type in ${[...options.types]}` : sql``;
  const [row] = await database.db.execute<{ count: number; looked: number; oldest: string | null }>(sql`
    with following as materialized (
      select ${events.type} as type, ${events.occurredAt} as occurred_at, ${events.xid} as xid, ${events.position} as position
      from ${events}
      where ${inStream(scope)}
        and ${isAfter(options.after)}
      order by ${events.xid}, ${events.position}
      limit ${lookedAtMax}
    ), wanted as (
      select occurred_at from following ${wanted} order by xid, position limit ${options.countMax + 1}
    )
    select
      (select count(*)::int from wanted) as count,
      (select count(*)::int from following) as looked,
      (select occurred_at from wanted limit 1)::text as oldest`);
  const found = row?.count ?? 0;
  return {
    count: Math.min(found, options.countMax),
    isAtLeast: found > options.countMax || (row?.looked ?? 0) === lookedAtMax,
    oldestAt: row?.oldest ? new Date(row.oldest) : null,
  };
}

/**
 * The cursor before the first event that happened at `at` or later, as far as the order of the log is that of time. It
 * is found by halving the range of transactions, some thirty looks into the index, however long the stream is.
 */
export async function cursorBefore(database: Database, scope: Scope, at: Date): Promise<string> {
  const time = sql`${at.toISOString()}::timestamptz`;
  // The first event from `low` on happened before `at`, unless low is 0; the first from `high` on did not, if there is one.
  const [last] = await database.db.execute<{ xid: string; position: string }>(sql`
    with recursive search as (
      select 0::bigint as low, pg_snapshot_xmax(pg_current_snapshot())::text::bigint as high
      union all
      select case when next.is_before then middle else low end, case when next.is_before then high else middle end
      from search
      cross join lateral (select low + (high - low) / 2 as middle) as half
      cross join lateral (
        select coalesce(
          (select ${events.occurredAt} < ${time} from ${events}
           where ${inStream(scope)} and ${events.xid} >= middle::text::xid8
           order by ${events.xid}, ${events.position} limit 1),
          false) as is_before
      ) as next
      where high - low > 1
    )
    select ${events.xid}::text as xid, ${events.position}::text as position from ${events}
    where ${inStream(scope)} and ${events.occurredAt} < ${time}
      and ${events.xid} < (select min(high)::text::xid8 from search)
    order by ${events.xid} desc, ${events.position} desc limit 1`);
  const found = last ? { xid: BigInt(last.xid), position: BigInt(last.position) } : startOfLog;
  const pruned = await prunedUpTo(database, scope);
  return cursorAt(comparePlaces(found, pruned) < 0 ? pruned : found);
}

function inStream(scope: Scope): SQL | undefined {
  return and(eq(events.clientId, scope.clientId), scope.userId ? eq(events.userId, scope.userId) : undefined);
}
