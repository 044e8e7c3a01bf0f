import { sql } from 'drizzle-orm';
import {
  boolean,
  foreignKey,
  index,
  jsonb,
  snakeCase,
  primaryKey,
  text,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { bytes, idColumn, instant } from './columns.ts';

/** Client applications: the owners of users. Secrets are kept as argon2id hashes; two may be valid while rotating. */
export const clients = snakeCase.table(
  'clients',
  {
    id: idColumn<'client'>().primaryKey(),
    oauthClientId: text().notNull(),
    name: text().notNull(),
    secretHashes: text().array().notNull().default([]),
    permissions: text().array().notNull().default([]),
    isClientModeAllowed: boolean().notNull().default(false),
    createdAt: instant().notNull(),
    disabledAt: instant(),
  },
  (table) => [uniqueIndex('clients_oauth_client_id').on(table.oauthClientId)],
);

/** Users of a client. The e-mail is unique within the client whatever its case, and free again after deletion. */
export const users = snakeCase.table(
  'users',
  {
    id: idColumn<'user'>().primaryKey(),
    clientId: idColumn<'client'>()
      .notNull()
      .references(() => clients.id, { onDelete: 'cascade' }),
    email: text().notNull(),
    passwordHash: text().notNull(),
    locale: text(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (table) => [
    unique('users_owner').on(table.id, table.clientId),
    uniqueIndex('users_client_email').on(table.clientId, sql`lower(${table.email})`),
    index('users_client_created').on(table.clientId, table.createdAt, table.id),
  ],
);

/** One data key for each user, wrapped by a key-encryption key; erasing the row makes the user's secrets unreadable. */
export const dataKeys = snakeCase.table(
  'data_keys',
  {
    userId: idColumn<'user'>().primaryKey(),
    clientId: idColumn<'client'>().notNull(),
    /** Which key-encryption key wraps it. */
    keyId: text().notNull(),
    wrappedKey: bytes().notNull(),
    createdAt: instant().notNull(),
  },
  (table) => [
    foreignKey({
      name: 'data_keys_user',
      columns: [table.userId, table.clientId],
      foreignColumns: [users.id, users.clientId],
    }).onDelete('cascade'),
  ],
);

/** What a mutation answered under an idempotency key; the same key with the same input is answered from here. */
export const idempotencyKeys = snakeCase.table(
  'idempotency_keys',
  {
    clientId: idColumn<'client'>().notNull(),
    /** The user for a user token, else the client. */
    subject: text().notNull(),
    key: text().notNull(),
    operation: text().notNull(),
    requestHash: text().notNull(),
    /** Null while the first request is at work. */
    outcome: jsonb().$type<Record<string, unknown>>(),
    createdAt: instant().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.clientId, table.subject, table.key] }),
    index('idempotency_keys_created').on(table.createdAt),
    foreignKey({ columns: [table.clientId], foreignColumns: [clients.id] }).onDelete('cascade'),
  ],
);
