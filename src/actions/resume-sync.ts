import type { PsuContext } from '../connectors/connector.ts';
import type { SyncId } from '../kernel/id.ts';
import { enqueueSync } from '../store/jobs.ts';
import type { UserTransaction } from '../store/log.ts';
import { findSync, updateSync } from '../store/syncs.ts';

/**
 * Lets a sync that waits for the person go on at once, by a job of this transaction. One that a worker is looking after
 * already, or that has ended, is left alone. The person who answers is the one who is present from now on.
 */
export async function resumeSync(
  { tx, scope }: UserTransaction,
  syncId: SyncId,
  psu: PsuContext | null,
  now: Date,
): Promise<void> {
  const sync = await findSync(scope, tx, syncId);
  if (sync?.status !== 'WAITING_FOR_USER') return;
  await updateSync(scope, tx, syncId, {
    status: 'QUEUED',
    resumeAt: null,
    ...(psu ? { psu, psuSeenAt: now } : {}),
  });
  await enqueueSync(tx, scope, { syncId, attempt: sync.attempt }, { runAt: now, isMoved: true });
}
