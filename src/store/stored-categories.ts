import { and, asc, eq, gt, isNull, sql } from 'drizzle-orm';
import type { StoredDecision } from '../domain/category-rule.ts';
import type { Scope, UserScope } from '../domain/viewer.ts';
import type { CalendarDate } from '../kernel/calendar-date.ts';
import type { TransactionId, UserId } from '../kernel/id.ts';
import { accounts } from './schema/accounts.ts';
import { users } from './schema/clients.ts';
import { transactions } from './schema/transactions.ts';
import { inScope, type Executor } from './scope.ts';

/** Where in a user's transactions, by day and id, a walk over them stands. */
export interface LedgerPlace {
  readonly datedOn: CalendarDate;
  readonly id: TransactionId;
}

/**
 * The next transactions of a user, VOID ones too, with what rules look at and who has decided the category. Those whose
 * account is deleted are left out.
 */
export async function listStoredCategories(scope: UserScope, db: Executor, after: LedgerPlace | null, limit: number) {
  return db
    .select({
      id: transactions.id,
      accountId: transactions.accountId,
      connectionId: accounts.connectionId,
      datedOn: transactions.datedOn,
      amount: transactions.amount,
      counterpartyName: transactions.counterpartyName,
      label: transactions.label,
      labelSource: transactions.labelSource,
      providerLabel: transactions.providerLabel,
      bankText: transactions.bankText,
      categoryKey: transactions.categoryKey,
      categorySource: transactions.categorySource,
      modelCategoryKey: transactions.modelCategoryKey,
    })
    .from(transactions)
    .innerJoin(
      accounts,
      and(
        eq(accounts.id, transactions.accountId),
        eq(accounts.userId, transactions.userId),
        isNull(accounts.deletedAt),
      ),
    )
    .where(
      and(
        inScope(transactions, scope),
        after ? sql`(${transactions.datedOn}, ${transactions.id}) > (${after.datedOn}, ${after.id})` : undefined,
      ),
    )
    .orderBy(asc(transactions.datedOn), asc(transactions.id))
    .limit(limit);
}

/** A transaction that gets another category. */
export interface CategoryChange extends StoredDecision {
  readonly id: TransactionId;
}

/** Writes these categories; what a person has decided is left alone. */
export async function updateCategories(
  scope: UserScope,
  db: Executor,
  changes: readonly CategoryChange[],
  now: Date,
): Promise<void> {
  const given = JSON.stringify(
    changes.map(({ id, categoryKey, categorySource, modelCategoryKey }) => ({
      id,
      category_key: categoryKey,
      category_source: categorySource,
      model_category_key: modelCategoryKey,
    })),
  );
  await db.execute(sql`
    update transactions as old
    set category_key = new.category_key, category_source = new.category_source,
      model_category_key = new.model_category_key, updated_at = ${now.toISOString()}::timestamptz
    from json_populate_recordset(null::transactions, ${given}::text::json) as new
    where old.id = new.id and old.user_id = ${scope.userId} and old.client_id = ${scope.clientId}
      and old.category_source is distinct from 'USER'`);
}

/** The user of the scope whose id follows, or null after the last one. */
export async function findNextUserId(scope: Scope, db: Executor, after: UserId | null): Promise<UserId | null> {
  const [row] = await db
    .select({ id: users.id })
    .from(users)
    .where(
      and(
        eq(users.clientId, scope.clientId),
        scope.userId ? eq(users.id, scope.userId) : undefined,
        after ? gt(users.id, after) : undefined,
      ),
    )
    .orderBy(asc(users.id))
    .limit(1);
  return row?.id ?? null;
}
