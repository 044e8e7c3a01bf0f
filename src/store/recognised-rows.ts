import { and, eq, gte, lt, or, sql } from 'drizzle-orm';
import type { UserScope } from '../domain/viewer.ts';
import type { CalendarDate } from '../kernel/calendar-date.ts';
import type { AccountId } from '../kernel/id.ts';
import { inScope, type Executor } from './scope.ts';
import { transactions } from './schema/transactions.ts';
import { comparedColumns, isRecognisable } from './transactions.ts';

/** What is stored of a day, as short as can be. */
export interface DayDigests {
  readonly day: CalendarDate;
  /** The digests of the day's booked rows, of 16 bytes each, in order; twins have one each. */
  readonly digests: Uint8Array;
  /** Those among them that belong to a row of which nobody has decided the category. */
  readonly undecided: Uint8Array;
  /** How many rows have none. */
  readonly others: number;
}

/** The digests of an account from one day up to, but without, another one; null for all days after. */
export async function listDigests(
  scope: UserScope,
  db: Executor,
  accountId: AccountId,
  days: { readonly from: CalendarDate; readonly before: CalendarDate | null },
): Promise<DayDigests[]> {
  const joined = (condition = sql``) => sql<Uint8Array>`coalesce(string_agg(uuid_send(${transactions.bankDigest}), ''
    order by ${transactions.bankDigest}) filter (where ${isRecognisable} ${condition}), '')`;
  return db
    .select({
      day: transactions.datedOn,
      digests: joined(),
      undecided: joined(sql`and ${transactions.categorySource} is null`),
      others: sql<number>`(count(*) filter (where (${isRecognisable}) is not true))::int`,
    })
    .from(transactions)
    .where(
      and(
        eq(transactions.accountId, accountId),
        gte(transactions.datedOn, days.from),
        days.before === null ? undefined : lt(transactions.datedOn, days.before),
        inScope(transactions, scope),
      ),
    )
    .groupBy(transactions.datedOn);
}

/** What an entry may be referred to by. */
export interface References {
  readonly bankTransactionIds: ReadonlySet<string>;
  readonly entryReferences: ReadonlySet<string>;
  readonly endToEndIds: ReadonlySet<string>;
}

/** The rows with a digest, since a day, that carry any of these references. */
export async function listByReference(
  scope: UserScope,
  db: Executor,
  accountId: AccountId,
  from: CalendarDate,
  { bankTransactionIds, entryReferences, endToEndIds }: References,
) {
  if (bankTransactionIds.size + entryReferences.size + endToEndIds.size === 0) return [];
  const isAny = (column: unknown, values: ReadonlySet<string>) =>
    sql`${column} in (select json_array_elements_text(${JSON.stringify([...values])}::text::json))`;
  return db
    .select({ ...comparedColumns, bankDigest: transactions.bankDigest })
    .from(transactions)
    .where(
      and(
        eq(transactions.accountId, accountId),
        gte(transactions.datedOn, from),
        isRecognisable,
        or(
          isAny(transactions.bankTransactionId, bankTransactionIds),
          isAny(transactions.entryReference, entryReferences),
          isAny(transactions.endToEndId, endToEndIds),
        ),
        inScope(transactions, scope),
      ),
    );
}
