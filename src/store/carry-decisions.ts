import { sql, type SQL } from 'drizzle-orm';
import type { UserScope } from '../domain/viewer.ts';
import type { CalendarDate } from '../kernel/calendar-date.ts';
import type { TransactionId } from '../kernel/id.ts';
import type { Tx } from './database.ts';

export interface DatedRow extends Record<string, unknown> {
  readonly id: TransactionId;
  readonly dated_on: CalendarDate;
}

const isCategoryCarried = sql.raw(`(former.category_source = 'USER' and heir.category_source is distinct from 'USER')`);
const isLabelCarried = sql.raw(`(former.label_source = 'USER' and heir.label_source <> 'USER')`);

/** What the model said of the heir, in force or behind the word of a rule. */
const ownModelWord = sql.raw(
  `case when heir.category_source in ('USER_RULE', 'CLIENT_RULE') then heir.model_category_key
        when heir.category_source is not null then heir.category_key end`,
);

/**
 * Hands on what a person decided, or was found out, of rows that are no more, to rows of the user where that is not
 * decided yet; says which rows it changed. `formers` is a query of `heir_id` and the columns below. A row that this very
 * transaction has written keeps the time of it, so that a new one is still new to whoever reads the changes.
 */
export async function carryDecisions(scope: UserScope, tx: Tx, formers: SQL, now: Date): Promise<readonly DatedRow[]> {
  return tx.execute<DatedRow>(sql`
    update transactions as heir set
      category_key = case when ${isCategoryCarried} then former.category_key else heir.category_key end,
      category_source = case when ${isCategoryCarried} then former.category_source else heir.category_source end,
      model_category_key = case
        when ${isCategoryCarried} then coalesce(former.model_category_key, ${ownModelWord})
        else heir.model_category_key end,
      label = case when ${isLabelCarried} then former.label else heir.label end,
      label_source = case when ${isLabelCarried} then former.label_source else heir.label_source end,
      provider_label = case when ${isLabelCarried} then heir.label else heir.provider_label end,
      notes = coalesce(heir.notes, former.notes),
      settled_card_id = coalesce(heir.settled_card_id, former.settled_card_id),
      updated_at = case
        when heir.changed_xid = pg_current_xact_id() then heir.updated_at
        else ${now.toISOString()}::timestamptz end
    from (${formers}) as former
    where heir.id = former.heir_id and heir.user_id = ${scope.userId} and heir.client_id = ${scope.clientId}
      and (${isCategoryCarried} or ${isLabelCarried} or (heir.notes is null and former.notes is not null)
        or (heir.settled_card_id is null and former.settled_card_id is not null))
    returning heir.id, heir.dated_on::text as dated_on`);
}
