import type { UserScope } from '../domain/viewer.ts';
import type { SyncId } from '../kernel/id.ts';
import { listChannels } from '../store/channels.ts';
import { updateConnection } from '../store/connections.ts';
import { inUserTransaction, type UserTransaction } from '../store/log.ts';
import { findSync, insertSteps, updateSync, type SyncRow } from '../store/syncs.ts';
import type { SyncContext } from './context.ts';
import { leaseEnd, type Run } from './run.ts';

/** HELD: another worker is at it. ENDED: it is finished, cancelled, waiting for the person, or gone. */
type Claim = Run | 'HELD' | 'ENDED';

/**
 * Takes the lease of a sync that is queued, or whose worker has let its lease run out. The first attempt plans the
 * steps; a later one goes on where the former stopped.
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
    if (!sync || (sync.status !== 'QUEUED' && sync.status !== 'RUNNING')) return 'ENDED';
    if (sync.status === 'RUNNING' && sync.leaseExpiresAt && sync.leaseExpiresAt > now) return 'HELD';
    const attempt = sync.attempt + 1;
    await updateSync(scope, transaction.tx, syncId, {
      status: 'RUNNING',
      attempt,
      startedAt: sync.startedAt ?? now,
      leaseExpiresAt: leaseEnd(now),
    });
    if (!sync.startedAt) await begin(scope, transaction, sync, now);
    const { connectionId, type, psu } = sync;
    return { context, scope, syncId, connectionId, type, attempt, psu, signal };
  });
}

async function begin(scope: UserScope, transaction: UserTransaction, sync: SyncRow, now: Date): Promise<void> {
  const channels = await listChannels(scope, transaction.tx, { connectionId: sync.connectionId });
  const usable = channels.filter((channel) => channel.sealedSession !== null && channel.status !== 'EMPTY');
  await insertSteps(
    scope,
    transaction.tx,
    usable.flatMap((channel, index) => [
      { syncId: sync.id, position: 2 * index + 1, kind: 'CHECK_CONSENT', channelId: channel.id, status: 'PENDING' },
      { syncId: sync.id, position: 2 * index + 2, kind: 'LIST_ACCOUNTS', channelId: channel.id, status: 'PENDING' },
    ]),
  );
  await updateConnection(scope, transaction.tx, sync.connectionId, { lastSyncStatus: 'RUNNING', updatedAt: now });
  await transaction.append(now, {
    type: 'sync.started',
    facts: { connectionId: sync.connectionId, syncId: sync.id },
  });
}
