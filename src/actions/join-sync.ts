import type { SyncId } from '../kernel/id.ts';
import { isBySignIn, type ChannelWithDefinition } from '../store/channels.ts';
import type { UserTransaction } from '../store/log.ts';
import { findSync, insertSteps, listSteps } from '../store/syncs.ts';

/**
 * Adds a channel that was authorised just now, or is to be signed in to anew, to the sync that is open, where that one
 * has begun without it: its worker finds the steps when it is done with those that it knows.
 */
export async function joinSync(
  { tx, scope }: UserTransaction,
  syncId: SyncId,
  { id: channelId, definition }: Pick<ChannelWithDefinition, 'id' | 'definition'>,
): Promise<void> {
  const sync = await findSync(scope, tx, syncId);
  const steps = await listSteps(scope, tx, syncId);
  if (!sync?.startedAt) return;
  const kind = isBySignIn(definition) ? 'SIGN_IN' : 'CHECK_CONSENT';
  const isTakenUp = steps.some((step) => {
    if (step.channelId !== channelId || step.finishedAt !== null) return false;
    // Whatever is read from now on has the new session; but only a sign-in that no worker is at finds the new consent.
    return kind === 'CHECK_CONSENT' || (step.kind === kind && (step.status === 'PENDING' || sync.status !== 'RUNNING'));
  });
  if (isTakenUp) return;
  const position = steps.length;
  const common = { syncId, channelId, status: 'PENDING' } as const;
  await insertSteps(scope, tx, [
    { ...common, position: position + 1, kind },
    { ...common, position: position + 2, kind: 'LIST_ACCOUNTS' },
  ]);
}
