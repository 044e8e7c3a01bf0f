import { and, eq, sql, type SQL } from 'drizzle-orm';
import type { ChangeSet } from '../domain/change-set.ts';
import type { ChangeCounts } from '../domain/sync.ts';
import type { UserScope } from '../domain/viewer.ts';
import type { CalendarDate } from '../kernel/calendar-date.ts';
import type { AccountId, TransactionId } from '../kernel/id.ts';
import { applyChangeSet, inBatches } from './apply-change-set.ts';
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

interface DatedRow extends Record<string, unknown> {
  readonly id: TransactionId;
  readonly dated_on: CalendarDate;
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
  const decided = await carryDecisions(scope, tx, paired, now);
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

const isCategoryCarried = sql.raw(`(second.category_source = 'USER' and old.category_source is distinct from 'USER')`);
const isLabelCarried = sql.raw(`(second.label_source = 'USER' and old.label_source <> 'USER')`);

/** What was decided, noted or found out of a row of the second account alone. */
async function carryDecisions(scope: UserScope, tx: Tx, paired: SQL, now: Date): Promise<readonly DatedRow[]> {
  return tx.execute<DatedRow>(sql`
    update transactions as old set
      category_key = case when ${isCategoryCarried} then second.category_key else old.category_key end,
      category_source = case when ${isCategoryCarried} then second.category_source else old.category_source end,
      model_category_key = case when ${isCategoryCarried} then second.model_category_key else old.model_category_key end,
      label = case when ${isLabelCarried} then second.label else old.label end,
      label_source = case when ${isLabelCarried} then second.label_source else old.label_source end,
      provider_label = case when ${isLabelCarried} then old.label else old.provider_label end,
      notes = coalesce(old.notes, second.notes),
      settled_card_id = coalesce(old.settled_card_id, second.settled_card_id),
      updated_at = ${now.toISOString()}::timestamptz
    from ${paired}, transactions as second
    where old.id = pair.first and old.user_id = ${scope.userId} and old.client_id = ${scope.clientId}
      and second.id = pair.second and second.user_id = ${scope.userId} and second.client_id = ${scope.clientId}
      and (${isCategoryCarried} or ${isLabelCarried} or (old.notes is null and second.notes is not null)
        or (old.settled_card_id is null and second.settled_card_id is not null))
    returning old.id, old.dated_on::text as dated_on`);
}
