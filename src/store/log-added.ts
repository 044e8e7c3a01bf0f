import { sql } from 'drizzle-orm';
import type { ClientId } from '../kernel/id.ts';
import type { Database } from './database.ts';
import { comparePlaces } from './log-place.ts';
import { columnOfEvent, eventOf, type PlacedEvent, type UserLogPage, type UserLogRead } from './log-of-users.ts';

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
 * The streams of users of one client of whom all is known that was visible in an earlier snapshot: what the log has got
 * since is read once for all of them, in place of looking up each. It costs by what has happened since, so the snapshot
 * must be a recent one. The pages are in the order of the reads; null when that is too much.
 */
export async function readAddedLogs(
  database: Database,
  clientId: ClientId,
  reads: readonly UserLogRead[],
  snapshot: string,
): Promise<UserLogPage[] | null> {
  const ids = reads.map(({ scope }) => scope.userId).join(' ');
  // `is true` keeps the list of users a table that is hashed once: as a join it would be whatever PostgreSQL guesses of
  // its size. In no order, for to sort wide rows takes longer than to read them.
  const rows = await database.db.execute<{ [column: string]: unknown; event: string }>(sql`
    select ${columnOfEvent}
    from ${addedSince([clientId], snapshot, sql`*`)} as event
    where (event.user_id in (select unnest(string_to_array(${ids}, ' ')))) is true
    limit ${eventsMax + 1}`);
  if (rows.length > eventsMax) return null;
  const added = new Map<string, PlacedEvent[]>(reads.map(({ scope }) => [scope.userId, []]));
  for (const row of rows) {
    const placed = eventOf(clientId, row.event);
    if (placed.event.userId) added.get(placed.event.userId)?.push(placed);
  }
  return reads.map(({ scope, end }) => ({ events: after(end, added.get(scope.userId) ?? []), hasMore: false }));
}

/** In their order, without what has been read. */
function after(end: UserLogRead['end'], events: readonly PlacedEvent[]): PlacedEvent[] {
  const fresh = events.filter(({ place }) => comparePlaces(place, end) > 0);
  return fresh.length > 1 ? fresh.sort((left, right) => comparePlaces(left.place, right.place)) : fresh;
}
