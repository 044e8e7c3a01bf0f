import { date, foreignKey, index, jsonb, numeric, snakeCase, primaryKey, text, unique } from 'drizzle-orm/pg-core';
import { accountStatuses, accountTypes, accountUsages, balanceTypes } from '../../domain/account.ts';
import type { FailureRecord } from '../../domain/failure.ts';
import { idColumn, instant, oneOf } from './columns.ts';
import { channels, connections } from './connections.ts';

/**
 * Accounts. `bankAccountId` is how the bank's API is asked and may change with every consent; the identity is the IBAN
 * or what stands in for it. Amounts are numeric with exactly the currency's decimals, never floats.
 */
export const accounts = snakeCase.table(
  'accounts',
  {
    id: idColumn<'account'>().notNull(),
    userId: idColumn<'user'>().notNull(),
    clientId: idColumn<'client'>().notNull(),
    connectionId: idColumn<'connection'>().notNull(),
    channelId: idColumn<'channel'>().notNull(),
    bankAccountId: text().notNull(),
    iban: text(),
    maskedPan: text(),
    otherIdentification: text(),
    bic: text(),
    currency: text().notNull(),
    name: text().notNull(),
    /** What the person calls it; null: what the bank does. */
    label: text(),
    ownerName: text(),
    product: text(),
    type: text({ enum: accountTypes }).notNull(),
    usage: text({ enum: accountUsages }),
    /** What the person says that it is used for; it goes before what the bank says. */
    decidedUsage: text({ enum: accountUsages }),
    status: text({ enum: accountStatuses }).notNull(),
    failure: jsonb().$type<FailureRecord>(),
    /** The balance chosen by the preference of domain/account.ts, copied here so that a list needs no join. */
    balanceAmount: numeric({ mode: 'string' }),
    balanceType: text({ enum: balanceTypes }),
    balanceAt: instant(),
    /** The first day of which transactions have been read. */
    coveredFrom: date({ mode: 'string' }),
    lastSyncedAt: instant(),
    deletedAt: instant(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.id, table.userId] }),
    unique('accounts_owner').on(table.id, table.userId, table.clientId),
    foreignKey({
      name: 'accounts_connection',
      columns: [table.connectionId, table.userId, table.clientId],
      foreignColumns: [connections.id, connections.userId, connections.clientId],
    }).onDelete('cascade'),
    foreignKey({
      name: 'accounts_channel',
      columns: [table.channelId, table.userId, table.clientId],
      foreignColumns: [channels.id, channels.userId, channels.clientId],
    }).onDelete('cascade'),
    index('accounts_connection').on(table.connectionId, table.createdAt, table.id),
    index('accounts_channel').on(table.channelId),
    index('accounts_user').on(table.userId, table.createdAt, table.id),
    index('accounts_client').on(table.clientId, table.createdAt, table.id),
    oneOf('accounts_type', table.type, accountTypes),
    oneOf('accounts_usage', table.usage, accountUsages),
    oneOf('accounts_decided_usage', table.decidedUsage, accountUsages),
    oneOf('accounts_status', table.status, accountStatuses),
  ],
);

/** Every balance the bank gave at the last sync, one of each of the bank's own types. */
export const balances = snakeCase.table(
  'balances',
  {
    accountId: idColumn<'account'>().notNull(),
    userId: idColumn<'user'>().notNull(),
    clientId: idColumn<'client'>().notNull(),
    type: text({ enum: balanceTypes }).notNull(),
    bankType: text().notNull(),
    amount: numeric({ mode: 'string' }).notNull(),
    currency: text().notNull(),
    referenceOn: date({ mode: 'string' }),
    changedAt: instant(),
    updatedAt: instant().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.userId, table.bankType, table.currency] }),
    foreignKey({
      name: 'balances_account',
      columns: [table.accountId, table.userId, table.clientId],
      foreignColumns: [accounts.id, accounts.userId, accounts.clientId],
    }).onDelete('cascade'),
    oneOf('balances_type', table.type, balanceTypes),
  ],
);
