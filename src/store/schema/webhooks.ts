import { sql } from 'drizzle-orm';
import {
  boolean,
  foreignKey,
  index,
  integer,
  primaryKey,
  snakeCase,
  text,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { EventType } from '../../domain/event.ts';
import {
  attemptOutcomes,
  deliveryKinds,
  deliveryStatuses,
  webhookDisabledReasons,
  webhookStatuses,
} from '../../domain/webhook.ts';
import { clients, users } from './clients.ts';
import { bytes, idColumn, instant, int64, oneOf, xid8 } from './columns.ts';

/** Endpoints to which events are pushed, each with its place in the log, its secrets, and how it fares. */
export const webhooks = snakeCase.table(
  'webhooks',
  {
    id: idColumn<'webhook'>().primaryKey(),
    clientId: idColumn<'client'>()
      .notNull()
      .references(() => clients.id, { onDelete: 'cascade' }),
    /** Null for an endpoint of all users of the client. */
    userId: idColumn<'user'>(),
    url: text().notNull(),
    description: text(),
    /** Empty for every type. */
    types: text().$type<EventType>().array().notNull().default([]),
    /** Whether the events of one user wait for each other. */
    isOrdered: boolean().notNull().default(false),
    status: text({ enum: webhookStatuses }).notNull(),
    disabledReason: text({ enum: webhookDisabledReasons }),
    disabledAt: instant(),
    /** The HMAC secret and the Ed25519 key; those before the last rotation are valid until they expire. */
    sealedSecret: bytes().notNull(),
    publicKey: text().notNull(),
    sealedPreviousSecret: bytes(),
    previousPublicKey: text(),
    previousSecretExpiresAt: instant(),
    /** Certificate and private key with which it is called (mutual TLS). */
    sealedClientCertificate: bytes(),
    clientCertificateExpiresAt: instant(),
    /** Everything up to this place of the log has been given a delivery, or is not wanted. */
    afterXid: xid8().notNull(),
    afterPosition: int64().notNull(),
    /** The last event lost to its age before it had a delivery, of which the receiver was told. */
    toldXid: xid8()
      .notNull()
      .default(sql`'0'::xid8`),
    toldPosition: int64()
      .notNull()
      .default(sql`0`),
    consecutiveFailures: integer().notNull().default(0),
    failingSince: instant(),
    circuitOpenUntil: instant(),
    circuitOpenings: integer().notNull().default(0),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (table) => [
    unique('webhooks_owner').on(table.id, table.clientId),
    foreignKey({
      name: 'webhooks_user',
      columns: [table.userId, table.clientId],
      foreignColumns: [users.id, users.clientId],
    }).onDelete('cascade'),
    index('webhooks_client').on(table.clientId, table.createdAt, table.id),
    index('webhooks_user').on(table.userId),
    oneOf('webhooks_status', table.status, webhookStatuses),
    oneOf('webhooks_disabled_reason', table.disabledReason, webhookDisabledReasons),
  ],
);

/** One event on its way to one endpoint. It exists from the transaction on that moves the endpoint's place past it. */
export const webhookDeliveries = snakeCase.table(
  'webhook_deliveries',
  {
    id: idColumn<'delivery'>().primaryKey(),
    webhookId: idColumn<'webhook'>().notNull(),
    clientId: idColumn<'client'>().notNull(),
    /** The endpoint's user, not the event's; null for an endpoint of the client. */
    userId: idColumn<'user'>(),
    eventId: idColumn<'event'>().notNull(),
    /** Whose stream the event is in, and its place: the order in which an ordered endpoint gets them. */
    streamId: idColumn<'user' | 'client'>().notNull(),
    xid: xid8().notNull(),
    position: int64().notNull(),
    kind: text({ enum: deliveryKinds }).notNull(),
    status: text({ enum: deliveryStatuses }).notNull(),
    attempts: integer().notNull().default(0),
    /** Null once it has ended. */
    nextAttemptAt: instant(),
    /** Which round of which worker sends it now; it is free again after `leasedUntil`. */
    leaseToken: text(),
    leasedUntil: instant(),
    createdAt: instant().notNull(),
    finishedAt: instant(),
  },
  (table) => [
    unique('webhook_deliveries_owner').on(table.id, table.clientId),
    foreignKey({
      name: 'webhook_deliveries_webhook',
      columns: [table.webhookId, table.clientId],
      foreignColumns: [webhooks.id, webhooks.clientId],
    }).onDelete('cascade'),
    // The last defence against handing an event out twice; deliveries are at least once for other reasons.
    uniqueIndex('webhook_deliveries_live')
      .on(table.webhookId, table.eventId)
      .where(sql`${table.kind} = 'LIVE'`),
    index('webhook_deliveries_due')
      .on(table.webhookId, table.nextAttemptAt)
      .where(sql`${table.status} = 'PENDING'`),
    index('webhook_deliveries_stream')
      .on(table.webhookId, table.streamId, table.xid, table.position)
      .where(sql`${table.status} = 'PENDING'`),
    index('webhook_deliveries_list').on(table.webhookId, table.createdAt, table.id),
    index('webhook_deliveries_finished').on(table.finishedAt),
    oneOf('webhook_deliveries_kind', table.kind, deliveryKinds),
    oneOf('webhook_deliveries_status', table.status, deliveryStatuses),
  ],
);

/** Each attempt at a delivery, as the developer of the receiver wants to see it. */
export const webhookAttempts = snakeCase.table(
  'webhook_attempts',
  {
    deliveryId: idColumn<'delivery'>().notNull(),
    clientId: idColumn<'client'>().notNull(),
    userId: idColumn<'user'>(),
    number: integer().notNull(),
    startedAt: instant().notNull(),
    outcome: text({ enum: attemptOutcomes }).notNull(),
    statusCode: integer(),
    responseMilliseconds: integer().notNull(),
    snippet: text(),
  },
  (table) => [
    primaryKey({ columns: [table.deliveryId, table.number] }),
    foreignKey({
      name: 'webhook_attempts_delivery',
      columns: [table.deliveryId, table.clientId],
      foreignColumns: [webhookDeliveries.id, webhookDeliveries.clientId],
    }).onDelete('cascade'),
    oneOf('webhook_attempts_outcome', table.outcome, attemptOutcomes),
  ],
);
