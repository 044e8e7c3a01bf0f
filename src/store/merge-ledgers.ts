import { and, eq, sql, type SQL } from 'drizzle-orm';
import type { ChangeSet } from '../domain/change-set.ts';
import type { ChangeCounts } from '../domain/sync.ts';
import type { UserScope } from '../domain/viewer.ts';
import type { CalendarDate } from '../kernel/calendar-date.ts';
import type { AccountId, TransactionId } from '../kernel/id.ts';
import { applyChangeSet, inBatches } from './apply-change-set.ts';
import { carryDecisions } from './carry-decisions.ts';
import type { Tx } from './database.ts';
import { prepareChangeSet } from './prepare-change-set.ts';
import { transactions } from './schema/transactions.ts';
import { inScope } from './scope.ts';

/** Two rows that are one entry of one account: the row of the first account stays. */
export interface RowPair {
  readonly first: TransactionId;
  readonly second: TransactionId;
}

interface JoinedLedgers {
  /** What of the first account changes; it creates nothing. */
  readonly changes: ChangeSet;
  readonly pairs: readonly RowPair[];
}

interface Accounts {
  readonly first: AccountId;
  readonly second: AccountId;
}

/**
 * Writes one ledger of two in the caller's transaction, and says what changed in the first one; what was moved counts as
 * updated, since it has been created before. What a person decided of a row of the second account goes over to its pair
 * where nobody decided there.
 */
export async function writeMergedLedgers(
  scope: UserScope,
  tx: Tx,
  { first, second }: Accounts,
  { changes, pairs }: JoinedLedgers,
  now: Date,
): Promise<{ readonly counts: ChangeCounts; readonly oldestChangedOn: CalendarDate | null }> {
  const days: (CalendarDate | null)[] = [];
  for (const batch of inBatches(changes)) {
    const prepared = await prepareChangeSet(scope, first, batch, now);
    days.push((await applyChangeSet(tx, prepared, now)).oldestChangedOn);
  }
  const paired = asPairs(pairs);
  const decided = await carryDecisions(scope, tx, seconds(scope, paired), now);
  await tx.execute(sql`
    update transactions as old set superseded_by = pair.first from ${paired}
    where old.superseded_by = pair.second and old.account_id = ${second}
      and old.user_id = ${scope.userId} and old.client_id = ${scope.clientId}`);
  await tx.execute(sql`
    delete from transactions as old using ${paired}
    where old.id = pair.second and old.account_id = ${second}
      and old.user_id = ${scope.userId} and old.client_id = ${scope.clientId}`);
  const moved = await tx
    .update(transactions)
    .set({ accountId: first, updatedAt: now })
    .where(and(eq(transactions.accountId, second), inScope(transactions, scope)))
    .returning({ datedOn: transactions.datedOn });
  const updated = new Set([...changes.updated, ...decided].map(({ id }) => id));
  days.push(...decided.map((row) => row.dated_on), ...moved.map((row) => row.datedOn));
  return {
    counts: {
      created: 0,
      updated: updated.size + moved.length,
      voided: changes.voided.length,
      unchanged: pairs.length - updated.size,
    },
    oldestChangedOn: days.reduce(
      (oldest, day) => (oldest === null || (day !== null && day < oldest) ? day : oldest),
      null,
    ),
  };
}

function asPairs(pairs: readonly RowPair[]): SQL {
  return sql`json_to_recordset(${JSON.stringify(pairs)}::text::json) as pair(first text, second text)`;
}

/** The rows of the second account, for the rows of the first that they are. */
function seconds(scope: UserScope, paired: SQL): SQL {
  return sql`
    select pair.first as heir_id, row.category_key, row.category_source, row.model_category_key, row.label,
      row.label_source, row.notes, row.settled_card_id
    from ${paired}, transactions as row
    where row.id = pair.second and row.user_id = ${scope.userId} and row.client_id = ${scope.clientId}`;
}
