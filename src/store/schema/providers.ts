import { boolean, index, integer, jsonb, primaryKey, snakeCase, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { AccountType } from '../../domain/account.ts';
import { channelKinds } from '../../domain/connection.ts';
import { budgetScopes, budgetWindows } from '../../domain/unattended-budget.ts';
import { byteText, idColumn, instant, oneOf } from './columns.ts';

/** A field of the credentials form of an EMBEDDED channel. */
export interface CredentialField {
  readonly name: string;
  readonly label: { readonly en: string; readonly fr: string };
  readonly isSecret: boolean;
  readonly isRequired: boolean;
  readonly maxLength: number;
}

/** Banks. `slug` is the operator's stable name of the entry, so that loading the list again updates it. */
export const providers = snakeCase.table(
  'providers',
  {
    id: idColumn<'provider'>().primaryKey(),
    slug: text().notNull(),
    name: text().notNull(),
    country: text().notNull(),
    bic: byteText(),
    /** The groups that it belongs to, by the names that people know. */
    groups: text().array().notNull().default([]),
    logoUrl: text(),
    websiteUrl: text(),
    isTest: boolean().notNull().default(false),
    isEnabled: boolean().notNull().default(true),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (table) => [
    uniqueIndex('providers_slug').on(table.slug),
    index('providers_name').on(table.name, table.id),
    index('providers_country').on(table.country, table.name, table.id),
    index('providers_groups').using('gin', table.groups),
    index('providers_bic').on(table.bic),
  ],
);

/**
 * What a search for a provider finds: every end of every word of its name and groups, folded by `search_fold` (small
 * letters without accents; `KÖLN` is `koln` and `koeln`). A text within a word begins one of these. Kept by a trigger, so
 * that whoever writes a provider cannot forget it.
 */
export const providerTerms = snakeCase.table(
  'provider_terms',
  {
    term: byteText().notNull(),
    providerId: idColumn<'provider'>()
      .notNull()
      .references(() => providers.id, { onDelete: 'cascade' }),
  },
  (table) => [
    primaryKey({ columns: [table.term, table.providerId] }),
    index('provider_terms_provider').on(table.providerId, table.term),
  ],
);

/** The channels that a provider offers, at most one of each kind. */
export const channelDefinitions = snakeCase.table(
  'channel_definitions',
  {
    id: idColumn<'channelDefinition'>().primaryKey(),
    providerId: idColumn<'provider'>()
      .notNull()
      .references(() => providers.id, { onDelete: 'cascade' }),
    kind: text({ enum: channelKinds }).notNull(),
    dialect: text().notNull(),
    baseUrl: text().notNull(),
    timeZone: text().notNull().default('Europe/Paris'),
    quirks: jsonb().$type<Record<string, unknown>>().notNull().default({}),
    accountTypes: text().array().$type<AccountType>().notNull(),
    credentialFields: jsonb().$type<CredentialField[]>().notNull().default([]),
    consentValidityDays: integer().notNull().default(180),
    unattendedCallsPerDay: integer().notNull().default(4),
    /** What the bank counts unattended calls by, and over which time; the defaults keep the rule of any bank. */
    budgetScope: text({ enum: budgetScopes }).notNull().default('RESOURCE'),
    budgetWindow: text({ enum: budgetWindows }).notNull().default('ROLLING_DAY'),
    /** The bank itself ends a consent when the person gives a newer one, so that there is nothing left to revoke. */
    isConsentReplacedByBank: boolean().notNull().default(false),
    historyDays: integer().notNull().default(90),
    isEnabled: boolean().notNull().default(true),
  },
  (table) => [
    uniqueIndex('channel_definitions_provider_kind').on(table.providerId, table.kind),
    oneOf('channel_definitions_kind', table.kind, channelKinds),
    oneOf('channel_definitions_budget_scope', table.budgetScope, budgetScopes),
    oneOf('channel_definitions_budget_window', table.budgetWindow, budgetWindows),
  ],
);
