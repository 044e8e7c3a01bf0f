import type { PsuContext } from '../connectors/connector.ts';
import type { SyncTrigger, SyncType } from '../domain/sync.ts';
import { newId, type ConnectionId, type SyncId } from '../kernel/id.ts';
import { enqueueSync } from '../store/jobs.ts';
import type { UserTransaction } from '../store/log.ts';
import { findOpenSync, insertSteps, insertSync, listSteps, updateSync, type SyncRow } from '../store/syncs.ts';

interface QueueSyncInput {
  readonly connectionId: ConnectionId;
  readonly type: SyncType;
  readonly trigger: SyncTrigger;
  readonly psu: PsuContext | null;
}

/**
 * Inserts a sync and its job, or joins the one that is open, inside the caller's transaction. The user's lock is held,
 * so nobody else queues meanwhile; the unique index on open syncs is the second lock on that door. An open sync takes
 * from a later request what it lacks: the wider type, and the person's presence unless a worker is at it.
 */
export async function queueSync(
  { tx, scope, append }: UserTransaction,
  now: Date,
  { connectionId, type, trigger, psu }: QueueSyncInput,
): Promise<{ syncId: SyncId; isNew: boolean }> {
  const open = await findOpenSync(scope, tx, connectionId);
  if (open) {
    await joinOpen({ tx, scope }, now, open, { type, trigger, psu });
    return { syncId: open.id, isNew: false };
  }
  const syncId = newId('sync', now);
  const person = psu ? { psu, psuSeenAt: now } : {};
  await insertSync(scope, tx, {
    id: syncId,
    connectionId,
    type,
    trigger,
    status: 'QUEUED',
    ...person,
    requestedAt: now,
  });
  await append(now, { type: 'sync.queued', facts: { connectionId, syncId, type, trigger } });
  await enqueueSync(tx, scope, { syncId, attempt: 0 });
  return { syncId, isNew: true };
}

async function joinOpen(
  { tx, scope }: Pick<UserTransaction, 'tx' | 'scope'>,
  now: Date,
  open: SyncRow,
  { type, trigger, psu }: Omit<QueueSyncInput, 'connectionId'>,
): Promise<void> {
  const isBegun = open.startedAt !== null;
  // Of one that has begun, a channel that is authorised meanwhile wants no more than its own steps (join-sync.ts).
  const isWider = type !== 'ALL' && open.type === 'ALL' && (!isBegun || trigger === 'ON_DEMAND');
  const person = psu && open.status !== 'RUNNING' ? { psu, psuSeenAt: now } : {};
  const change = { ...(isWider ? { type } : {}), ...person };
  if (Object.keys(change).length > 0) await updateSync(scope, tx, open.id, change);
  if (isWider && isBegun) await listAgain({ tx, scope }, open.id);
}

/**
 * Plans to list once more, behind everything else, the accounts of the channels that are listed already, or right now:
 * the bank's answer may be older than the wish. Accounts that this sync has read are not read again.
 */
async function listAgain({ tx, scope }: Pick<UserTransaction, 'tx' | 'scope'>, syncId: SyncId): Promise<void> {
  const steps = await listSteps(scope, tx, syncId);
  const lists = steps.filter(({ kind }) => kind === 'LIST_ACCOUNTS');
  const ahead = new Set(lists.filter(({ status }) => status === 'PENDING').map(({ channelId }) => channelId));
  const begun = lists.filter(({ status }) => status === 'SUCCEEDED' || status === 'RUNNING');
  const missed = [...new Set(begun.map(({ channelId }) => channelId))].filter((channelId) => !ahead.has(channelId));
  await insertSteps(
    scope,
    tx,
    missed.map((channelId, index) => ({
      syncId,
      position: steps.length + index + 1,
      kind: 'LIST_ACCOUNTS',
      channelId,
      status: 'PENDING',
    })),
  );
}
