import { noChanges } from '../domain/sync.ts';
import type { AccountId, ConnectionId } from '../kernel/id.ts';
import type { UserTransaction } from '../store/log.ts';
import { findOpenSync, insertSteps, listSteps, updateStep } from '../store/syncs.ts';

/**
 * Lets the open sync of a connection, where there is one, read an account in the place of another one that is about to
 * go. A worker that is reading that one right now can write nothing more of it, as if it were deleted; the account that
 * stays is then read behind everything else, and what was written so far counts as written of it. True in that case.
 */
export async function handReadingOver(
  { tx, scope }: UserTransaction,
  connectionId: ConnectionId,
  { from, to }: { readonly from: AccountId; readonly to: AccountId },
): Promise<boolean> {
  const open = await findOpenSync(scope, tx, connectionId);
  const steps = open ? await listSteps(scope, tx, open.id) : [];
  const own = steps.filter(({ accountId }) => accountId === from);
  for (const step of own.filter(({ status }) => status !== 'RUNNING')) {
    await updateStep(scope, tx, step, { accountId: to });
  }
  const begun = own.filter(({ status }) => status === 'RUNNING');
  for (const step of begun) await updateStep(scope, tx, step, { counts: noChanges });
  await insertSteps(
    scope,
    tx,
    begun.map(({ syncId, kind, channelId, counts }, index) => ({
      syncId,
      position: steps.length + index + 1,
      kind,
      channelId,
      accountId: to,
      status: 'PENDING',
      counts,
    })),
  );
  return begun.length > 0;
}
