import { Failure } from '../domain/failure.ts';
import { listSteps, type SyncStepRow } from '../store/syncs.ts';
import type { Run } from './run.ts';
import { endStep } from './step.ts';

/**
 * Sums up whether the books of the accounts add up. Each account's own comparison was made when it was read, beside
 * the old balance and the new one; a drift is recorded, and never fails the sync.
 */
export async function checkBooks(run: Run, step: SyncStepRow): Promise<void> {
  const steps = await listSteps(run.scope, run.context.database.db, run.syncId);
  const read = steps.filter((other) => other.kind === 'READ_ACCOUNT' && other.status === 'SUCCEEDED');
  const adrift = read.filter((other) => other.failure?.code === 'BALANCE_DRIFT');
  if (adrift.length === 0) return endStep(run, step, { status: 'SUCCEEDED' });
  const message = `Balance and transactions do not add up on ${adrift.length} of ${read.length} accounts.`;
  await endStep(run, step, { status: 'SUCCEEDED', failure: new Failure('BALANCE_DRIFT', { message }).toRecord() });
}
