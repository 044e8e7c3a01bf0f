import type { LastSyncStatus } from '../domain/connection.ts';
import { Failure, notFound } from '../domain/failure.ts';
import { lastSyncStatusOf, openSyncStatuses } from '../domain/sync.ts';
import { scopeOfRow, type Scope } from '../domain/viewer.ts';
import { millisecondsPerDay } from '../kernel/clock.ts';
import type { SyncId } from '../kernel/id.ts';
import { listOpenChallenges } from '../store/challenges.ts';
import { closeChallenge } from '../store/close-challenge.ts';
import { findConnection, updateConnection } from '../store/connections.ts';
import { inUserTransaction, type UserTransaction } from '../store/log.ts';
import { findLastEndedSync, findSync, listSteps, updateStep, updateSync, type SyncRow } from '../store/syncs.ts';
import { audit } from './audit.ts';
import type { ActionContext } from './context.ts';

/**
 * Ends a sync that is queued, runs, or waits for the person; one that has ended is left as it is, so that asking twice
 * is asking once. A worker finds its lease gone and can commit nothing more; what it has committed stays. Failure:
 * NOT_FOUND outside of the scope.
 */
export async function cancelSync(context: ActionContext, scope: Scope, syncId: SyncId): Promise<void> {
  const found = await findSync(scope, context.database.db, syncId);
  if (!found) throw notFound('sync');
  const owner = scopeOfRow(found);
  await inUserTransaction(context.database, owner, async (transaction) => {
    const sync = await findSync(owner, transaction.tx, syncId);
    if (!sync) throw notFound('sync');
    if (!openSyncStatuses.some((open) => open === sync.status)) return;
    await endByRequest(transaction, sync, context.clock.now());
    await audit(context, transaction, 'sync.cancel', { connectionId: sync.connectionId, syncId });
  });
}

/** Ends an open sync on request; the connection stays what it was before. */
export async function endByRequest(transaction: UserTransaction, sync: SyncRow, now: Date): Promise<void> {
  const { tx, scope, append } = transaction;
  const { id: syncId, connectionId } = sync;
  for (const step of await listSteps(scope, tx, syncId)) {
    if (step.finishedAt === null) await updateStep(scope, tx, step, { status: 'SKIPPED', finishedAt: now });
  }
  for (const challenge of await listOpenChallenges(scope, tx, syncId)) {
    await closeChallenge(transaction, challenge, { status: 'CANCELLED', outcome: null }, now);
  }
  const failure = new Failure('SYNC_CANCELLED').toRecord();
  const ended = { status: 'CANCELLED', psu: null, leaseExpiresAt: null, resumeAt: null, finishedAt: now } as const;
  await updateSync(scope, tx, syncId, { ...ended, failure });
  await restoreConnection(transaction, sync, now);
  await append(now, { type: 'sync.cancelled', facts: { connectionId, syncId } });
}

async function restoreConnection({ tx, scope }: UserTransaction, sync: SyncRow, now: Date): Promise<void> {
  const connection = await findConnection(scope, tx, sync.connectionId);
  if (!connection) return;
  const last = await findLastEndedSync(scope, tx, sync.connectionId);
  const { nextSyncAt } = connection;
  await updateConnection(scope, tx, sync.connectionId, {
    lastSyncStatus: last ? lastStatusOf(last) : 'NONE',
    // What was cancelled is not begun again in a minute: the same time on the next day that there is.
    ...(nextSyncAt && nextSyncAt <= now ? { nextSyncAt: sameTimeAfter(nextSyncAt, now) } : {}),
    updatedAt: now,
  });
}

function lastStatusOf({ status }: SyncRow): LastSyncStatus {
  return Object.entries(lastSyncStatusOf).find(([ended]) => ended === status)?.[1] ?? 'NONE';
}

function sameTimeAfter(time: Date, now: Date): Date {
  const days = Math.floor((now.getTime() - time.getTime()) / millisecondsPerDay) + 1;
  return new Date(time.getTime() + days * millisecondsPerDay);
}
