import { foreignKey, primaryKey, snakeCase, text, timestamp } from 'drizzle-orm/pg-core';
import { channels } from './connections.ts';
import { idColumn, instant } from './columns.ts';

/**
 * The ledger of calls that were made while the person was away: a row for each group that the bank counts by, written
 * before the call, with the times of the last calls (at most as many as the bank allows a day). It stands on the
 * channel and not on the consent: a renewal then never gives more calls than a bank allows that counts by person.
 */
export const unattendedCalls = snakeCase.table(
  'unattended_calls',
  {
    channelId: idColumn<'channel'>().notNull(),
    userId: idColumn<'user'>().notNull(),
    clientId: idColumn<'client'>().notNull(),
    /** What the bank counts together, in the words of domain/unattended-budget.ts. */
    group: text().notNull(),
    calledAt: timestamp({ precision: 3, withTimezone: true, mode: 'string' }).array().notNull(),
    /** Learnt from the bank's own refusal (429). */
    blockedUntil: instant(),
    updatedAt: instant().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.channelId, table.userId, table.group] }),
    foreignKey({
      name: 'unattended_calls_channel',
      columns: [table.channelId, table.userId, table.clientId],
      foreignColumns: [channels.id, channels.userId, channels.clientId],
    }).onDelete('cascade'),
  ],
);
