import type { ChannelId, SyncId } from '../kernel/id.ts';
import type { UserTransaction } from '../store/log.ts';
import { findSync, insertSteps, listSteps } from '../store/syncs.ts';

/**
 * Adds a channel that was authorised just now to the sync that is open, where that one has begun without it: its worker
 * finds the steps when it is done with those that it knows.
 */
export async function joinSync({ tx, scope }: UserTransaction, syncId: SyncId, channelId: ChannelId): Promise<void> {
  const sync = await findSync(scope, tx, syncId);
  const steps = await listSteps(scope, tx, syncId);
  if (!sync?.startedAt || steps.some((step) => step.channelId === channelId && step.finishedAt === null)) return;
  const position = steps.length;
  const common = { syncId, channelId, status: 'PENDING' } as const;
  await insertSteps(scope, tx, [
    { ...common, position: position + 1, kind: 'CHECK_CONSENT' },
    { ...common, position: position + 2, kind: 'LIST_ACCOUNTS' },
  ]);
}
