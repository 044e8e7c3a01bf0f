import type { FailureRecord } from '../domain/failure.ts';
import { lastSyncStatusOf } from '../domain/sync.ts';
import type { ConnectionRow } from '../store/connections.ts';
import { findConnection, updateConnection } from '../store/connections.ts';
import { listChannels, updateChannel } from '../store/channels.ts';
import type { UserTransaction } from '../store/log.ts';
import { listSteps, updateStep, updateSync, type SyncStepRow } from '../store/syncs.ts';
import { cancelChallenges } from './close-challenge.ts';
import { nextSyncAfter, type NextSync } from './next-sync.ts';
import { eventOf, outcomeOf, type SyncOutcome } from './outcome.ts';
import { isFinished } from './progress.ts';
import { commit, type Run } from './run.ts';

/**
 * Ends the sync by what its steps say, or as FAILED where it is given up with its steps unfinished. Null when there is
 * more to do: a channel was authorised meanwhile, and its steps were added.
 */
export async function finishSync(run: Run, abandonedBy?: FailureRecord): Promise<SyncOutcome['status'] | null> {
  let status: SyncOutcome['status'] | null = null;
  await commit(run, async (transaction, now) => {
    const { tx } = transaction;
    const steps = await listSteps(run.scope, tx, run.syncId);
    if (!abandonedBy && !steps.every(isFinished)) return;
    const outcome = abandonedBy
      ? { ...outcomeOf(steps), status: 'FAILED' as const, failure: abandonedBy }
      : outcomeOf(steps);
    ({ status } = outcome);
    for (const step of steps.filter((other) => !isFinished(other))) {
      await updateStep(run.scope, tx, step, { status: 'SKIPPED', finishedAt: now });
    }
    await cancelChallenges(run, transaction, now);
    await updateSync(run.scope, tx, run.syncId, {
      status,
      counts: outcome.counts,
      failure: outcome.failure,
      progressPercent: 100,
      psu: null,
      leaseExpiresAt: null,
      finishedAt: now,
    });
    await markChannels(run, transaction, steps, now);
    await markConnection(run, transaction, outcome, now);
    await transaction.append(now, eventOf({ connectionId: run.connectionId, syncId: run.syncId }, outcome, steps));
  });
  return status;
}

/** A channel whose accounts were listed is well, whatever single accounts did. */
async function markChannels(
  run: Run,
  transaction: UserTransaction,
  steps: readonly SyncStepRow[],
  now: Date,
): Promise<void> {
  const failed = new Set(
    steps.filter((step) => step.status !== 'SUCCEEDED' && step.kind !== 'READ_ACCOUNT').map((step) => step.channelId),
  );
  for (const channel of await listChannels(run.scope, transaction.tx, { connectionId: run.connectionId })) {
    const isListed = steps.some((step) => step.kind === 'LIST_ACCOUNTS' && step.channelId === channel.id);
    const isAtRest = channel.status === 'ACTION_REQUIRED' || channel.status === 'EMPTY';
    if (!isListed || failed.has(channel.id) || isAtRest) continue;
    await updateChannel(run.scope, transaction.tx, channel.id, {
      status: 'ACTIVE',
      failure: null,
      lastSyncedAt: now,
      updatedAt: now,
    });
    if (channel.status === 'ACTIVE') continue;
    await transaction.append(now, {
      type: 'channel.status_changed',
      facts: { connectionId: run.connectionId, channelId: channel.id, from: channel.status, to: 'ACTIVE' },
    });
  }
}

async function markConnection(run: Run, transaction: UserTransaction, outcome: SyncOutcome, now: Date): Promise<void> {
  const connection = await findConnection(run.scope, transaction.tx, run.connectionId);
  if (!connection) return;
  const to = statusAfter(connection, outcome);
  const next = connection.isAutoSync && to === 'ACTIVE' ? await planNext(run, transaction, outcome, now) : null;
  await updateConnection(run.scope, transaction.tx, run.connectionId, {
    status: to,
    lastSyncStatus: lastSyncStatusOf[outcome.status],
    failure: outcome.failure,
    ...(outcome.status === 'SUCCEEDED' || outcome.status === 'PARTIALLY_SUCCEEDED' ? { lastSyncedAt: now } : {}),
    // A connection that waits for its user is not asked after: its calls would be spent for nothing.
    nextSyncAt: next?.at ?? null,
    nextSyncReason: next?.reason ?? null,
    updatedAt: now,
  });
  if (connection.status === to) return;
  await transaction.append(now, {
    type: 'connection.status_changed',
    facts: {
      connectionId: run.connectionId,
      from: connection.status,
      to,
      ...(outcome.failure ? { failure: outcome.failure } : {}),
    },
  });
}

/** The channels of a connection lead to one bank, so that the clock of any of them is the bank's. */
async function planNext(run: Run, { tx }: UserTransaction, { failure }: SyncOutcome, now: Date): Promise<NextSync> {
  const { connectionId } = run;
  const [channel] = await listChannels(run.scope, tx, { connectionId });
  return nextSyncAfter({ connectionId, timeZone: channel?.definition.timeZone ?? 'UTC' }, now, failure);
}

function statusAfter(connection: ConnectionRow, outcome: SyncOutcome): ConnectionRow['status'] {
  if (outcome.status === 'ACTION_REQUIRED') return 'ACTION_REQUIRED';
  return outcome.status === 'FAILED' ? connection.status : 'ACTIVE';
}
