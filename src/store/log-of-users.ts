import { sql, type SQL } from 'drizzle-orm';
import type { UserScope } from '../domain/viewer.ts';
import type { Database } from './database.ts';
import { placeOf } from './log-place.ts';
import { toLogEntry, type EventRow, type LogPage } from './log-reader.ts';

/** Where the stream of one user is to be read on. */
export interface UserLogRead {
  readonly scope: UserScope;
  readonly after: string;
}

/** A row of a statement that reads for several users. */
export interface EventOfRead extends Pick<EventRow, 'id' | 'xid' | 'type' | 'facts'> {
  readonly [column: string]: unknown;
  /** For which of the reads it is. */
  readonly read: number;
  readonly sequence: string;
  readonly position: string;
  readonly connection_id: EventRow['connectionId'];
  readonly occurred_at_milliseconds: string;
}

/** The columns of `EventOfRead` beside `read`, of a table or subquery named `event`. */
export const columnsOfRead = sql`event.id, event.xid::text, event.type, event.connection_id, event.facts,
  event.sequence::text, event.position::text,
  (extract(epoch from event.occurred_at) * 1000)::bigint::text as occurred_at_milliseconds`;

/** The reads as a table named `wanted`. */
export function wantedReads(reads: readonly UserLogRead[]): SQL {
  const wanted = reads.map(({ scope, after }, index) => {
    const { xid, position } = placeOf(after);
    return {
      read: index,
      client_id: scope.clientId,
      user_id: scope.userId,
      xid: String(xid),
      position: String(position),
    };
  });
  return sql`json_to_recordset(${JSON.stringify(wanted)}::text::json)
    as wanted (read int, client_id text, user_id text, xid text, position bigint)`;
}

/** Makes the page of each read of rows that are in the order of the reads and, within, of the log. */
export function pagesOf(reads: readonly UserLogRead[], rows: readonly EventOfRead[], limit: number): LogPage[] {
  let next = 0;
  return reads.map(({ scope: { clientId, userId } }, index) => {
    const events = [];
    let hasMore = false;
    for (let row = rows[next]; row?.read === index; row = rows[(next += 1)]) {
      const { id, xid, type, facts, sequence, position, connection_id: connectionId } = row;
      if (events.length === limit) hasMore = true;
      else {
        const occurredAt = new Date(Number(row.occurred_at_milliseconds));
        const numbers = { sequence: BigInt(sequence), position: BigInt(position) };
        events.push(toLogEntry({ id, clientId, userId, ...numbers, xid, type, connectionId, facts, occurredAt }));
      }
    }
    return { events, hasMore, isHeld: false };
  });
}

/**
 * The next page of the stream of each of these users, in the order of the reads, in one statement: what a gateway with
 * thousands of open streams reads when many of them have moved. The client is compared outside of the inner read, where
 * PostgreSQL might take the index of the client and walk through the events of all of its users. Throws `Failure` CURSOR_INVALID.
 */
export async function readUserLogs(
  database: Database,
  reads: readonly UserLogRead[],
  limit: number,
): Promise<LogPage[]> {
  const rows = await database.db.execute<EventOfRead & Record<string, unknown>>(sql`
    select wanted.read, ${columnsOfRead}
    from ${wantedReads(reads)}
    cross join lateral (
      select * from events
      where events.user_id = wanted.user_id and (events.xid, events.position) > (wanted.xid::xid8, wanted.position)
        and events.xid >= wanted.xid::xid8
      order by events.xid, events.position limit ${limit + 1}
    ) as event
    where event.client_id = wanted.client_id
    order by wanted.read, event.xid, event.position`);
  return pagesOf(reads, rows, limit);
}
