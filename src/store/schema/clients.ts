import { sql } from 'drizzle-orm';
import {
  boolean,
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
import { authenticationMethods, type JsonWebKeySet } from '../../domain/client-authentication.ts';
import { bytes, idColumn, instant, oneOf } from './columns.ts';

/** How a client or an application proves who it is. Of the secrets' argon2id hashes the newest is the first. */
function authenticationColumns() {
  return {
    authenticationMethod: text({ enum: authenticationMethods }).notNull().default('client_secret'),
    secretHashes: text().array().notNull().default([]),
    /** Until when the secrets after the first are valid too; null: they are not. */
    oldSecretsExpireAt: instant(),
    /** Public keys of private_key_jwt, or certificates (x5c) of self_signed_tls_client_auth. */
    jwks: jsonb().$type<JsonWebKeySet>(),
    /** The subject of the certificate of tls_client_auth (RFC 4514). */
    tlsSubjectDn: text(),
  };
}

/** Client applications: the owners of users, with what their operator allows them. */
export const clients = snakeCase.table(
  'clients',
  {
    id: idColumn<'client'>().primaryKey(),
    oauthClientId: text().notNull(),
    name: text().notNull(),
    ...authenticationColumns(),
    permissions: text().array().notNull().default([]),
    isClientModeAllowed: boolean().notNull().default(false),
    /** Where a bank's return may send the browser in the end; null: anywhere. */
    redirectUrls: text().array(),
    /** Which pages may embed the widget. */
    widgetOrigins: text().array().notNull().default([]),
    /** The slugs of the providers that it may see and link; null: all. */
    providerSlugs: text().array(),
    webhooksMax: integer().notNull().default(10),
    mustAcceptTerms: boolean().notNull().default(false),
    /** The version of the terms that its users are shown now; a new one must be accepted anew. */
    termsVersion: text().notNull().default('1'),
    termsUrl: text(),
    createdAt: instant().notNull(),
    disabledAt: instant(),
  },
  (table) => [
    uniqueIndex('clients_oauth_client_id').on(table.oauthClientId),
    oneOf('clients_authentication_method', table.authenticationMethod, authenticationMethods),
  ],
);

/** Third parties that a client has registered: its users may let them in (authorization code). The id is the OAuth one. */
export const applications = snakeCase.table(
  'applications',
  {
    id: idColumn<'application'>().primaryKey(),
    clientId: idColumn<'client'>()
      .notNull()
      .references(() => clients.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    ...authenticationColumns(),
    permissions: text().array().notNull().default([]),
    /** Compared character by character. */
    redirectUris: text().array().notNull(),
    createdAt: instant().notNull(),
    disabledAt: instant(),
  },
  (table) => [
    index('applications_client').on(table.clientId, table.createdAt, table.id),
    oneOf('applications_authentication_method', table.authenticationMethod, authenticationMethods),
  ],
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
    /** The version of the terms that the person accepted last. */
    acceptedTermsVersion: text(),
    acceptedTermsAt: instant(),
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
