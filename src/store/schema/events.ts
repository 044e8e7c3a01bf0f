import { sql } from 'drizzle-orm';
import { index, jsonb, snakeCase, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { EventType } from '../../domain/event.ts';
import { clients } from './clients.ts';
import { idColumn, instant, int64, xid8 } from './columns.ts';

/**
 * How many events each stream has: each user's, and each client's own, which has the client's id in the place of the
 * user's. The row outlives the user: it holds no personal data, only a number.
 */
export const eventStreams = snakeCase.table(
  'event_streams',
  {
    userId: idColumn<'user' | 'client'>().primaryKey(),
    clientId: idColumn<'client'>().notNull(),
    sequence: int64().notNull(),
    /** The place of the last event that was deleted for its age; a cursor before it has a gap behind it. */
    prunedXid: xid8()
      .notNull()
      .default(sql`'0'::xid8`),
    prunedPosition: int64()
      .notNull()
      .default(sql`0`),
  },
  (table) => [index('event_streams_pruned').on(table.clientId, table.prunedXid, table.prunedPosition)],
);

/**
 * The log. A place in it is (xid, position): xid is the transaction that wrote the event, position a number within.
 * Whoever writes takes the user's stream lock before the transaction gets its xid (store/log.ts), so in one user's
 * stream the places rise in commit order; a reader of several streams stays below the oldest running transaction.
 * There is no reference to users: `user.deleted` outlives its user, and an event of the client's own stream (of what it
 * has set up for itself) has the client's id as its user, so that both kinds of stream are one thing.
 *
 * It is partitioned by xid (log-partitions.ts): a cursor names an xid, so a reader touches only the partitions from
 * there on. A unique key must contain it; that (user_id, sequence) is unique by itself is kept by the row of the
 * stream, which counts, and that an id is, by its 80 random bits.
 */
export const events = snakeCase.table(
  'events',
  {
    id: idColumn<'event'>().notNull(),
    clientId: idColumn<'client'>()
      .notNull()
      .references(() => clients.id, { onDelete: 'cascade' }),
    userId: idColumn<'user' | 'client'>().notNull(),
    sequence: int64().notNull(),
    xid: xid8()
      .notNull()
      .default(sql`pg_current_xact_id()`),
    position: int64().notNull().generatedAlwaysAsIdentity(),
    type: text().$type<EventType>().notNull(),
    connectionId: idColumn<'connection'>(),
    facts: jsonb().$type<Record<string, unknown>>().notNull(),
    occurredAt: instant().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.sequence, table.xid] }),
    uniqueIndex('events_id').on(table.id, table.xid),
    index('events_user_place').on(table.userId, table.xid, table.position),
    index('events_client_place').on(table.clientId, table.xid, table.position),
    // Small, because the log grows in the order of time: for the deletion of what is old.
    index('events_occurred_at').using('brin', table.occurredAt),
    // The few events that a list of changes needs among the many.
    index('events_deletions')
      .on(table.clientId, table.xid, table.position)
      .where(sql`type in ('account.deleted', 'connection.deleted', 'user.deleted')`),
  ],
);
