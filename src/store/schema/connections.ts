import { sql } from 'drizzle-orm';
import {
  boolean,
  date,
  foreignKey,
  index,
  integer,
  jsonb,
  snakeCase,
  primaryKey,
  text,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { AccountType } from '../../domain/account.ts';
import {
  channelKinds,
  channelStatuses,
  connectionStatuses,
  consentStatuses,
  lastSyncStatuses,
  nextSyncReasons,
  type DataType,
} from '../../domain/connection.ts';
import type { FailureRecord } from '../../domain/failure.ts';
import { users } from './clients.ts';
import { bytes, idColumn, instant, oneOf } from './columns.ts';
import { channelDefinitions, providers } from './providers.ts';

/** A user's links to providers. Keys of user data begin with the id and carry the user, so it can be distributed. */
export const connections = snakeCase.table(
  'connections',
  {
    id: idColumn<'connection'>().notNull(),
    userId: idColumn<'user'>().notNull(),
    clientId: idColumn<'client'>().notNull(),
    providerId: idColumn<'provider'>()
      .notNull()
      .references(() => providers.id),
    status: text({ enum: connectionStatuses }).notNull(),
    lastSyncStatus: text({ enum: lastSyncStatuses }).notNull().default('NONE'),
    failure: jsonb().$type<FailureRecord>(),
    isAutoSync: boolean().notNull().default(true),
    /** The only types of accounts that are taken; null takes all. */
    accountTypes: text().array().$type<AccountType>(),
    /** The only data to read of accounts; null reads all. */
    dataTypes: text().array().$type<DataType>(),
    lastSyncedAt: instant(),
    nextSyncAt: instant(),
    /** Why then; null with it. */
    nextSyncReason: text({ enum: nextSyncReasons }),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.id, table.userId] }),
    unique('connections_owner').on(table.id, table.userId, table.clientId),
    // With the client, here and in every table below: no row can put a user of one client under another.
    foreignKey({
      name: 'connections_user',
      columns: [table.userId, table.clientId],
      foreignColumns: [users.id, users.clientId],
    }).onDelete('cascade'),
    index('connections_user').on(table.userId, table.createdAt, table.id),
    index('connections_client').on(table.clientId, table.createdAt, table.id),
    index('connections_due')
      .on(table.nextSyncAt)
      .where(sql`${table.nextSyncAt} is not null`),
    index('connections_unplanned')
      .on(table.createdAt)
      .where(sql`${table.nextSyncAt} is null and ${table.isAutoSync} and ${table.status} = 'ACTIVE'`),
    oneOf('connections_status', table.status, connectionStatuses),
    oneOf('connections_last_sync_status', table.lastSyncStatus, lastSyncStatuses),
    oneOf('connections_next_sync_reason', table.nextSyncReason, nextSyncReasons),
  ],
);

/** The channels of a connection. The bank session is what the connector needs to be recognised again, sealed. */
export const channels = snakeCase.table(
  'channels',
  {
    id: idColumn<'channel'>().notNull(),
    userId: idColumn<'user'>().notNull(),
    clientId: idColumn<'client'>().notNull(),
    connectionId: idColumn<'connection'>().notNull(),
    channelDefinitionId: idColumn<'channelDefinition'>()
      .notNull()
      .references(() => channelDefinitions.id),
    kind: text({ enum: channelKinds }).notNull(),
    status: text({ enum: channelStatuses }).notNull(),
    failure: jsonb().$type<FailureRecord>(),
    sealedSession: bytes(),
    sealedCredentials: bytes(),
    lastSyncedAt: instant(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.id, table.userId] }),
    unique('channels_owner').on(table.id, table.userId, table.clientId),
    foreignKey({
      name: 'channels_connection',
      columns: [table.connectionId, table.userId, table.clientId],
      foreignColumns: [connections.id, connections.userId, connections.clientId],
    }).onDelete('cascade'),
    uniqueIndex('channels_connection_kind').on(table.connectionId, table.kind, table.userId),
    oneOf('channels_kind', table.kind, channelKinds),
    oneOf('channels_status', table.status, channelStatuses),
  ],
);

/** Consents, from the request to their end. A row is never reused: renewing makes a new one. */
export const consents = snakeCase.table(
  'consents',
  {
    id: idColumn<'consent'>().notNull(),
    userId: idColumn<'user'>().notNull(),
    clientId: idColumn<'client'>().notNull(),
    connectionId: idColumn<'connection'>().notNull(),
    channelId: idColumn<'channel'>().notNull(),
    status: text({ enum: consentStatuses }).notNull(),
    bankConsentId: text(),
    /** SHA-256 of the state with which the bank sends the browser back, in base64url; the state itself is not kept. */
    stateHash: text(),
    /** The bank's page for the person, while the consent is PENDING. */
    authorizationUrl: text(),
    /** Where the client wants the browser in the end. */
    redirectUrl: text(),
    /** The connector's session of this authorisation, until it becomes the channel's. */
    sealedSession: bytes(),
    frequencyPerDay: integer().notNull(),
    validUntil: date({ mode: 'string' }).notNull(),
    authorizationExpiresAt: instant(),
    /** Until when one return of the browser has the bank to itself: a code serves once (RFC 6749, 4.1.2). */
    returnLeaseExpiresAt: instant(),
    authorizedAt: instant(),
    /** When something is to be said of its end: a reminder, or that it has come. Null while that is not planned. */
    remindAt: instant(),
    /** The last reminder that was given, in days before the end. */
    remindedDays: integer(),
    /** The consent that took its place. */
    successorId: idColumn<'consent'>(),
    endedAt: instant(),
    failure: jsonb().$type<FailureRecord>(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.id, table.userId] }),
    foreignKey({
      name: 'consents_channel',
      columns: [table.channelId, table.userId, table.clientId],
      foreignColumns: [channels.id, channels.userId, channels.clientId],
    }).onDelete('cascade'),
    index('consents_connection').on(table.connectionId, table.createdAt),
    index('consents_user').on(table.userId, table.createdAt, table.id),
    index('consents_client').on(table.clientId, table.createdAt, table.id),
    index('consents_state')
      .on(table.stateHash)
      .where(sql`${table.stateHash} is not null`),
    index('consents_remind')
      .on(table.remindAt)
      .where(sql`${table.status} in ('ACTIVE', 'EXPIRING')`),
    index('consents_abandoned')
      .on(table.authorizationExpiresAt)
      .where(sql`${table.status} = 'PENDING'`),
    oneOf('consents_status', table.status, consentStatuses),
  ],
);
