import type { FailureRecord } from '../domain/failure.ts';
import { lastSyncStatusOf } from '../domain/sync.ts';
import type { ConnectionRow } from '../store/connections.ts';
import { findConnection, updateConnection } from '../store/connections.ts';
import { isReadable, listChannels, updateChannel, type ChannelWithDefinition } from '../store/channels.ts';
import type { UserTransaction } from '../store/log.ts';
import { listSteps, updateStep, updateSync, type SyncStepRow } from '../store/syncs.ts';
import { cancelChallenges } from './close-challenge.ts';
import { nextSyncAfter, type NextSync } from './next-sync.ts';
import { eventOf, lastSteps, outcomeOf, type SyncOutcome } from './outcome.ts';
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
    const isAnyRead = steps.some((step) => step.kind === 'READ_ACCOUNT' && step.status === 'SUCCEEDED');
    await markConnection(run, transaction, { outcome, isAnyRead }, now);
    await transaction.append(now, eventOf({ connectionId: run.connectionId, syncId: run.syncId }, outcome, steps));
  });
  return status;
}

interface SyncEnd {
  readonly outcome: SyncOutcome;
  readonly isAnyRead: boolean;
}

/** A channel whose accounts were listed is well, whatever single accounts did. */
async function markChannels(
  run: Run,
  transaction: UserTransaction,
  steps: readonly SyncStepRow[],
  now: Date,
): Promise<void> {
  const failed = new Set(
    lastSteps(steps)
      .filter((step) => step.status !== 'SUCCEEDED' && step.kind !== 'READ_ACCOUNT')
      .map((step) => step.channelId),
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

/**
 * The connection waits for the person while one of its channels does; another channel that can be read is read on as
 * planned, and what was read of it counts.
 */
async function markConnection(run: Run, transaction: UserTransaction, end: SyncEnd, now: Date): Promise<void> {
  const { outcome, isAnyRead } = end;
  const connection = await findConnection(run.scope, transaction.tx, run.connectionId);
  if (!connection) return;
  const channels = await listChannels(run.scope, transaction.tx, { connectionId: run.connectionId });
  const waiting = channels.find((channel) => channel.status === 'ACTION_REQUIRED');
  const to = statusAfter(connection, outcome, waiting);
  // A first sign-in that failed for a reason that passes is tried again too: its channel is one in error, not waiting.
  const isHalf = waiting !== undefined || to === 'AUTHORIZING';
  const isPlanned = connection.isAutoSync && (to === 'ACTIVE' || (isHalf && channels.some(isReadable)));
  const next = isPlanned ? planNext(run, channels, outcome, now) : null;
  const failure = outcome.failure ?? waiting?.failure ?? null;
  const isPartial = outcome.status === 'ACTION_REQUIRED' && isAnyRead;
  await updateConnection(run.scope, transaction.tx, run.connectionId, {
    status: to,
    lastSyncStatus: isPartial ? 'PARTIAL_SUCCESS' : lastSyncStatusOf[outcome.status],
    failure,
    ...(outcome.status === 'SUCCEEDED' || isAnyRead ? { lastSyncedAt: now } : {}),
    // A connection that waits for its user is not asked after: its calls would be spent for nothing.
    nextSyncAt: next?.at ?? null,
    nextSyncReason: next?.reason ?? null,
    updatedAt: now,
  });
  if (connection.status === to) return;
  await transaction.append(now, {
    type: 'connection.status_changed',
    facts: { connectionId: run.connectionId, from: connection.status, to, ...(failure ? { failure } : {}) },
  });
}

/** The channels of a connection lead to one bank, so that the clock of any of them is the bank's. */
function planNext(
  { connectionId }: Run,
  [channel]: readonly ChannelWithDefinition[],
  { failure }: SyncOutcome,
  now: Date,
): NextSync {
  return nextSyncAfter({ connectionId, timeZone: channel?.definition.timeZone ?? 'UTC' }, now, failure);
}

function statusAfter(
  connection: ConnectionRow,
  { status }: SyncOutcome,
  waiting: ChannelWithDefinition | undefined,
): ConnectionRow['status'] {
  if (status === 'ACTION_REQUIRED') return 'ACTION_REQUIRED';
  if (status === 'FAILED') return connection.status;
  return waiting ? 'ACTION_REQUIRED' : 'ACTIVE';
}
