import { sql, type SQL } from 'drizzle-orm';
import type { ChangeSet, VoidedTransaction } from '../domain/change-set.ts';
import { noChanges, type ChangeCounts } from '../domain/sync.ts';
import type { UserScope } from '../domain/viewer.ts';
import type { CalendarDate } from '../kernel/calendar-date.ts';
import { carryDecisions, type DatedRow } from './carry-decisions.ts';
import { copyRows, type CopyPieces } from './copy-rows.ts';
import { clientOf, type Tx } from './database.ts';
import type { PreparedChangeSet } from './prepare-change-set.ts';
import { recordOf, type TransactionRecord } from './transaction-record.ts';

/** How many rows one short transaction writes at most: the user's other writes wait no longer than this takes. */
const maxRowsPerBatch = 5_000;

/** Cuts a change set into parts that each fit into one short transaction; there is always at least one. */
export function* inBatches(changes: ChangeSet): Generator<ChangeSet> {
  const rest = { created: changes.created, updated: changes.updated, voided: changes.voided };
  do {
    const created = rest.created.slice(0, maxRowsPerBatch);
    const updated = rest.updated.slice(0, maxRowsPerBatch - created.length);
    const voided = rest.voided.slice(0, maxRowsPerBatch - created.length - updated.length);
    rest.created = rest.created.slice(created.length);
    rest.updated = rest.updated.slice(updated.length);
    rest.voided = rest.voided.slice(voided.length);
    yield { created, updated, voided, unchanged: isSpent(rest) ? changes.unchanged : 0 };
  } while (!isSpent(rest));
}

function isSpent(rest: Omit<ChangeSet, 'unchanged'>): boolean {
  return rest.created.length + rest.updated.length + rest.voided.length === 0;
}

/**
 * Writes a change set of one account in the caller's transaction and says what changed. Rows that do not change are
 * not touched, and what a person decided is left alone even when he decided it while the sync was reading; what he decided
 * of rows that are void now goes over to the one that took their place. The change set should be one batch of `inBatches`.
 */
export async function applyChangeSet(
  tx: Tx,
  prepared: PreparedChangeSet,
  now: Date,
): Promise<{ counts: ChangeCounts; oldestChangedOn: CalendarDate | null }> {
  const { scope, accountId, changes } = prepared;
  const { created, updated, voided } = changes;
  const at = now.toISOString();
  if (created.length > 0) await insertRows(tx, prepared);
  if (updated.length > 0) {
    const records = updated.map((one) => recordOf(one, { scope, accountId, id: one.id, matchedOn: one.matchedOn, at }));
    await updateRows(scope, tx, records);
  }
  if (voided.length > 0) await voidRows(scope, tx, voided, now);
  const heirs = await bequeath(scope, tx, voided, now);
  // Of a large change set the new rows were written before, in batches of their own.
  const counted = new Set([...created, ...updated].map(({ id }) => id));
  const older = heirs.filter(({ id }) => !counted.has(id));
  const days = [...[...created, ...updated, ...voided].map((one) => one.datedOn), ...older.map((row) => row.dated_on)];
  return {
    counts: {
      ...noChanges,
      created: created.length,
      updated: updated.length + older.length,
      voided: voided.length,
      unchanged: changes.unchanged,
    },
    oldestChangedOn: days.reduce<CalendarDate | null>((oldest, day) => (!oldest || day < oldest ? day : oldest), null),
  };
}

/** The rows as a set of the table's own type: one parameter whatever their number, so the statement's text is stable. */
function asRows(rows: readonly TransactionRecord[]): SQL {
  return sql`json_populate_recordset(null::transactions, ${JSON.stringify(rows)}::text::json)`;
}

async function insertRows(tx: Tx, { copy, newRecords }: PreparedChangeSet): Promise<void> {
  if (copy && (await isCopied(tx, copy))) return;
  await tx.execute(sql`insert into transactions select * from ${asRows(newRecords())}`);
}

/** False, with nothing written, when COPY is refused: the plain statement then says why, or may do what COPY may not. */
async function isCopied(tx: Tx, copy: CopyPieces): Promise<boolean> {
  try {
    await tx.transaction(async (inner) => copyRows(clientOf(inner), 'transactions', copy));
    return true;
  } catch {
    return false;
  }
}

/** Everything the bank tells is taken over; label and category only where nobody stronger has decided. */
async function updateRows(scope: UserScope, tx: Tx, rows: readonly TransactionRecord[]): Promise<void> {
  await tx.execute(sql`
    update transactions as old set
      status = new.status, type = new.type, amount = new.amount, currency = new.currency, dated_on = new.dated_on,
      original_amount = new.original_amount, original_currency = new.original_currency,
      exchange_rate = new.exchange_rate,
      booked_on = new.booked_on, value_on = new.value_on, transacted_on = new.transacted_on,
      label = case when old.label_source = 'PROVIDER' then new.label else old.label end,
      provider_label = case when old.label_source = 'PROVIDER' then null else new.label end,
      bank_text = new.bank_text, counterparty_name = new.counterparty_name, counterparty_iban = new.counterparty_iban,
      merchant_category_code = new.merchant_category_code, bank_transaction_code = new.bank_transaction_code,
      bank_transaction_id = new.bank_transaction_id, entry_reference = new.entry_reference,
      end_to_end_id = new.end_to_end_id, mandate_id = new.mandate_id, creditor_id = new.creditor_id,
      check_id = new.check_id, bank_digest = new.bank_digest,
      category_key = case when ${isOfPerson} then old.category_key else new.category_key end,
      category_source = case when ${isOfPerson} then old.category_source else new.category_source end,
      model_category_key = case when ${isOfPerson} or ${isByRule} then new.model_category_key end,
      void_reason = null, superseded_by = null, matched_on = new.matched_on, updated_at = new.updated_at
    from ${asRows(rows)} as new
    where old.id = new.id and old.user_id = ${scope.userId} and old.client_id = ${scope.clientId}`);
}

/** A person has decided the category of the row, perhaps while the sync was reading. */
const isOfPerson = sql.raw(`old.category_source is not distinct from 'USER'`);
/** A rule decides it now: the model's word is kept behind it. */
const isByRule = sql.raw(`new.category_source in ('USER_RULE', 'CLIENT_RULE')`);

async function voidRows(scope: UserScope, tx: Tx, rows: readonly VoidedTransaction[], now: Date): Promise<void> {
  const given = JSON.stringify(
    rows.map((row) => ({ id: row.id, void_reason: row.reason, superseded_by: row.supersededBy })),
  );
  await tx.execute(sql`
    update transactions as old
    set status = 'VOID', void_reason = new.void_reason, superseded_by = new.superseded_by, updated_at = ${now.toISOString()}::timestamptz
    from json_populate_recordset(null::transactions, ${given}::text::json) as new
    where old.id = new.id and old.user_id = ${scope.userId} and old.client_id = ${scope.clientId}`);
}

/**
 * What a person decided of void rows goes over to their successor, where all that it succeeds agree in it: of several
 * that became one, the word on one of them is not that on the whole.
 */
async function bequeath(
  scope: UserScope,
  tx: Tx,
  rows: readonly VoidedTransaction[],
  now: Date,
): Promise<readonly DatedRow[]> {
  const succeeded = rows.filter(({ supersededBy }) => supersededBy !== null);
  if (succeeded.length === 0) return [];
  const given = JSON.stringify(succeeded.map(({ id, supersededBy }) => ({ id, superseded_by: supersededBy })));
  const agreed = sql`
    select given.superseded_by as heir_id,
      min(row.category_key) as category_key,
      case when bool_and(row.category_source is not distinct from 'USER')
        and count(distinct row.category_key) = 1 then 'USER' end as category_source,
      null as model_category_key,
      min(row.label) as label,
      case when bool_and(row.label_source = 'USER') and count(distinct row.label) = 1 then 'USER' end as label_source,
      case when bool_and(row.notes is not null) and count(distinct row.notes) = 1 then min(row.notes) end as notes,
      null as settled_card_id
    from json_populate_recordset(null::transactions, ${given}::text::json) as given
    join transactions as row on row.id = given.id
    where row.user_id = ${scope.userId} and row.client_id = ${scope.clientId}
    group by given.superseded_by`;
  return carryDecisions(scope, tx, agreed, now);
}
