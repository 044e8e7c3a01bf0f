import { and, asc, eq, gte, inArray, isNotNull, isNull, max, sql } from 'drizzle-orm';
import type { UserScope } from '../domain/viewer.ts';
import type { CalendarDate } from '../kernel/calendar-date.ts';
import type { AccountId, TransactionId } from '../kernel/id.ts';
import { inScope, type Executor } from './scope.ts';
import { transactions } from './schema/transactions.ts';

const isSettlement = eq(transactions.type, 'CREDIT_CARD_PAYMENT');
const isBooked = eq(transactions.status, 'BOOKED');

/** Booked settlements of cards on these accounts since a day, of which the card is not known yet; the oldest first. */
export async function listOpenSettlements(
  scope: UserScope,
  db: Executor,
  accountIds: readonly AccountId[],
  from: CalendarDate,
) {
  const { id, accountId, datedOn, amount, currency, bankText } = transactions;
  return db
    .select({ id, accountId, datedOn, amount, currency, bankText })
    .from(transactions)
    .where(
      and(
        inArray(accountId, [...accountIds]),
        isSettlement,
        isBooked,
        isNull(transactions.settledCardId),
        gte(datedOn, from),
        inScope(transactions, scope),
      ),
    )
    .orderBy(asc(datedOn), asc(id));
}

/** What is booked on these cards since a day. */
export async function listCardEntries(
  scope: UserScope,
  db: Executor,
  cardIds: readonly AccountId[],
  from: CalendarDate,
) {
  const { accountId, datedOn, amount, type } = transactions;
  return db
    .select({ accountId, datedOn, amount, type })
    .from(transactions)
    .where(and(inArray(accountId, [...cardIds]), isBooked, gte(datedOn, from), inScope(transactions, scope)));
}

/** The last day on which each card is known to have been settled. */
export async function findLastSettlements(
  scope: UserScope,
  db: Executor,
  accountIds: readonly AccountId[],
): Promise<Map<AccountId, CalendarDate>> {
  const { settledCardId, datedOn } = transactions;
  const rows = await db
    .select({ cardId: settledCardId, on: max(datedOn) })
    .from(transactions)
    .where(
      and(
        inArray(transactions.accountId, [...accountIds]),
        isSettlement,
        isBooked,
        isNotNull(settledCardId),
        inScope(transactions, scope),
      ),
    )
    .groupBy(settledCardId);
  return new Map(rows.flatMap(({ cardId, on }) => (cardId !== null && on !== null ? [[cardId, on] as const] : [])));
}

/** Writes down which card a settlement settles. */
export async function linkSettlement(
  scope: UserScope,
  db: Executor,
  link: { readonly id: TransactionId; readonly settledCardId: AccountId },
  now: Date,
): Promise<void> {
  await db
    .update(transactions)
    .set({ settledCardId: link.settledCardId, updatedAt: now })
    .where(and(eq(transactions.id, link.id), sql`${transactions.settledCardId} is null`, inScope(transactions, scope)));
}

/** Says of what settles one card that it settles another one, for both are one; gives what was changed. */
export async function relinkSettlements(
  scope: UserScope,
  db: Executor,
  card: { readonly from: AccountId; readonly to: AccountId },
  now: Date,
) {
  const { accountId, datedOn } = transactions;
  return db
    .update(transactions)
    .set({ settledCardId: card.to, updatedAt: now })
    .where(and(eq(transactions.settledCardId, card.from), inScope(transactions, scope)))
    .returning({ accountId, datedOn });
}
