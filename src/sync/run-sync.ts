import { Failure } from '../domain/failure.ts';
import type { UserScope } from '../domain/viewer.ts';
import type { SyncId } from '../kernel/id.ts';
import { enqueueSync } from '../store/jobs.ts';
import { inUserTransaction } from '../store/log.ts';
import { insertSteps, listSteps, updateSync, extendLease, type SyncStepRow } from '../store/syncs.ts';
import { checkBooks } from './check-books.ts';
import { checkConsent } from './check-consent.ts';
import { claimSync } from './claim-sync.ts';
import type { SyncContext } from './context.ts';
import { ChannelEmptied } from './emptied.ts';
import { failAccount } from './fail-account.ts';
import { failChannel } from './fail-channel.ts';
import { finishSync } from './finish-sync.ts';
import { listAccounts } from './list-accounts.ts';
import { needsUser } from './needs-user.ts';
import type { SyncOutcome } from './outcome.ts';
import { isFinished } from './progress.ts';
import { readAccount } from './read-account.ts';
import { readBalances } from './read-balances.ts';
import { regainAccess } from './regain-access.ts';
import { commit, LeaseLost, type Run } from './run.ts';
import { signIn } from './sign-in.ts';
import { learnRefusal } from './spend-calls.ts';
import { beginStep, endStep, failed } from './step.ts';

/** A sync whose workers died this often is given up: something in it kills them. */
const maxDeaths = 5;

/** What a worker has to say after working on a sync; the rows hold the rest. */
export type RunResult = SyncOutcome['status'] | 'HELD' | 'ENDED' | 'LOST' | 'HANDED_BACK' | 'WAITING_FOR_USER';

/**
 * Works on a sync until it ends or waits for the person. All state is in its rows: whoever enters takes the lease and goes on at the first
 * unfinished step, so a worker may die at any line. `signal` makes it stop between two commits and hand the sync back.
 * It throws only for what is no fault of the bank (the database, a bug); the lease is then given up, for a retry.
 */
export async function runSync(
  context: SyncContext,
  scope: UserScope,
  syncId: SyncId,
  signal: AbortSignal,
): Promise<RunResult> {
  const run = await claimSync(context, scope, syncId, signal);
  if (typeof run === 'string') return run;
  try {
    if (run.attempt - run.pauseCount > maxDeaths) return await abandon(run);
    for (;;) {
      signal.throwIfAborted();
      const step = await nextStep(run);
      const ended = step ? null : await finishSync(run);
      if (ended) return ended;
      if (step && (await runStep(run, step)) === 'WAITING') return 'WAITING_FOR_USER';
    }
  } catch (error) {
    if (error instanceof LeaseLost) return 'LOST';
    if (signal.aborted) {
      await handBack(run);
      return 'HANDED_BACK';
    }
    await release(run);
    throw error;
  }
}

/** The first unfinished step; when all others are done, the check of the books, which is then planned. */
async function nextStep(run: Run): Promise<SyncStepRow | undefined> {
  const known = await listSteps(run.scope, run.context.database.db, run.syncId);
  const open = known.find((step) => !isFinished(step));
  if (open || !areBooksDue(known)) return open;
  await commit(run, async ({ tx }) => {
    // A channel may have joined since: its accounts are read first.
    const steps = await listSteps(run.scope, tx, run.syncId);
    if (!areBooksDue(steps)) return;
    const position = steps.length + 1;
    await insertSteps(run.scope, tx, [{ syncId: run.syncId, position, kind: 'CHECK_BOOKS', status: 'PENDING' }]);
  });
  return nextStep(run);
}

/** True when nothing else is left, and an account was read that no check of the books comes after. */
function areBooksDue(steps: readonly SyncStepRow[]): boolean {
  const lastRead = steps.findLast((step) => step.kind === 'READ_ACCOUNT' && step.status === 'SUCCEEDED');
  const lastCheck = steps.findLast((step) => step.kind === 'CHECK_BOOKS');
  return lastRead !== undefined && steps.every(isFinished) && lastRead.position > (lastCheck?.position ?? 0);
}

async function runStep(run: Run, step: SyncStepRow): Promise<'DONE' | 'WAITING'> {
  await beginStep(run, step);
  try {
    return await tryStep(run, step);
  } catch (error) {
    if (!(error instanceof ChannelEmptied)) throw error;
    await endStep(run, step, { status: 'SKIPPED' });
    return 'DONE';
  }
}

async function tryStep(run: Run, step: SyncStepRow): Promise<'DONE' | 'WAITING'> {
  try {
    return await perform(run, step);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return retryStep(run, step, error);
  }
}

/** A step whose session the bank no longer took is done once more when there is a new one. */
async function retryStep(run: Run, step: SyncStepRow, failure: Failure): Promise<'DONE' | 'WAITING'> {
  try {
    if (!(await regainAccess(run, step, failure))) throw failure;
    const begun = (await listSteps(run.scope, run.context.database.db, run.syncId)).find(
      ({ position }) => position === step.position,
    );
    return await perform(run, begun ?? step);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    await recordFailure(run, step, error);
    return 'DONE';
  }
}

async function perform(run: Run, step: SyncStepRow): Promise<'DONE' | 'WAITING'> {
  const { kind, channelId } = step;
  if (kind === 'SIGN_IN' && channelId) return signIn(run, step, channelId);
  await performAtOnce(run, step);
  return 'DONE';
}

async function performAtOnce(run: Run, step: SyncStepRow): Promise<void> {
  const { kind, channelId, accountId } = step;
  if (kind === 'CHECK_BOOKS') return checkBooks(run, step);
  if (!channelId) throw new Error(`The step ${kind} has no channel.`);
  if (kind === 'CHECK_CONSENT') return checkConsent(run, step, channelId);
  if (kind === 'LIST_ACCOUNTS') return listAccounts(run, step, channelId);
  if (!accountId) throw new Error(`The step ${kind} has no account.`);
  return run.isWithTransactions
    ? readAccount(run, step, channelId, accountId)
    : readBalances(run, step, channelId, accountId);
}

/** What fails on one account stays there, unless it closes the channel; what fails before concerns the channel. */
async function recordFailure(run: Run, step: SyncStepRow, failure: Failure): Promise<void> {
  await learnRefusal(run, step, failure);
  if (step.accountId && !needsUser(failure.code)) return failAccount(run, step, step.accountId, failure);
  if (step.channelId) return failChannel(run, step, step.channelId, failure);
  return endStep(run, step, failed(failure));
}

async function abandon(run: Run): Promise<SyncOutcome['status']> {
  const steps = await listSteps(run.scope, run.context.database.db, run.syncId);
  const last = steps.findLast((step) => step.status === 'FAILED')?.failure;
  run.context.log.error({ syncId: run.syncId, attempt: run.attempt }, 'A sync is given up after too many attempts.');
  return (await finishSync(run, last ?? new Failure('CONNECTOR_BUG').toRecord())) ?? 'FAILED';
}

/** Gives the sync back whole: the attempt is no death, and a new job takes the sync up. */
async function handBack(run: Run): Promise<void> {
  await inUserTransaction(run.context.database, run.scope, async ({ tx }) => {
    const now = run.context.clock.now();
    if (!(await extendLease(run.scope, tx, run, now))) return;
    await updateSync(run.scope, tx, run.syncId, { pauseCount: run.pauseCount + 1 });
    await enqueueSync(tx, run.scope, run);
  });
}

/** Lets the next attempt begin at once. A database that is away cannot be told: the lease then runs out by itself. */
async function release(run: Run): Promise<void> {
  try {
    await extendLease(run.scope, run.context.database.db, run, run.context.clock.now());
  } catch (error) {
    run.context.log.warn({ syncId: run.syncId, error }, 'The lease could not be given up; it will run out.');
  }
}
