import { and, count, eq, getTableColumns, gte, isNull, lte, max, min, not, or, sql } from 'drizzle-orm';
import type { Scope, UserScope } from '../domain/viewer.ts';
import type { CalendarDate } from '../kernel/calendar-date.ts';
import type { AccountId, TransactionId } from '../kernel/id.ts';
import { inScope, type Executor } from './scope.ts';
import { accounts } from './schema/accounts.ts';
import { categories, transactions } from './schema/transactions.ts';

export type TransactionRow = typeof transactions.$inferSelect;

/** What the comparison with a bank looks at: all that the bank says, and who has decided what. */
const comparedColumns = {
  id: transactions.id,
  status: transactions.status,
  type: transactions.type,
  amount: transactions.amount,
  currency: transactions.currency,
  originalAmount: transactions.originalAmount,
  originalCurrency: transactions.originalCurrency,
  exchangeRate: transactions.exchangeRate,
  datedOn: transactions.datedOn,
  bookedOn: transactions.bookedOn,
  valueOn: transactions.valueOn,
  transactedOn: transactions.transactedOn,
  label: transactions.label,
  labelSource: transactions.labelSource,
  providerLabel: transactions.providerLabel,
  bankText: transactions.bankText,
  counterpartyName: transactions.counterpartyName,
  counterpartyIban: transactions.counterpartyIban,
  merchantCategoryCode: transactions.merchantCategoryCode,
  bankTransactionCode: transactions.bankTransactionCode,
  bankTransactionId: transactions.bankTransactionId,
  entryReference: transactions.entryReference,
  endToEndId: transactions.endToEndId,
  mandateId: transactions.mandateId,
  creditorId: transactions.creditorId,
  checkId: transactions.checkId,
  categoryKey: transactions.categoryKey,
  categorySource: transactions.categorySource,
  matchedOn: transactions.matchedOn,
} as const;

/** A stored transaction as it is compared with what a bank shows. */
export type ComparedRow = Pick<TransactionRow, keyof typeof comparedColumns>;

/** What the store holds of an account since a day, and every pending entry whatever its day. */
export async function listStoredTransactions(
  scope: UserScope,
  db: Executor,
  accountId: AccountId,
  from: CalendarDate,
): Promise<ComparedRow[]> {
  return db
    .select(comparedColumns)
    .from(transactions)
    .where(isCompared(scope, accountId, from))
    .orderBy(transactions.datedOn, transactions.id);
}

/** Rows without any date of the bank: they stand on the day on which they were first seen. */
const isUndated = and(isNull(transactions.bookedOn), isNull(transactions.transactedOn), isNull(transactions.valueOn));

function isCompared(scope: UserScope, accountId: AccountId, from: CalendarDate) {
  return and(
    eq(transactions.accountId, accountId),
    or(gte(transactions.datedOn, from), eq(transactions.status, 'PENDING')),
    inScope(transactions, scope),
  );
}

/** The same as `listStoredTransactions`, but of these days alone, both included, or of what has no date. */
export async function listStoredOf(
  scope: UserScope,
  db: Executor,
  accountId: AccountId,
  from: CalendarDate,
  part: { readonly from: CalendarDate; readonly to: CalendarDate } | 'UNDATED',
): Promise<ComparedRow[]> {
  const ofPart =
    part === 'UNDATED'
      ? isUndated
      : and(not(isUndated ?? sql`false`), gte(transactions.datedOn, part.from), lte(transactions.datedOn, part.to));
  return db
    .select(comparedColumns)
    .from(transactions)
    .where(and(isCompared(scope, accountId, from), ofPart))
    .orderBy(transactions.datedOn, transactions.id);
}

/** How many rows `listStoredTransactions` would give for each day. */
export async function countStoredByDay(scope: UserScope, db: Executor, accountId: AccountId, from: CalendarDate) {
  return db
    .select({ day: transactions.datedOn, count: count() })
    .from(transactions)
    .where(isCompared(scope, accountId, from))
    .groupBy(transactions.datedOn);
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
    Pick<
      TransactionRow,
      | 'label'
      | 'labelSource'
      | 'providerLabel'
      | 'categoryKey'
      | 'categorySource'
      | 'modelCategoryKey'
      | 'notes'
      | 'updatedAt'
    >
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
