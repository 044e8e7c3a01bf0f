import { and, eq, exists, isNotNull, lte, notExists, asc, inArray, isNull } from 'drizzle-orm';
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
export async function unplannedConnections(
  db: Executor,
  limit: number,
): Promise<{ id: ConnectionId; scope: UserScope }[]> {
  const rows = await db
    .select({ id: connections.id, userId: connections.userId, clientId: connections.clientId })
    .from(connections)
    .where(
      and(
        isNull(connections.nextSyncAt),
        eq(connections.status, 'ACTIVE'),
        eq(connections.isAutoSync, true),
        hasNoOpenSync(db),
        isOffered(db),
      ),
    )
    .orderBy(asc(connections.createdAt))
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

/** Connections of all clients whose next sync is due and which have none open, the longest waiting first. */
export async function dueConnections(
  db: Executor,
  now: Date,
  limit: number,
): Promise<{ id: ConnectionId; scope: UserScope }[]> {
  const rows = await db
    .select({ id: connections.id, userId: connections.userId, clientId: connections.clientId })
    .from(connections)
    .where(
      and(
        isNotNull(connections.nextSyncAt),
        lte(connections.nextSyncAt, now),
        // One whose person must act has a plan only when another channel of it can be read; one that is being linked,
        // when its sign-in failed for a reason that passes.
        inArray(connections.status, ['ACTIVE', 'ACTION_REQUIRED', 'AUTHORIZING']),
        isOffered(db),
        eq(connections.isAutoSync, true),
        hasNoOpenSync(db),
      ),
    )
    .orderBy(asc(connections.nextSyncAt))
    .limit(limit);
  return rows.map((row) => ({ id: row.id, scope: scopeOfRow(row) }));
}
