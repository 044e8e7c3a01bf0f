import { and, count, eq, getTableColumns, gte, isNotNull, isNull, lt, lte, max, min, not, or, sql } from 'drizzle-orm';
import type { Scope, UserScope } from '../domain/viewer.ts';
import type { CalendarDate } from '../kernel/calendar-date.ts';
import type { AccountId, TransactionId } from '../kernel/id.ts';
import { inScope, type Executor } from './scope.ts';
import { accounts } from './schema/accounts.ts';
import { categories, transactions } from './schema/transactions.ts';

export type TransactionRow = typeof transactions.$inferSelect;

/** What the comparison with a bank looks at: all that the bank says, and who has decided what. */
export const comparedColumns = {
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

/** Days, both included; up to now and beyond where `to` is null. */
export interface DaySpan {
  readonly from: CalendarDate;
  readonly to: CalendarDate | null;
}

/** What the store holds of an account in these days, and every pending entry whatever its day. */
export async function listStoredTransactions(
  scope: UserScope,
  db: Executor,
  accountId: AccountId,
  spans: readonly DaySpan[],
): Promise<ComparedRow[]> {
  return db
    .select(comparedColumns)
    .from(transactions)
    .where(isCompared(scope, accountId, spans))
    .orderBy(transactions.datedOn, transactions.id);
}

/** Rows without any date of the bank: they stand on the day on which they were first seen. */
const isUndated = and(isNull(transactions.bookedOn), isNull(transactions.transactedOn), isNull(transactions.valueOn));

function isCompared(scope: UserScope, accountId: AccountId, spans: readonly DaySpan[]) {
  const isOfSpan = spans.map(({ from, to }) =>
    and(gte(transactions.datedOn, from), to === null ? undefined : lte(transactions.datedOn, to)),
  );
  return and(
    eq(transactions.accountId, accountId),
    or(...isOfSpan, eq(transactions.status, 'PENDING')),
    inScope(transactions, scope),
  );
}

/** A row with a digest is booked, whatever it was before: a pending one has none, and a void one does not count. */
export const isRecognisable = and(eq(transactions.status, 'BOOKED'), isNotNull(transactions.bankDigest));

/**
 * The same as `listStoredTransactions`, but of these days alone, both included, or of what has no date; and since the
 * day from which rows were recognised by their digests, only rows without a digest and those with one of `digestsLeft`.
 */
export async function listStoredOf(
  scope: UserScope,
  db: Executor,
  accountId: AccountId,
  spans: readonly DaySpan[],
  part: { readonly from: CalendarDate; readonly to: CalendarDate } | 'UNDATED',
  recognised: { readonly since: CalendarDate | null; readonly digestsLeft: readonly string[] },
) {
  const ofPart =
    part === 'UNDATED'
      ? isUndated
      : and(not(isUndated ?? sql`false`), gte(transactions.datedOn, part.from), lte(transactions.datedOn, part.to));
  const { since, digestsLeft } = recognised;
  const left = sql`${transactions.bankDigest} in (
    select digest::uuid from json_array_elements_text(${JSON.stringify(digestsLeft)}::text::json) as digest)`;
  const isLeft =
    since === null ? undefined : or(lt(transactions.datedOn, since), not(isRecognisable ?? sql`false`), left);
  return db
    .select({ ...comparedColumns, bankDigest: transactions.bankDigest })
    .from(transactions)
    .where(and(isCompared(scope, accountId, spans), ofPart, isLeft))
    .orderBy(transactions.datedOn, transactions.id);
}

/** How many rows `listStoredTransactions` would give for each day before another one; null for all days. */
export async function countStoredByDay(
  scope: UserScope,
  db: Executor,
  accountId: AccountId,
  spans: readonly DaySpan[],
  before: CalendarDate | null,
) {
  return db
    .select({ day: transactions.datedOn, count: count() })
    .from(transactions)
    .where(and(isCompared(scope, accountId, spans), before === null ? undefined : lt(transactions.datedOn, before)))
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
