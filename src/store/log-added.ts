import { sql, type SQL } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import type { ClientId, UserId } from '../kernel/id.ts';
import type { Database } from './database.ts';
import { eventOf, eventText, type PlacedEvent } from './log-of-users.ts';

/** So few are in memory at a time that they are gone before the garbage collector would move them. */
const eventsAtOnce = 500;

/** The events of these clients that the snapshot does not show: what began after it (from its xmax on), or ran then (its xip). */
export function addedSince(clientIds: readonly ClientId[], snapshot: string, columns: SQL): SQL {
  const ofClients = sql`client_id in ${[...clientIds]}`;
  return sql`(
    select ${columns} from events where ${ofClients} and xid >= pg_snapshot_xmax(${snapshot}::pg_snapshot)
    union all
    select ${columns} from events where ${ofClients} and xid = any(array(select pg_snapshot_xip(${snapshot}::pg_snapshot)))
  )`;
}

const dialect = new PgDialect();

/**
 * The events of these users of one client that a snapshot does not show, in the order of the log, some at a time and read
 * on only as they are asked for. It costs by what has happened since, so the snapshot must be a recent one.
 */
export function addedEvents(
  database: Database,
  clientId: ClientId,
  userIds: readonly UserId[],
  snapshot: string,
): AsyncIterable<readonly PlacedEvent[]> {
  // `is true` keeps the list of users a table that is hashed once: as a join it would be whatever PostgreSQL guesses of
  // its size. The query builder knows no cursors.
  const { sql: text, params } = dialect.sqlToQuery(sql`
    select ${eventText}
    from ${addedSince([clientId], snapshot, sql`*`)} as event
    where (event.user_id in (select unnest(string_to_array(${userIds.join(' ')}, ' ')))) is true
    order by event.xid, event.position`);
  return placed(
    clientId,
    database.sql.unsafe<{ event: string }[]>(text, params.map(String), { prepare: true }).cursor(eventsAtOnce),
  );
}

async function* placed(clientId: ClientId, pages: AsyncIterable<readonly { event: string }[]>) {
  for await (const rows of pages) yield rows.map(({ event }) => eventOf(clientId, event));
}
