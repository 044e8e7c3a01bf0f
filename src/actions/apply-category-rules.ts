import { compileRules, decideWithoutPerson, factsOfRow, type StoredDecision } from '../domain/category-rule.ts';
import type { NewEvent } from '../domain/event.ts';
import { noChanges } from '../domain/sync.ts';
import { scopeOfOwner, scopeOfRow, type UserScope } from '../domain/viewer.ts';
import { listRulesFor } from '../store/category-rules.ts';
import { categoryRulesRunKey, enqueue, type TaskPayloads } from '../store/jobs.ts';
import { inUserTransaction, type UserTransaction } from '../store/log.ts';
import {
  findNextUserId,
  listStoredCategories,
  updateCategories,
  type CategoryChange,
  type LedgerPlace,
} from '../store/stored-categories.ts';
import type { ActionContext } from './context.ts';

/** How many rows one short transaction looks at: the user's other writes wait no longer than this takes. */
const rowsPerBatch = 1_000;
/** How many users one job walks over before it hands on to the next one, long before it would pass for abandoned. */
const usersPerJobMax = 200;

type Context = Pick<ActionContext, 'database' | 'clock'>;

/**
 * Decides the categories of stored transactions anew, after a rule came or went: of one user, or of all users of the
 * client, one after another. It only makes the rows say what the rules of this moment say, so it may die at any line, be
 * done twice, and run beside itself or a sync. Where `signal` aborts, a job is left that goes on. Appends
 * transactions.changed for what changes.
 */
export async function applyCategoryRules(
  context: Context,
  payload: TaskPayloads['apply-category-rules'],
  signal: AbortSignal,
): Promise<void> {
  const { db } = context.database;
  const owner = scopeOfOwner(payload);
  let { afterUserId } = payload;
  for (let walked = 0; ; walked += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one user after another, so that nobody waits for long
    const userId = await findNextUserId(owner, db, afterUserId);
    if (userId === null) return;
    const scope = scopeOfRow({ clientId: owner.clientId, userId });
    // oxlint-disable-next-line no-await-in-loop -- as above
    if (walked === usersPerJobMax || !(await decideAnew(context, scope, signal))) {
      // oxlint-disable-next-line no-await-in-loop -- the last thing that it does
      await handOn(context, { ...payload, afterUserId });
      return;
    }
    afterUserId = userId;
  }
}

/** A job that is done twice leaves one successor: it has the key of the run. */
async function handOn({ database }: Context, payload: TaskPayloads['apply-category-rules']): Promise<void> {
  await database.db.transaction((tx) =>
    enqueue(tx, 'apply-category-rules', payload, { jobKey: categoryRulesRunKey(payload.ruleId) }),
  );
}

/** All transactions of one user; false when it was aborted between two batches. */
async function decideAnew(context: Context, scope: UserScope, signal: AbortSignal): Promise<boolean> {
  let after: LedgerPlace | null = null;
  do {
    if (signal.aborted) return false;
    const from: LedgerPlace | null = after;
    // oxlint-disable-next-line no-await-in-loop -- the place of a batch is the end of the one before
    after = await inUserTransaction(context.database, scope, (transaction) =>
      decideBatch(transaction, from, context.clock.now()),
    );
  } while (after);
  return true;
}

/** Gives the place where the next batch begins, or null after the last one. */
async function decideBatch(
  { tx, scope, append }: UserTransaction,
  after: LedgerPlace | null,
  now: Date,
): Promise<LedgerPlace | null> {
  // Read under the user's lock, batch by batch: what a sync writes meanwhile is decided by rules that it reads itself.
  const decide = compileRules(await listRulesFor(scope, tx));
  const rows = await listStoredCategories(scope, tx, after, rowsPerBatch);
  const changed = rows
    .filter((row) => row.categorySource !== 'USER')
    .map((row) => ({ row, decision: decideWithoutPerson(decide(factsOfRow(row)), row) }))
    .filter(({ row, decision }) => !isSame(decision, row));
  const changes = changed.map(({ row, decision }): CategoryChange => ({ id: row.id, ...decision }));
  if (changes.length > 0) await updateCategories(scope, tx, changes, now);
  await append(now, ...changedEvents(changed.map(({ row }) => row)));
  const last = rows.at(-1);
  return last && rows.length === rowsPerBatch ? { datedOn: last.datedOn, id: last.id } : null;
}

function isSame(decision: StoredDecision, row: StoredDecision): boolean {
  return (
    decision.categoryKey === row.categoryKey &&
    decision.categorySource === row.categorySource &&
    decision.modelCategoryKey === row.modelCategoryKey
  );
}

type Changed = Awaited<ReturnType<typeof listStoredCategories>>[number];

/** The rows come in the order of their days, so the first is the oldest. */
function changedEvents(changed: readonly Changed[]): NewEvent[] {
  return [...Map.groupBy(changed, (row) => row.accountId).values()].flatMap((rows) => {
    const [oldest] = rows;
    if (!oldest) return [];
    const { connectionId, accountId, datedOn: oldestChangedOn } = oldest;
    const counts = { ...noChanges, updated: rows.length };
    return [{ type: 'transactions.changed', facts: { connectionId, accountId, counts, oldestChangedOn } }];
  });
}
