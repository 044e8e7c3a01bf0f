import type { ActionContext } from '../actions/context.ts';
import { requestSync } from '../actions/request-sync.ts';
import { Failure } from '../domain/failure.ts';
import type { UserScope } from '../domain/viewer.ts';
import type { ConnectionId } from '../kernel/id.ts';
import { listChannels } from '../store/channels.ts';
import { dueConnections, findConnection, unplannedConnections, updateConnection } from '../store/connections.ts';
import { enqueueSync, unlockAbandonedJobs } from '../store/jobs.ts';
import { inUserTransaction } from '../store/log.ts';
import { strandedSyncs } from '../store/syncs.ts';
import { nextSyncAfter } from '../sync/next-sync.ts';

/** How many connections, and how many stranded syncs, one round takes; the next round is a minute later. */
const maxPerRound = 1_000;
/** A queued sync waits no longer than this before it gets a new job. */
const queuedPatienceMilliseconds = 10 * 60_000;
/** A job lock older than this is no living worker's, unless its sync's lease says otherwise. */
const lockPatienceMilliseconds = 30 * 60_000;

/**
 * One round of the schedule: queues the connections that are due, plans those that have no plan, and gives a new job to
 * every sync that nobody works on. Two rounds at the same time do no harm: an open sync is joined, and a job's key names the attempt.
 */
export async function enqueueDueSyncs(context: ActionContext): Promise<{ due: number; takenUp: number }> {
  const now = context.clock.now();
  let due = 0;
  for (const { id, scope } of await dueConnections(context.database.db, now, maxPerRound)) {
    const input = { connectionId: id, type: 'ALL', trigger: 'SCHEDULED', psu: null } as const;
    try {
      if ((await requestSync(context, scope, input)).isNew) due += 1;
    } catch (error) {
      // Deleted, or in need of its user, since it was found due; or the bank allows nothing more for now.
      if (!(error instanceof Failure)) throw error;
      if (error.code === 'SYNC_BUDGET_EXHAUSTED') await plan(context, scope, id, error);
    }
  }
  for (const { id, scope } of await unplannedConnections(context.database.db, maxPerRound)) {
    await plan(context, scope, id, null);
  }
  const takenUp = await takeUpStranded(context, now);
  const unlocked = await unlockAbandonedJobs(context.database, new Date(now.getTime() - lockPatienceMilliseconds), now);
  if (unlocked > 0) context.log.warn({ unlocked }, 'Jobs of workers that died were freed.');
  return { due, takenUp };
}

/**
 * Plans the next sync of a connection that has no plan, or whose sync is due and put off because the bank's budget does
 * not allow it yet: that sync has not failed, so nothing else changes.
 */
async function plan(
  context: ActionContext,
  scope: UserScope,
  id: ConnectionId,
  failure: Failure | null,
): Promise<void> {
  await inUserTransaction(context.database, scope, async ({ tx }) => {
    const now = context.clock.now();
    const connection = await findConnection(scope, tx, id);
    const [channel] = await listChannels(scope, tx, { connectionId: id });
    const isPlanned = connection?.nextSyncAt && connection.nextSyncAt > now;
    // A connection may wait for its person on one channel and be read on by the other.
    const isAtRest = !connection || (failure === null && connection.status !== 'ACTIVE');
    if (isAtRest || isPlanned || !channel) return;
    const planned = { connectionId: id, timeZone: channel.definition.timeZone };
    const { at: nextSyncAt, reason: nextSyncReason } = nextSyncAfter(planned, now, failure?.toRecord() ?? null);
    await updateConnection(scope, tx, id, { nextSyncAt, nextSyncReason, updatedAt: now });
  });
}

async function takeUpStranded(context: ActionContext, now: Date): Promise<number> {
  const queuedBefore = new Date(now.getTime() - queuedPatienceMilliseconds);
  const stranded = await strandedSyncs(context.database.db, now, queuedBefore, maxPerRound);
  for (const { id: syncId, attempt, status, scope } of stranded) {
    // A queued one whose job is there after all keeps its place in the queue.
    const isMoved = status !== 'QUEUED';
    await context.database.db.transaction((tx) => enqueueSync(tx, scope, { syncId, attempt }, { isMoved }));
  }
  return stranded.length;
}
