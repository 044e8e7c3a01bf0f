import type { AccountStatus } from '../domain/account.ts';
import type { Failure } from '../domain/failure.ts';
import type { FailureCode } from '../domain/failure-catalogue.ts';
import type { AccountId } from '../kernel/id.ts';
import { findLiveAccount, updateAccount } from '../store/accounts.ts';
import type { SyncStepRow } from '../store/syncs.ts';
import type { Run } from './run.ts';
import { endStep, failed } from './step.ts';
import { AccountDeleted } from './write-account.ts';

const statusOf: Partial<Record<FailureCode, AccountStatus>> = {
  ACCOUNT_NOT_FOUND: 'NOT_FOUND',
  ACCOUNT_CLOSED: 'CLOSED',
  CONSENT_SCOPE_INSUFFICIENT: 'PENDING_CONSENT',
};

/**
 * Ends the reading of one account by a failure that concerns it alone: the other accounts go on. One that was deleted
 * meanwhile has not failed.
 */
export async function failAccount(run: Run, step: SyncStepRow, accountId: AccountId, failure: Failure): Promise<void> {
  try {
    await fail(run, step, accountId, failure);
  } catch (error) {
    if (!(error instanceof AccountDeleted)) throw error;
    await endStep(run, step, { status: 'SKIPPED' });
  }
}

async function fail(run: Run, step: SyncStepRow, accountId: AccountId, failure: Failure): Promise<void> {
  await endStep(run, step, failed(failure), async (transaction, now) => {
    const account = await findLiveAccount(run.scope, transaction.tx, accountId);
    if (!account) throw new AccountDeleted();
    // A budget that is used up says nothing of the account: it is as good as it was, and will be read later.
    if (failure.code === 'SYNC_BUDGET_EXHAUSTED') return;
    // A last look that fails opens no account again.
    const status = account.status === 'CLOSED' ? 'CLOSED' : (statusOf[failure.code] ?? 'ERROR');
    await updateAccount(run.scope, transaction.tx, accountId, { status, failure: failure.toRecord(), updatedAt: now });
    if (account.status === status) return;
    await transaction.append(now, {
      type: 'account.updated',
      facts: { connectionId: run.connectionId, accountId, syncId: run.syncId, changed: ['status'] },
    });
  });
}
