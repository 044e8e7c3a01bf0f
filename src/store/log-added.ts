import type { ClientId, UserId } from '../kernel/id.ts';
import type { Database } from './database.ts';
import { eventOf, eventText, type PlacedEvent } from './log-of-users.ts';

/** So few are in memory at a time that they are gone before the garbage collector would move them. */
const eventsAtOnce = 500;

/**
 * What a snapshot does not show: what began after it (from its xmax on), or ran then (its xip). `is true` keeps the list
 * of users a table that is hashed once: as a join it would be whatever PostgreSQL guesses of its size.
 */
const addedSince = `
  select ${eventText}
  from (
    select * from events where client_id = $1 and xid >= pg_snapshot_xmax($2::pg_snapshot)
    union all
    select * from events where client_id = $1 and xid = any(array(select pg_snapshot_xip($2::pg_snapshot)))
  ) as event
  where (event.user_id in (select unnest(string_to_array($3, ' ')))) is true
  order by event.xid, event.position`;

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
  return placed(
    clientId,
    database.sql
      .unsafe<{ event: string }[]>(addedSince, [clientId, snapshot, userIds.join(' ')], { prepare: true })
      .cursor(eventsAtOnce),
  );
}

async function* placed(clientId: ClientId, pages: AsyncIterable<readonly { event: string }[]>) {
  for await (const rows of pages) yield rows.map(({ event }) => eventOf(clientId, event));
}
