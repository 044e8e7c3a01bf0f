import { sql } from 'drizzle-orm';
import type { ClientId } from '../kernel/id.ts';
import type { Database } from './database.ts';
import { columnsOfRead, pagesOf, wantedReads, type EventOfRead, type UserLogRead } from './log-of-users.ts';
import type { LogPage } from './log-reader.ts';

/** More than so many events are read stream by stream, page by page. */
const eventsMax = 25_000;

/** The events of these clients that the snapshot does not show: what began after it (from its xmax on), or ran then (its xip). */
export function addedSince(clientIds: readonly ClientId[], snapshot: string, columns: ReturnType<typeof sql>) {
  const ofClients = sql`client_id in ${[...clientIds]}`;
  return sql`(
    select ${columns} from events where ${ofClients} and xid >= pg_snapshot_xmax(${snapshot}::pg_snapshot)
    union all
    select ${columns} from events where ${ofClients} and xid = any(array(select pg_snapshot_xip(${snapshot}::pg_snapshot)))
  )`;
}

/**
 * The same as `readUserLogs`, for users of whom all is known that was visible in an earlier snapshot: what the log has got
 * since is read once for all of them, in place of looking up each. It costs by what has happened since, so the snapshot
 * must be a recent one. Null when that is too much. Throws `Failure` CURSOR_INVALID.
 */
export async function readAddedLogs(
  database: Database,
  reads: readonly UserLogRead[],
  snapshot: string,
  limit: number,
): Promise<LogPage[] | null> {
  const clientIds = [...new Set(reads.map(({ scope }) => scope.clientId))];
  // Materialized, so that it is joined as a whole whatever PostgreSQL guesses of its size.
  const rows = await database.db.execute<EventOfRead & Record<string, unknown>>(sql`
    with event as materialized ${addedSince(clientIds, snapshot, sql`*`)}
    select wanted.read, ${columnsOfRead}
    from ${wantedReads(reads)}
    join event on event.user_id = wanted.user_id and event.client_id = wanted.client_id
      and (event.xid, event.position) > (wanted.xid::xid8, wanted.position)
    order by wanted.read, event.xid, event.position
    limit ${eventsMax + 1}`);
  return rows.length > eventsMax ? null : pagesOf(reads, rows, limit);
}
