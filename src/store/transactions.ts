import { and, eq, getTableColumns, gte, lte, max, min, or, sql } from 'drizzle-orm';
import type { Scope, UserScope } from '../domain/viewer.ts';
import type { CalendarDate } from '../kernel/calendar-date.ts';
import type { AccountId, TransactionId } from '../kernel/id.ts';
import { inScope, type Executor } from './scope.ts';
import { accounts } from './schema/accounts.ts';
import { categories, transactions } from './schema/transactions.ts';

export type TransactionRow = typeof transactions.$inferSelect;

/** What the store holds of an account since a day, and every pending entry whatever its day. */
export async function listStoredTransactions(
  scope: UserScope,
  db: Executor,
  accountId: AccountId,
  from: CalendarDate,
): Promise<TransactionRow[]> {
  return db
    .select()
    .from(transactions)
    .where(
      and(
        eq(transactions.accountId, accountId),
        or(gte(transactions.datedOn, from), eq(transactions.status, 'PENDING')),
        inScope(transactions, scope),
      ),
    )
    .orderBy(transactions.datedOn, transactions.id);
}

/** The newest booked day up to `today`, and the day of the oldest pending entry: what the next window starts from. */
export async function findLedgerEdges(
  scope: UserScope,
  db: Executor,
  accountId: AccountId,
  today: CalendarDate,
): Promise<{ newestBookedOn: CalendarDate | null; oldestPendingOn: CalendarDate | null }> {
  const here = and(eq(transactions.accountId, accountId), inScope(transactions, scope));
  const [booked] = await db
    .select({ on: max(transactions.datedOn) })
    .from(transactions)
    .where(and(here, eq(transactions.status, 'BOOKED'), lte(transactions.datedOn, today)));
  const [pending] = await db
    .select({ on: min(transactions.datedOn) })
    .from(transactions)
    .where(and(here, eq(transactions.status, 'PENDING')));
  return { newestBookedOn: booked?.on ?? null, oldestPendingOn: pending?.on ?? null };
}

/** A transaction with the connection of its account; undefined outside of the scope or when the account is deleted. */
export async function findTransaction(scope: Scope, db: Executor, id: TransactionId) {
  const [row] = await db
    .select({ ...getTableColumns(transactions), connectionId: accounts.connectionId })
    .from(transactions)
    .innerJoin(
      accounts,
      and(
        eq(accounts.id, transactions.accountId),
        eq(accounts.userId, transactions.userId),
        sql`${accounts.deletedAt} is null`,
      ),
    )
    .where(and(eq(transactions.id, id), inScope(transactions, scope)));
  return row;
}

/** Changes what a person decides about a transaction. */
export async function updateDecisions(
  scope: UserScope,
  db: Executor,
  id: TransactionId,
  change: Partial<
    Pick<TransactionRow, 'label' | 'labelSource' | 'categoryKey' | 'categorySource' | 'notes' | 'updatedAt'>
  >,
): Promise<void> {
  await db
    .update(transactions)
    .set(change)
    .where(and(eq(transactions.id, id), inScope(transactions, scope)));
}

/** True when there is a category of this key. */
export async function isCategory(db: Executor, key: string): Promise<boolean> {
  const rows = await db.select({ key: categories.key }).from(categories).where(eq(categories.key, key));
  return rows.length > 0;
}
