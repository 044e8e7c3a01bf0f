import { foreignKey, index, snakeCase, text } from 'drizzle-orm/pg-core';
import { directions } from '../../domain/category-rule.ts';
import { clients, users } from './clients.ts';
import { idColumn, instant, oneOf } from './columns.ts';
import { categories } from './transactions.ts';

/** Rules by which categories are decided, of a user or of a client for all of its users. A rule never changes. */
export const categoryRules = snakeCase.table(
  'category_rules',
  {
    id: idColumn<'categoryRule'>().primaryKey(),
    clientId: idColumn<'client'>()
      .notNull()
      .references(() => clients.id, { onDelete: 'cascade' }),
    /** Null for a rule of the client. */
    userId: idColumn<'user'>(),
    /** As it was written; it is folded when it is compared. */
    text: text().notNull(),
    /** Null for both. */
    direction: text({ enum: directions }),
    categoryKey: text()
      .notNull()
      .references(() => categories.key),
    createdAt: instant().notNull(),
  },
  (table) => [
    // Ends with its user; a rule without one is not touched by this.
    foreignKey({
      name: 'category_rules_user',
      columns: [table.userId, table.clientId],
      foreignColumns: [users.id, users.clientId],
    }).onDelete('cascade'),
    index('category_rules_client').on(table.clientId, table.createdAt, table.id),
    // Also finds the rules of the client itself, which have no user.
    index('category_rules_owner').on(table.clientId, table.userId),
    oneOf('category_rules_direction', table.direction, directions),
  ],
);
