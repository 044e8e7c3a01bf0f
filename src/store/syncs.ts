import { and, asc, desc, eq, inArray, isNull, lte, notInArray, or, sql } from 'drizzle-orm';
import { openSyncStatuses } from '../domain/sync.ts';
import { scopeOfRow, type Scope, type UserScope } from '../domain/viewer.ts';
import type { ConnectionId, SyncId } from '../kernel/id.ts';
import { inScope, type Executor } from './scope.ts';
import { syncSteps, syncs } from './schema/syncs.ts';

export type SyncRow = typeof syncs.$inferSelect;
export type SyncStepRow = typeof syncSteps.$inferSelect;
type SyncChange = Partial<Omit<SyncRow, 'id' | 'userId' | 'clientId' | 'connectionId'>>;
type StepChange = Partial<Omit<SyncStepRow, 'syncId' | 'userId' | 'clientId' | 'position'>>;

/** The sync, or undefined when it does not exist in this scope. */
export async function findSync(scope: Scope, db: Executor, id: SyncId): Promise<SyncRow | undefined> {
  const [row] = await db
    .select()
    .from(syncs)
    .where(and(eq(syncs.id, id), inScope(syncs, scope)));
  return row;
}

/** The open sync of a connection: there is at most one. */
export async function findOpenSync(
  scope: UserScope,
  db: Executor,
  connectionId: ConnectionId,
): Promise<SyncRow | undefined> {
  const [row] = await db
    .select()
    .from(syncs)
    .where(
      and(eq(syncs.connectionId, connectionId), inArray(syncs.status, [...openSyncStatuses]), inScope(syncs, scope)),
    );
  return row;
}

/** How the last sync of a connection that ran to its end did end; undefined when none has. */
export async function findLastEndedSync(
  scope: UserScope,
  db: Executor,
  connectionId: ConnectionId,
): Promise<SyncRow | undefined> {
  const [row] = await db
    .select()
    .from(syncs)
    .where(
      and(
        eq(syncs.connectionId, connectionId),
        notInArray(syncs.status, [...openSyncStatuses, 'CANCELLED']),
        inScope(syncs, scope),
      ),
    )
    .orderBy(desc(syncs.requestedAt), desc(syncs.id))
    .limit(1);
  return row;
}

export async function insertSync(
  scope: UserScope,
  db: Executor,
  row: Omit<typeof syncs.$inferInsert, 'userId' | 'clientId'>,
): Promise<void> {
  await db.insert(syncs).values({ ...row, userId: scope.userId, clientId: scope.clientId });
}

export async function updateSync(scope: UserScope, db: Executor, id: SyncId, change: SyncChange): Promise<void> {
  await db
    .update(syncs)
    .set(change)
    .where(and(eq(syncs.id, id), inScope(syncs, scope)));
}

/**
 * Extends the lease of a running sync; false when this attempt no longer holds it. `attempt` is the fencing token: a
 * worker that was thought dead and wakes up again holds an old one.
 */
export async function extendLease(
  scope: UserScope,
  db: Executor,
  held: { syncId: SyncId; attempt: number },
  until: Date,
): Promise<boolean> {
  const rows = await db
    .update(syncs)
    .set({ leaseExpiresAt: until })
    .where(
      and(
        eq(syncs.id, held.syncId),
        eq(syncs.attempt, held.attempt),
        eq(syncs.status, 'RUNNING'),
        inScope(syncs, scope),
      ),
    )
    .returning({ id: syncs.id });
  return rows.length > 0;
}

/** The steps of a sync in their order. */
export async function listSteps(scope: UserScope, db: Executor, syncId: SyncId): Promise<SyncStepRow[]> {
  return db
    .select()
    .from(syncSteps)
    .where(and(eq(syncSteps.syncId, syncId), inScope(syncSteps, scope)))
    .orderBy(asc(syncSteps.position));
}

export async function insertSteps(
  scope: UserScope,
  db: Executor,
  rows: readonly Omit<typeof syncSteps.$inferInsert, 'userId' | 'clientId'>[],
): Promise<void> {
  if (rows.length === 0) return;
  await db.insert(syncSteps).values(rows.map((row) => ({ ...row, userId: scope.userId, clientId: scope.clientId })));
}

export async function updateStep(
  scope: UserScope,
  db: Executor,
  of: { syncId: SyncId; position: number },
  change: StepChange,
): Promise<void> {
  await db
    .update(syncSteps)
    .set(change)
    .where(and(eq(syncSteps.syncId, of.syncId), eq(syncSteps.position, of.position), inScope(syncSteps, scope)));
}

interface StrandedSync {
  readonly id: SyncId;
  readonly attempt: number;
  readonly status: SyncRow['status'];
  readonly scope: UserScope;
}

/**
 * Open syncs of all clients that nobody works on: running ones whose lease has run out, queued ones whose job should
 * have come long ago (requested before `queuedBefore`), and waiting ones whose bank is to be asked again or whose time
 * is up. Those that had begun come first, then those that have waited longest: a long queue hides no dead worker.
 */
export async function strandedSyncs(
  db: Executor,
  now: Date,
  queuedBefore: Date,
  limit: number,
): Promise<StrandedSync[]> {
  const rows = await db
    .select({
      id: syncs.id,
      attempt: syncs.attempt,
      status: syncs.status,
      userId: syncs.userId,
      clientId: syncs.clientId,
    })
    .from(syncs)
    .where(
      or(
        and(eq(syncs.status, 'RUNNING'), or(isNull(syncs.leaseExpiresAt), lte(syncs.leaseExpiresAt, now))),
        and(eq(syncs.status, 'QUEUED'), lte(syncs.requestedAt, queuedBefore)),
        and(eq(syncs.status, 'WAITING_FOR_USER'), lte(syncs.resumeAt, now)),
      ),
    )
    .orderBy(sql`${syncs.status} = 'QUEUED'`, asc(syncs.requestedAt), asc(syncs.id))
    .limit(limit);
  return rows.map((row) => ({
    id: row.id,
    attempt: row.attempt,
    status: row.status,
    scope: scopeOfRow(row),
  }));
}
