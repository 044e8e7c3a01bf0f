import { openSyncStatuses } from '../domain/sync.ts';
import type { UserScope } from '../domain/viewer.ts';
import type { SyncId } from '../kernel/id.ts';
import { listChannels } from '../store/channels.ts';
import { findConnection, updateConnection } from '../store/connections.ts';
import { inUserTransaction, type UserTransaction } from '../store/log.ts';
import { findSync, insertSteps, updateSync, type SyncRow } from '../store/syncs.ts';
import type { SyncContext } from './context.ts';
import { stepsOf } from './plan-steps.ts';
import { leaseEnd, type Run } from './run.ts';

/** HELD: another worker is at it. ENDED: it is finished, cancelled, or gone. */
type Claim = Run | 'HELD' | 'ENDED' | 'WAITING_FOR_USER';

/**
 * Takes the lease of a sync that is queued, whose worker has let its lease run out, or whose wait for the person is to
 * be looked after. The first attempt plans the steps; a later one goes on where the former stopped.
 */
export async function claimSync(
  context: SyncContext,
  scope: UserScope,
  syncId: SyncId,
  signal: AbortSignal,
): Promise<Claim> {
  return inUserTransaction(context.database, scope, async (transaction): Promise<Claim> => {
    const now = context.clock.now();
    const sync = await findSync(scope, transaction.tx, syncId);
    if (!sync || !isOpen(sync.status)) return 'ENDED';
    if (sync.status === 'RUNNING' && sync.leaseExpiresAt && sync.leaseExpiresAt > now) return 'HELD';
    if (sync.status === 'WAITING_FOR_USER' && (!sync.resumeAt || sync.resumeAt > now)) return 'WAITING_FOR_USER';
    const attempt = sync.attempt + 1;
    await updateSync(scope, transaction.tx, syncId, {
      status: 'RUNNING',
      attempt,
      startedAt: sync.startedAt ?? now,
      leaseExpiresAt: leaseEnd(now),
      resumeAt: null,
    });
    const psu = personAt(sync, now);
    if (!sync.startedAt) await begin(scope, transaction, { ...sync, psu }, now);
    const { connectionId, pauseCount } = sync;
    const connection = await findConnection(scope, transaction.tx, connectionId);
    const isWithTransactions = connection?.dataTypes?.includes('TRANSACTIONS') ?? true;
    const lost = new AbortController();
    const held = { context, scope, syncId, connectionId, attempt, pauseCount, isWithTransactions, psu };
    return { ...held, lost, signal: AbortSignal.any([signal, lost.signal]) };
  });
}

/**
 * Who sits before a screen now: a person who asked, or answered, longer ago than this is gone, and a bank must not be
 * told that he is there.
 */
const presenceMilliseconds = 30 * 60_000;

function personAt({ psu, psuSeenAt, requestedAt }: SyncRow, now: Date): SyncRow['psu'] {
  const seenAt = psuSeenAt ?? requestedAt;
  return now.getTime() - seenAt.getTime() > presenceMilliseconds ? null : psu;
}

function isOpen(status: SyncRow['status']): boolean {
  return openSyncStatuses.some((open) => open === status);
}

async function begin(scope: UserScope, transaction: UserTransaction, sync: SyncRow, now: Date): Promise<void> {
  const channels = await listChannels(scope, transaction.tx, { connectionId: sync.connectionId });
  await insertSteps(scope, transaction.tx, stepsOf(sync, channels));
  await updateConnection(scope, transaction.tx, sync.connectionId, { lastSyncStatus: 'RUNNING', updatedAt: now });
  await transaction.append(now, {
    type: 'sync.started',
    facts: { connectionId: sync.connectionId, syncId: sync.id },
  });
}
