import { and, eq, exists, isNotNull, lte, notExists, asc, inArray, isNull, type SQL } from 'drizzle-orm';
import { openSyncStatuses } from '../domain/sync.ts';
import { scopeOfRow, type Scope, type UserScope } from '../domain/viewer.ts';
import type { ConnectionId } from '../kernel/id.ts';
import { inScope, type Executor } from './scope.ts';
import { connections } from './schema/connections.ts';
import { providers } from './schema/providers.ts';
import { syncs } from './schema/syncs.ts';

export type ConnectionRow = typeof connections.$inferSelect;
type ConnectionChange = Partial<Omit<ConnectionRow, 'id' | 'userId' | 'clientId' | 'createdAt'>>;

/** The connection, or undefined when it does not exist in this scope. */
export async function findConnection(scope: Scope, db: Executor, id: ConnectionId): Promise<ConnectionRow | undefined> {
  const [row] = await db
    .select()
    .from(connections)
    .where(and(eq(connections.id, id), inScope(connections, scope)));
  return row;
}

/** The connections of a user, the oldest first. */
export async function listConnectionIds(scope: UserScope, db: Executor): Promise<ConnectionId[]> {
  const rows = await db
    .select({ id: connections.id })
    .from(connections)
    .where(inScope(connections, scope))
    .orderBy(asc(connections.createdAt), asc(connections.id));
  return rows.map(({ id }) => id);
}

export async function insertConnection(
  scope: UserScope,
  db: Executor,
  row: Omit<typeof connections.$inferInsert, 'userId' | 'clientId'>,
): Promise<void> {
  await db.insert(connections).values({ ...row, userId: scope.userId, clientId: scope.clientId });
}

export async function updateConnection(
  scope: UserScope,
  db: Executor,
  id: ConnectionId,
  change: ConnectionChange,
): Promise<void> {
  await db
    .update(connections)
    .set(change)
    .where(and(eq(connections.id, id), inScope(connections, scope)));
}

/** Erases the connection and, by cascade, everything that hangs on it; false when it was gone already. */
export async function eraseConnection(scope: UserScope, db: Executor, id: ConnectionId): Promise<boolean> {
  const rows = await db
    .delete(connections)
    .where(and(eq(connections.id, id), inScope(connections, scope)))
    .returning({ id: connections.id });
  return rows.length > 0;
}

/**
 * Connections of all clients that should be synced by themselves and of which no sync is planned or open: one that was
 * cancelled before there was a plan.
 */
export async function unplannedConnections(db: Executor, limit: number): Promise<SelfSynced[]> {
  const isUnplanned = and(isNull(connections.nextSyncAt), eq(connections.status, 'ACTIVE'));
  return selfSynced(db, isUnplanned, connections.createdAt, limit);
}

/** Connections of all clients whose next sync is due and which have none open, the longest waiting first. */
export async function dueConnections(db: Executor, now: Date, limit: number): Promise<SelfSynced[]> {
  const isDue = and(
    isNotNull(connections.nextSyncAt),
    lte(connections.nextSyncAt, now),
    // One whose person must act has a plan only when another channel of it can be read; one that is being linked,
    // when its sign-in failed for a reason that passes.
    inArray(connections.status, ['ACTIVE', 'ACTION_REQUIRED', 'AUTHORIZING']),
  );
  return selfSynced(db, isDue, connections.nextSyncAt, limit);
}

interface SelfSynced {
  readonly id: ConnectionId;
  readonly scope: UserScope;
}

/** Those among them that are synced by themselves, at a provider that is offered, and have no sync open. */
async function selfSynced(
  db: Executor,
  condition: SQL | undefined,
  oldest: typeof connections.createdAt | typeof connections.nextSyncAt,
  limit: number,
): Promise<SelfSynced[]> {
  const rows = await db
    .select({ id: connections.id, userId: connections.userId, clientId: connections.clientId })
    .from(connections)
    .where(and(condition, isOffered(db), eq(connections.isAutoSync, true), hasNoOpenSync(db)))
    .orderBy(asc(oldest))
    .limit(limit);
  return rows.map((row) => ({ id: row.id, scope: scopeOfRow(row) }));
}

function hasNoOpenSync(db: Executor) {
  return notExists(
    db
      .select({ id: syncs.id })
      .from(syncs)
      .where(
        and(
          eq(syncs.connectionId, connections.id),
          eq(syncs.userId, connections.userId),
          inArray(syncs.status, [...openSyncStatuses]),
        ),
      ),
  );
}

/** The operator has not switched their provider off. */
function isOffered(db: Executor) {
  return exists(
    db
      .select({ id: providers.id })
      .from(providers)
      .where(and(eq(providers.id, connections.providerId), eq(providers.isEnabled, true))),
  );
}
