import { date, foreignKey, integer, primaryKey, snakeCase, text } from 'drizzle-orm/pg-core';
import { idColumn } from './columns.ts';
import { syncs } from './syncs.ts';

/**
 * Booked entries, new or changed, of an account that is too large for memory, until the account's step ends; in one row those of a day
 * that were put away together. The table is unlogged (see its migration): a crash of PostgreSQL empties it, and the
 * reader counts.
 */
export const spooledEntries = snakeCase.table(
  'spooled_entries',
  {
    syncId: idColumn<'sync'>().notNull(),
    userId: idColumn<'user'>().notNull(),
    clientId: idColumn<'client'>().notNull(),
    /** The attempt of the sync that has read them: a worker that was thought dead writes into no other's. */
    attempt: integer().notNull(),
    bookedOn: date({ mode: 'string' }).notNull(),
    /** The place of the first of them in what the bank has shown, from 0. */
    sequence: integer().notNull(),
    count: integer().notNull(),
    bankTransactionIds: text().array().notNull(),
    /** The entries with their places, as JSON. */
    entries: text().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.syncId, table.userId, table.attempt, table.bookedOn, table.sequence] }),
    foreignKey({
      name: 'spooled_entries_sync',
      columns: [table.syncId, table.userId, table.clientId],
      foreignColumns: [syncs.id, syncs.userId, syncs.clientId],
    }).onDelete('cascade'),
  ],
);
