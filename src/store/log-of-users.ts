import { sql, type SQL } from 'drizzle-orm';
import type { LogEntry } from '../domain/event.ts';
import type { UserScope } from '../domain/viewer.ts';
import type { ConnectionId, EventId } from '../kernel/id.ts';
import type { Database } from './database.ts';
import { cursorOf, type Place } from './log-place.ts';
import { typed } from './log-reader.ts';

/** Where the stream of one user is to be read on. */
export interface UserLogRead {
  readonly scope: UserScope;
  /** Read what comes after this place. */
  readonly end: Place;
}

/** An event and its place, which its cursor names. */
export interface PlacedEvent {
  readonly place: Place;
  readonly event: LogEntry;
}

/** One page of a user's stream, oldest first. */
export interface UserLogPage {
  readonly events: PlacedEvent[];
  /** More events can be read at once. */
  readonly hasMore: boolean;
}

/** A row of a statement that reads for several users. */
interface EventOfRead {
  readonly [column: string]: unknown;
  /** For which of the reads it is. */
  readonly read: number;
  readonly event: string;
}

/**
 * The column `event`, of a table or subquery of that name: a user's event in one text, its numbers first and the rest as
 * JSON, for the driver takes longer over ten columns than over everything else that is done with an event.
 */
export const eventText = sql`concat_ws(' ', event.user_id, event.xid, event.position, event.sequence,
  (date_part('epoch', event.occurred_at) * 1000)::bigint,
  concat('["', event.id, '","', event.type, '",', coalesce('"' || event.connection_id || '"', 'null'), ',', event.facts, ']')
) as event`;

/** The reads as a table named `wanted`. */
function wantedReads(reads: readonly UserLogRead[]): SQL {
  const wanted = reads.map(({ scope: { clientId, userId }, end }, read) => ({
    read,
    client_id: clientId,
    user_id: userId,
    xid: String(end.xid),
    position: String(end.position),
  }));
  return sql`json_to_recordset(${JSON.stringify(wanted)}::text::json)
    as wanted (read int, client_id text, user_id text, xid text, position bigint)`;
}

/** Makes the page of each read of rows that are in the order of the reads and, within, of the log. */
function pagesOf(reads: readonly UserLogRead[], rows: readonly EventOfRead[], limit: number): UserLogPage[] {
  let next = 0;
  return reads.map(({ scope }, index) => {
    const events: PlacedEvent[] = [];
    let hasMore = false;
    for (let row = rows[next]; row?.read === index; row = rows[(next += 1)]) {
      if (events.length === limit) hasMore = true;
      else events.push(eventOf(scope, row.event));
    }
    return { events, hasMore };
  });
}

/** Whose event a text is. */
export function userOfText(text: string): string {
  return text.slice(0, text.indexOf(' '));
}

/** The place of a text's event. */
export function placeOfText(text: string): Place {
  const [, xid = '', position = ''] = text.split(' ', 3);
  return { xid: BigInt(xid), position: BigInt(position) };
}

// Events that are read together are mostly of few transactions.
let xidText = '';
let xidRead = 0n;

/**
 * Reads the column `event`, of this user. No part before the JSON holds a space. Nothing of the event is a part of the
 * text: whoever keeps it would keep all that came with it in memory.
 */
export function eventOf({ clientId, userId }: UserScope, text: string): PlacedEvent {
  let start = text.indexOf(' ') + 1;
  const parts: string[] = [];
  for (let part = 0; part < partsBeforeJson; part += 1) {
    const end = text.indexOf(' ', start);
    parts.push(text.slice(start, end));
    start = end + 1;
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the columns, in the order of `eventText`
  const [xid, position, sequence, milliseconds] = parts as unknown as Parts;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above
  const [id, type, connectionId, facts] = JSON.parse(text.slice(start)) as JsonParts;
  if (xid !== xidText) {
    xidRead = BigInt(xid);
    xidText = xid;
  }
  const columns = {
    id,
    clientId,
    userId,
    sequence: BigInt(sequence),
    occurredAt: new Date(Number(milliseconds)),
    cursor: cursorOf(xid, position),
    type,
    facts,
  };
  return { place: { xid: xidRead, position: BigInt(position) }, event: typed(columns, connectionId) };
}

const partsBeforeJson = 4;
type Parts = readonly [string, string, string, string];
type JsonParts = readonly [EventId, string, ConnectionId | null, unknown];

/**
 * The next page of the stream of each of these users, in the order of the reads, in one statement: what a gateway with
 * thousands of open streams reads when many of them have moved. The client is compared outside of the inner read, where
 * PostgreSQL might take the index of the client and walk through the events of all of its users.
 */
export async function readUserLogs(
  database: Database,
  reads: readonly UserLogRead[],
  limit: number,
): Promise<UserLogPage[]> {
  const rows = await database.db.execute<EventOfRead>(sql`
    select wanted.read, ${eventText}
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
