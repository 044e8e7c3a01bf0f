import { sql } from 'drizzle-orm';
import type { LogEntry } from '../domain/event.ts';
import type { EventId } from '../kernel/id.ts';
import type { Database } from './database.ts';
import { events } from './schema/events.ts';
import { isNoTestOf } from './webhook-tests.ts';
import type { WebhookRow } from './webhooks.ts';

/**
 * For each of these events the one that this endpoint was to get before it, of its own stream: by it a receiver sees
 * that it has missed one. Tests of the endpoint are none of them. An event without an entry is the first.
 */
export async function previousEvents(
  database: Database,
  entries: readonly LogEntry[],
  { id, types }: Pick<WebhookRow, 'id' | 'types'>,
): Promise<Map<EventId, EventId>> {
  if (entries.length === 0) return new Map();
  const places = entries.map((event) => ({
    id: event.id,
    stream: event.userId ?? event.clientId,
    sequence: String(event.sequence),
  }));
  const isWanted = types.length > 0 ? sql`and ${events.type} in ${[...types]}` : sql``;
  // Ids have the collation "C": a text of another one could not be looked up by their index.
  const rows = await database.db.execute<{ id: EventId; previous: EventId }>(sql`
    select place.id, before.id as previous
    from jsonb_to_recordset(${JSON.stringify(places)}::text::jsonb) as place(id text, stream text collate "C", sequence bigint)
    cross join lateral (
      select ${events.id} as id from ${events}
      where ${events.userId} = place.stream and ${events.sequence} < place.sequence ${isWanted} and ${isNoTestOf(id)}
      order by ${events.sequence} desc limit 1
    ) as before`);
  return new Map(rows.map((row) => [row.id, row.previous]));
}
