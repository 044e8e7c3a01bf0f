import { foreignKey, index, primaryKey, snakeCase, text, unique } from 'drizzle-orm/pg-core';
import type { EventType } from '../../domain/event.ts';
import { clients, users } from './clients.ts';
import { idColumn, instant } from './columns.ts';

/** Queues: a part of the log that a client polls, of one user or of all, with a cursor for each consumer. */
export const queues = snakeCase.table(
  'queues',
  {
    id: idColumn<'queue'>().primaryKey(),
    clientId: idColumn<'client'>()
      .notNull()
      .references(() => clients.id, { onDelete: 'cascade' }),
    /** Null for a queue of all users of the client. */
    userId: idColumn<'user'>(),
    name: text(),
    /** Empty for every type. */
    types: text().$type<EventType>().array().notNull().default([]),
    /** Where a consumer begins. */
    startCursor: text().notNull(),
    createdAt: instant().notNull(),
  },
  (table) => [
    unique('queues_owner').on(table.id, table.clientId),
    // Ends with its user; a queue without one is not touched by this.
    foreignKey({
      name: 'queues_user',
      columns: [table.userId, table.clientId],
      foreignColumns: [users.id, users.clientId],
    }).onDelete('cascade'),
    index('queues_client').on(table.clientId, table.createdAt, table.id),
    index('queues_user').on(table.userId),
  ],
);

/** How far each named consumer of a queue has acknowledged. One that never has begins at the queue's start. */
export const consumers = snakeCase.table(
  'queue_consumers',
  {
    queueId: idColumn<'queue'>().notNull(),
    clientId: idColumn<'client'>().notNull(),
    userId: idColumn<'user'>(),
    name: text().notNull(),
    /** The cursor up to which everything is acknowledged. */
    cursor: text().notNull(),
    acknowledgedAt: instant().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.queueId, table.name] }),
    foreignKey({
      name: 'queue_consumers_queue',
      columns: [table.queueId, table.clientId],
      foreignColumns: [queues.id, queues.clientId],
    }).onDelete('cascade'),
  ],
);
