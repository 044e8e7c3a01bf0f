import { sql } from 'drizzle-orm';
import type { UserScope } from '../domain/viewer.ts';
import type { Database } from './database.ts';
import { placeOf } from './log-place.ts';
import { toLogEntry, type EventRow, type LogPage } from './log-reader.ts';

/** Where the stream of one user is to be read on. */
export interface UserLogRead {
  readonly scope: UserScope;
  readonly after: string;
}

interface Raw {
  readonly [column: string]: unknown;
  readonly read: number;
  readonly sequence: string;
  readonly position: string;
  readonly occurred_at_milliseconds: string;
  readonly row: Pick<EventRow, 'id' | 'xid' | 'type' | 'facts'> & { readonly connection_id: EventRow['connectionId'] };
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
  const rows = await database.db.execute<Raw & Record<string, unknown>>(sql`
    select wanted.read, event.sequence::text, event.position::text,
           (extract(epoch from event.occurred_at) * 1000)::bigint::text as occurred_at_milliseconds,
           json_build_object('id', event.id, 'xid', event.xid::text, 'type', event.type,
                             'connection_id', event.connection_id, 'facts', event.facts) as row
    from json_to_recordset(${JSON.stringify(wanted)}::text::json)
           as wanted (read int, client_id text, user_id text, xid text, position bigint)
    cross join lateral (
      select * from events
      where events.user_id = wanted.user_id and (events.xid, events.position) > (wanted.xid::xid8, wanted.position)
        and events.xid >= wanted.xid::xid8
      order by events.xid, events.position limit ${limit + 1}
    ) as event
    where event.client_id = wanted.client_id
    order by wanted.read, event.xid, event.position`);
  const byRead = Map.groupBy(rows, ({ read }) => read);
  return reads.map(({ scope }, index) => {
    const found = (byRead.get(index) ?? []).map(({ row, sequence, position, occurred_at_milliseconds: at }) =>
      toLogEntry({
        id: row.id,
        clientId: scope.clientId,
        userId: scope.userId,
        sequence: BigInt(sequence),
        xid: row.xid,
        position: BigInt(position),
        type: row.type,
        connectionId: row.connection_id,
        facts: row.facts,
        occurredAt: new Date(Number(at)),
      }),
    );
    return { events: found.slice(0, limit), hasMore: found.length > limit, isHeld: false };
  });
}
