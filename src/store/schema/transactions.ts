import { sql } from 'drizzle-orm';
import {
  date,
  foreignKey,
  index,
  integer,
  numeric,
  snakeCase,
  primaryKey,
  text,
  uuid,
  type AnyPgColumn,
} from 'drizzle-orm/pg-core';
import { decisionSources, transactionStatuses, transactionTypes, voidReasons } from '../../domain/transaction.ts';
import { accounts } from './accounts.ts';
import { idColumn, instant, oneOf, xid8 } from './columns.ts';

/** Two levels of categories: a leaf has a parent, a primary has none. Seeded from domain/category-catalogue.ts. */
export const categories = snakeCase.table('categories', {
  key: text().primaryKey(),
  parentKey: text().references((): AnyPgColumn => categories.key),
  labelEn: text().notNull(),
  labelFr: text().notNull(),
  position: integer().notNull(),
});

/**
 * Transactions. `datedOn` is the day by which they are ordered: booked, else purchased, else valued, else first seen.
 * The key carries the user, so that the table may be hash-partitioned by user without a change of queries.
 */
export const transactions = snakeCase.table(
  'transactions',
  {
    id: idColumn<'transaction'>().notNull(),
    userId: idColumn<'user'>().notNull(),
    clientId: idColumn<'client'>().notNull(),
    accountId: idColumn<'account'>().notNull(),
    status: text({ enum: transactionStatuses }).notNull(),
    type: text({ enum: transactionTypes }).notNull(),
    amount: numeric({ mode: 'string' }).notNull(),
    currency: text().notNull(),
    /** What was charged in another currency, and units of it for one of `currency`; null where the bank does not tell. */
    originalAmount: numeric({ mode: 'string' }),
    originalCurrency: text(),
    exchangeRate: numeric({ mode: 'string' }),
    datedOn: date({ mode: 'string' }).notNull(),
    bookedOn: date({ mode: 'string' }),
    valueOn: date({ mode: 'string' }),
    transactedOn: date({ mode: 'string' }),
    label: text().notNull(),
    labelSource: text({ enum: decisionSources }).notNull().default('PROVIDER'),
    /** What the bank's text makes of a label, kept while somebody else's label stands; else null. */
    providerLabel: text(),
    bankText: text().notNull(),
    counterpartyName: text(),
    counterpartyIban: text(),
    merchantCategoryCode: text(),
    bankTransactionCode: text(),
    bankTransactionId: text(),
    entryReference: text(),
    endToEndId: text(),
    mandateId: text(),
    creditorId: text(),
    checkId: text(),
    categoryKey: text()
      .notNull()
      .default('UNCATEGORISED')
      .references(() => categories.key),
    /** Null while nobody has decided: the category is then UNCATEGORISED. */
    categorySource: text({ enum: decisionSources }),
    /** The category that the house would give, kept while somebody stronger has decided; else null. */
    modelCategoryKey: text(),
    /** For the settlement of a deferred-debit card, where it is evident: the account of the card. */
    settledCardId: idColumn<'account'>(),
    notes: text(),
    voidReason: text({ enum: voidReasons }),
    supersededBy: idColumn<'transaction'>(),
    /** Which tier of the matching recognised it at the last sync that changed it; null when it was new. */
    matchedOn: text(),
    /**
     * A digest of all that the bank says of a booked entry (store/bank-digest.ts), by which a large account is recognised
     * without being read; null when it is not booked. What a person decides does not change it. Not an id: PostgreSQL has
     * no other type of 16 bytes.
     */
    bankDigest: uuid(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
    /**
     * The database transaction that wrote the row last. A trigger sets it (migration `transaction-changes`), so whoever
     * writes cannot forget it; with the id it is the row's place in the list of changes.
     */
    changedXid: xid8()
      .notNull()
      .default(sql`pg_current_xact_id()`),
  },
  (table) => [
    primaryKey({ columns: [table.id, table.userId] }),
    foreignKey({
      name: 'transactions_account',
      columns: [table.accountId, table.userId, table.clientId],
      foreignColumns: [accounts.id, accounts.userId, accounts.clientId],
    }).onDelete('cascade'),
    // With the user: queries name both, and PostgreSQL would otherwise guess one row, intersect two indexes and sort.
    index('transactions_account').on(table.accountId, table.userId, table.datedOn, table.id),
    index('transactions_user').on(table.userId, table.datedOn, table.id),
    index('transactions_client').on(table.clientId, table.datedOn, table.id),
    index('transactions_settlements')
      .on(table.accountId, table.userId, table.datedOn)
      .where(sql`${table.type} = 'CREDIT_CARD_PAYMENT'`),
    index('transactions_user_changes').on(table.userId, table.changedXid, table.id),
    index('transactions_client_changes').on(table.clientId, table.changedXid, table.id),
    oneOf('transactions_status', table.status, transactionStatuses),
    oneOf('transactions_type', table.type, transactionTypes),
    oneOf('transactions_category_source', table.categorySource, decisionSources),
    oneOf('transactions_label_source', table.labelSource, decisionSources),
    oneOf('transactions_void_reason', table.voidReason, voidReasons),
  ],
);
