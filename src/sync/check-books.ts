import { Failure } from '../domain/failure.ts';
import type { UserTransaction } from '../store/log.ts';
import { listSteps, type SyncStepRow } from '../store/syncs.ts';
import { linkSettlements } from './link-settlements.ts';
import type { Run } from './run.ts';
import { endStep } from './step.ts';

/**
 * Looks at what only all accounts together can tell: which card a settlement settles, and whether the books add up.
 * Each account's own comparison was made when it was read, beside the old balance and the new one; a drift is recorded,
 * and never fails the sync.
 */
export async function checkBooks(run: Run, step: SyncStepRow): Promise<void> {
  const steps = await listSteps(run.scope, run.context.database.db, run.syncId);
  const read = steps.filter((other) => other.kind === 'READ_ACCOUNT' && other.status === 'SUCCEEDED');
  const adrift = read.filter((other) => other.failure?.code === 'BALANCE_DRIFT');
  const link = async (transaction: UserTransaction, now: Date) => linkSettlements(run, transaction, now);
  if (adrift.length === 0) return endStep(run, step, { status: 'SUCCEEDED' }, link);
  const message = `Balance and transactions do not add up on ${adrift.length} of ${read.length} accounts.`;
  const failure = new Failure('BALANCE_DRIFT', { message }).toRecord();
  await endStep(run, step, { status: 'SUCCEEDED', failure }, link);
}
