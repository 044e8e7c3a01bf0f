import { index, jsonb, snakeCase, primaryKey, text } from 'drizzle-orm/pg-core';
import { bytes, instant } from './columns.ts';

/** What the authorization server keeps: tokens, grants, sessions, by its own model names. */
export const oauthRecords = snakeCase.table(
  'oauth_records',
  {
    model: text().notNull(),
    id: text().notNull(),
    grantId: text(),
    uid: text(),
    payload: jsonb().$type<Record<string, unknown>>().notNull(),
    consumedAt: instant(),
    expiresAt: instant(),
  },
  (table) => [
    primaryKey({ columns: [table.model, table.id] }),
    index('oauth_records_grant').on(table.grantId),
    index('oauth_records_uid').on(table.uid),
    index('oauth_records_expires').on(table.expiresAt),
  ],
);

/** Signing keys of the authorization server. The private half is sealed; a retired key still verifies. */
export const oauthKeys = snakeCase.table('oauth_keys', {
  kid: text().primaryKey(),
  publicJwk: jsonb().$type<Record<string, unknown>>().notNull(),
  sealedPrivateJwk: bytes().notNull(),
  createdAt: instant().notNull(),
  retiredAt: instant(),
});
