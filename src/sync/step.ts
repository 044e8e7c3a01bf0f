import type { StepFacts } from '../domain/event.ts';
import type { Failure, FailureRecord } from '../domain/failure.ts';
import type { ChangeCounts } from '../domain/sync.ts';
import type { UserTransaction } from '../store/log.ts';
import { findSync, listSteps, updateStep, updateSync, type SyncStepRow } from '../store/syncs.ts';
import { progressOf } from './progress.ts';
import { commit, type Run } from './run.ts';

export interface StepEnd {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'SKIPPED';
  readonly counts?: ChangeCounts;
  /** Why it failed, or for one that succeeded what is to be known about it. */
  readonly failure?: FailureRecord;
}

/** Says that a step begins. One that another attempt had begun is gone on with silently. */
export async function beginStep(run: Run, step: SyncStepRow): Promise<void> {
  if (step.status !== 'PENDING') return;
  await commit(run, async (transaction, now) => {
    await changeStep(run, transaction, now, step, { status: 'RUNNING', startedAt: now });
  });
}

/** Ends a step in one transaction with what it brought: `work` writes its rows and events first. */
export async function endStep(
  run: Run,
  step: SyncStepRow,
  end: StepEnd,
  work: (transaction: UserTransaction, now: Date) => Promise<void> = async () => {},
): Promise<void> {
  await commit(run, async (transaction, now) => {
    await work(transaction, now);
    await changeStep(run, transaction, now, step, { ...end, finishedAt: now });
  });
}

/** Changes a step, the progress of its sync with it, and says so. What a channel adds while others are read takes nothing back. */
export async function changeStep(
  run: Run,
  transaction: UserTransaction,
  now: Date,
  step: SyncStepRow,
  change: Partial<Pick<SyncStepRow, 'status' | 'counts' | 'failure' | 'startedAt' | 'finishedAt'>>,
): Promise<void> {
  const { tx } = transaction;
  await updateStep(run.scope, tx, step, change);
  const shown = (await findSync(run.scope, tx, run.syncId))?.progressPercent ?? 0;
  const progressPercent = Math.max(shown, progressOf(await listSteps(run.scope, tx, run.syncId)));
  await updateSync(run.scope, tx, run.syncId, { progressPercent });
  await transaction.append(now, {
    type: 'sync.progressed',
    facts: {
      connectionId: run.connectionId,
      syncId: run.syncId,
      step: factsOf({ ...step, ...change }),
      progressPercent,
    },
  });
}

function factsOf(step: SyncStepRow): StepFacts {
  return {
    position: step.position,
    kind: step.kind,
    status: step.status,
    ...(step.accountId ? { accountId: step.accountId } : {}),
    ...(step.kind === 'READ_ACCOUNT' ? { counts: step.counts } : {}),
    ...(step.failure ? { failure: step.failure } : {}),
  };
}

/** The end of a step that failed. */
export function failed(failure: Failure): StepEnd {
  return { status: 'FAILED', failure: failure.toRecord() };
}
