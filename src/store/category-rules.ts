import { and, eq, isNull, or, sql } from 'drizzle-orm';
import type { Scope, UserScope } from '../domain/viewer.ts';
import type { CategoryRuleId } from '../kernel/id.ts';
import { categoryRules } from './schema/category-rules.ts';
import { inScope, type Executor } from './scope.ts';

type CategoryRuleRow = typeof categoryRules.$inferSelect;

/** The rule, or undefined when it does not exist in this scope. */
export async function findCategoryRule(
  scope: Scope,
  db: Executor,
  id: CategoryRuleId,
): Promise<CategoryRuleRow | undefined> {
  const [row] = await db
    .select()
    .from(categoryRules)
    .where(and(eq(categoryRules.id, id), inScope(categoryRules, scope)));
  return row;
}

/** Adds a rule of the scope's owner: one user, or the client for all of its users. */
export async function insertCategoryRule(
  scope: Scope,
  db: Executor,
  rule: Omit<CategoryRuleRow, 'userId' | 'clientId'>,
): Promise<void> {
  await db.insert(categoryRules).values({ ...rule, clientId: scope.clientId, userId: scope.userId ?? null });
}

/** Deletes the rule; false when it was not there. */
export async function deleteCategoryRuleRow(scope: Scope, db: Executor, id: CategoryRuleId): Promise<boolean> {
  const deleted = await db
    .delete(categoryRules)
    .where(and(eq(categoryRules.id, id), inScope(categoryRules, scope)))
    .returning({ id: categoryRules.id });
  return deleted.length > 0;
}

/** How many rules this owner has: one user, or the client for itself. */
export async function countCategoryRules(scope: Scope, db: Executor): Promise<number> {
  const rows = await db
    .select({ count: sql<number>`count(*)::int` })
    .from(categoryRules)
    .where(
      and(
        eq(categoryRules.clientId, scope.clientId),
        scope.userId ? eq(categoryRules.userId, scope.userId) : isNull(categoryRules.userId),
      ),
    );
  return rows[0]?.count ?? 0;
}

/** The rules that hold for a user: his own, and those of his client. */
export async function listRulesFor(scope: UserScope, db: Executor): Promise<CategoryRuleRow[]> {
  return db
    .select()
    .from(categoryRules)
    .where(
      and(
        eq(categoryRules.clientId, scope.clientId),
        or(eq(categoryRules.userId, scope.userId), isNull(categoryRules.userId)),
      ),
    );
}
