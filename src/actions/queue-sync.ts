import type { PsuContext } from '../connectors/connector.ts';
import type { SyncTrigger, SyncType } from '../domain/sync.ts';
import { newId, type ConnectionId, type SyncId } from '../kernel/id.ts';
import { enqueue, syncJobKey } from '../store/jobs.ts';
import type { UserTransaction } from '../store/log.ts';
import { findOpenSync, insertSync, updateSync } from '../store/syncs.ts';

interface QueueSyncInput {
  readonly connectionId: ConnectionId;
  readonly type: SyncType;
  readonly trigger: SyncTrigger;
  readonly psu: PsuContext | null;
}

/**
 * Inserts a sync and its job, or joins the one that is open, inside the caller's transaction. The user's lock is held,
 * so nobody else queues meanwhile; the unique index on open syncs is the second lock on that door. A queued sync takes
 * from a later request what it lacks: the wider type, and the person's presence.
 */
export async function queueSync(
  { tx, scope, append }: UserTransaction,
  now: Date,
  { connectionId, type, trigger, psu }: QueueSyncInput,
): Promise<{ syncId: SyncId; isNew: boolean }> {
  const open = await findOpenSync(scope, tx, connectionId);
  if (open) {
    const widened = open.type === 'ALL' ? type : open.type;
    if (open.status === 'QUEUED' && (widened !== open.type || (psu && !open.psu))) {
      await updateSync(scope, tx, open.id, { type: widened, psu: open.psu ?? psu });
    }
    return { syncId: open.id, isNew: false };
  }
  const syncId = newId('sync', now);
  await insertSync(scope, tx, { id: syncId, connectionId, type, trigger, status: 'QUEUED', psu, requestedAt: now });
  await append(now, { type: 'sync.queued', facts: { connectionId, syncId, type, trigger } });
  const { clientId, userId } = scope;
  await enqueue(tx, 'run-sync', { syncId, userId, clientId }, { jobKey: syncJobKey(syncId, 0) });
  return { syncId, isNew: true };
}
