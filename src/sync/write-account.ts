import { compileRules, type CategoryRule } from '../domain/category-rule.ts';
import type { ChangeSet } from '../domain/change-set.ts';
import { addCounts, noChanges, type ChangeCounts } from '../domain/sync.ts';
import { findLiveAccount, type AccountRow } from '../store/accounts.ts';
import { applyChangeSet, inBatches } from '../store/apply-change-set.ts';
import { listRulesFor } from '../store/category-rules.ts';
import type { UserTransaction } from '../store/log.ts';
import { prepareChangeSet, type PreparedChangeSet } from '../store/prepare-change-set.ts';
import { updateStep, type SyncStepRow } from '../store/syncs.ts';
import { applyRules } from './apply-rules.ts';
import { addMovements, type Movement } from './books.ts';
import { categorize } from './categorize.ts';
import { enrich } from './enrich.ts';
import type { Reconciliation } from './reconcile.ts';
import { commit, type Run } from './run.ts';

/** The person deleted the account while it was being read: nothing of it may be written any more. */
export class AccountDeleted extends Error {}

/** What is still to be written when all else is: the transaction that takes it ends the step. */
export interface LastOfAccount {
  readonly counts: ChangeCounts;
  readonly movement: Movement;
  readonly isTruncated: boolean;
  /** As in `Reconciliation`. */
  readonly withheld: Reconciliation['withheld'];
  readonly write: (transaction: UserTransaction, now: Date) => Promise<void>;
}

/**
 * Categorises what a comparison changes and writes it in short transactions, while the comparison goes on; all but the
 * last one, which is the caller's. Of one that changes nothing there is but the last, and it writes nothing.
 */
export async function writeAccount(
  run: Run,
  step: SyncStepRow,
  account: AccountRow,
  reconciliations: AsyncIterable<Reconciliation> | Iterable<Reconciliation>,
): Promise<LastOfAccount> {
  let { counts } = step;
  let unchanged = 0;
  let movement: Movement = 0n;
  let isTruncated = false;
  let withheld: Reconciliation['withheld'] = null;
  let last: ChangeSet = { created: [], updated: [], voided: [], unchanged: 0 };
  let lastReady: ReadyBatch;
  // Those that the last batch was written with; until then as if there were none.
  let rules: readonly CategoryRule[] = [];
  const ready = async (batch: ChangeSet): Promise<ReadyBatch> => ({
    batch,
    rules,
    prepared: await prepare(run, account, batch, rules),
  });
  // While PostgreSQL writes a batch, the next one is compared and prepared.
  let writing = Promise.resolve();
  try {
    for await (const part of reconciliations) {
      const changes = enrich(part, categorize);
      movement = addMovements(movement, part.movement);
      isTruncated ||= part.isTruncated;
      withheld ??= part.withheld;
      unchanged += changes.unchanged;
      for (const batch of inBatches(changes)) {
        if (isEmpty(countsOf(batch))) continue;
        const former = last;
        last = batch;
        if (isEmpty(countsOf(former))) continue;
        counts = addCounts(counts, countsOf(former));
        const soFar = counts;
        const next = await ready(former);
        await writing;
        writing = commit(run, async (transaction, now) => {
          rules = await writeBatch(run, account, next, transaction, now);
          await updateStep(run.scope, transaction.tx, step, { counts: soFar });
        });
        // Whoever waits for it next is told; until then it must not count as unhandled.
        writing.catch(() => {});
      }
    }
    lastReady = await ready(last);
  } finally {
    // Nothing goes on behind the back of whoever ends the step.
    await Promise.allSettled([writing]);
  }
  await writing;
  // What an attempt that died had written is found unchanged now, and was counted when it was written.
  const found = { ...noChanges, unchanged: Math.max(0, unchanged - step.counts.created - step.counts.updated) };
  return {
    counts: addCounts(addCounts(counts, countsOf(last)), found),
    movement,
    isTruncated,
    withheld,
    write: async (transaction, now) => {
      await writeBatch(run, account, lastReady, transaction, now);
    },
  };
}

/** True when nothing is created, updated or voided. */
export function isEmpty(counts: ChangeCounts): boolean {
  return counts.created + counts.updated + counts.voided === 0;
}

function countsOf({ created, updated, voided }: ChangeSet): ChangeCounts {
  return { created: created.length, updated: updated.length, voided: voided.length, unchanged: 0 };
}

/** A batch, and how it is written if the rules are still these. */
interface ReadyBatch {
  readonly batch: ChangeSet;
  readonly rules: readonly CategoryRule[];
  readonly prepared: PreparedChangeSet;
}

async function prepare(
  run: Run,
  account: AccountRow,
  batch: ChangeSet,
  rules: readonly CategoryRule[],
): Promise<PreparedChangeSet> {
  const ruled = applyRules(batch, compileRules(rules));
  return prepareChangeSet(run.scope, account.id, ruled, run.context.clock.now());
}

/** Gives the rules that hold. */
async function writeBatch(
  run: Run,
  account: AccountRow,
  { batch, rules: expected, prepared }: ReadyBatch,
  { tx, append }: UserTransaction,
  now: Date,
): Promise<readonly CategoryRule[]> {
  if (!(await findLiveAccount(run.scope, tx, account.id))) throw new AccountDeleted();
  if (isEmpty(countsOf(batch))) return expected;
  // Read in this very transaction: a rule that came or went before it is known here, and the job that applies one that
  // comes or goes after it finds these rows.
  const rules = await listRulesFor(run.scope, tx);
  const current = areSame(rules, expected) ? prepared : await prepare(run, account, batch, rules);
  const { counts, oldestChangedOn } = await applyChangeSet(tx, current, now);
  const { connectionId, syncId } = run;
  await append(now, {
    type: 'transactions.changed',
    facts: { connectionId, accountId: account.id, syncId, counts, oldestChangedOn },
  });
  return rules;
}

/** Rules come and go, but none is ever changed. */
function areSame(left: readonly CategoryRule[], right: readonly CategoryRule[]): boolean {
  const ids = new Set(left.map(({ id }) => id));
  return left.length === right.length && right.every(({ id }) => ids.has(id));
}
