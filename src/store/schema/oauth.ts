import { index, integer, jsonb, snakeCase, primaryKey, text } from 'drizzle-orm/pg-core';
import { bytes, instant } from './columns.ts';

/** What the authorization server keeps: tokens, grants, sessions, by its own model names. */
export const oauthRecords = snakeCase.table(
  'oauth_records',
  {
    model: text().notNull(),
    id: text().notNull(),
    grantId: text(),
    uid: text(),
    /** The user whom it speaks for, so that all of it can end with him. */
    accountId: text(),
    payload: jsonb().$type<Record<string, unknown>>().notNull(),
    consumedAt: instant(),
    expiresAt: instant(),
  },
  (table) => [
    primaryKey({ columns: [table.model, table.id] }),
    index('oauth_records_grant').on(table.grantId),
    index('oauth_records_uid').on(table.uid),
    index('oauth_records_account').on(table.accountId),
    index('oauth_records_expires').on(table.expiresAt),
  ],
);

/**
 * Signing keys of the authorization server; the private half is sealed. A key signs from `signsFrom` until `retiredAt`,
 * and is published before and after that. Both may lie in the future.
 */
export const oauthKeys = snakeCase.table('oauth_keys', {
  kid: text().primaryKey(),
  publicJwk: jsonb().$type<Record<string, unknown>>().notNull(),
  sealedPrivateJwk: bytes().notNull(),
  createdAt: instant().notNull(),
  signsFrom: instant().notNull(),
  retiredAt: instant(),
});

/**
 * Failed logins, counted. `account` and `address` are digests; an empty account counts all accounts at the address, an
 * empty address counts the account from all addresses that are strange to it.
 */
export const loginThrottles = snakeCase.table(
  'login_throttles',
  {
    account: text().notNull(),
    address: text().notNull(),
    failures: integer().notNull(),
    blockedUntil: instant(),
    expiresAt: instant().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.account, table.address] }),
    index('login_throttles_expires').on(table.expiresAt),
  ],
);

/** Addresses from which a login has succeeded: what strangers do to the account does not slow them. */
export const knownAddresses = snakeCase.table(
  'known_addresses',
  {
    account: text().notNull(),
    address: text().notNull(),
    expiresAt: instant().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.account, table.address] }),
    index('known_addresses_expires').on(table.expiresAt),
  ],
);
