import { and, desc, eq, inArray, isNotNull, lt, sql } from 'drizzle-orm';
import type { UserScope } from '../domain/viewer.ts';
import type { CalendarDate } from '../kernel/calendar-date.ts';
import type { AccountId } from '../kernel/id.ts';
import { inScope, type Executor } from './scope.ts';
import { transactions } from './schema/transactions.ts';

/** An entry after which a bank could be asked for everything. */
export interface AnchorCandidate {
  readonly entryReference: string;
  /** When it was first seen. */
  readonly createdAt: Date;
}

/** So many of the newest are looked at: enough to get past a day of late entries. */
const maxCandidates = 50;

/**
 * Booked entries of an account that are dated before a day and that the bank's reference names alone, the newest first.
 * A reference that stands on several rows, void ones included, names none.
 */
export async function listAnchorCandidates(
  scope: UserScope,
  db: Executor,
  accountId: AccountId,
  before: CalendarDate,
): Promise<AnchorCandidate[]> {
  const here = and(eq(transactions.accountId, accountId), inScope(transactions, scope));
  const rows = await db
    .select({ entryReference: transactions.entryReference, createdAt: transactions.createdAt })
    .from(transactions)
    .where(
      and(
        here,
        eq(transactions.status, 'BOOKED'),
        isNotNull(transactions.entryReference),
        lt(transactions.datedOn, before),
      ),
    )
    .orderBy(desc(transactions.datedOn), desc(transactions.id))
    .limit(maxCandidates);
  const candidates = rows.flatMap(({ entryReference, createdAt }) =>
    entryReference === null ? [] : [{ entryReference, createdAt }],
  );
  if (candidates.length === 0) return [];
  const references = candidates.map(({ entryReference }) => entryReference);
  const repeated = await db
    .select({ entryReference: transactions.entryReference })
    .from(transactions)
    .where(and(here, inArray(transactions.entryReference, references)))
    .groupBy(transactions.entryReference)
    .having(sql`count(*) > 1`);
  const ambiguous = new Set(repeated.map(({ entryReference }) => entryReference));
  return candidates.filter(({ entryReference }) => !ambiguous.has(entryReference));
}
