import { and, eq, sql } from 'drizzle-orm';
import type { EventType } from '../domain/event.ts';
import { scopeOfOwner, type Scope } from '../domain/viewer.ts';
import type { QueueId } from '../kernel/id.ts';
import { comparePlaces, placeOf } from './log-place.ts';
import { consumers, queues } from './schema/queues.ts';
import { inScope, type Executor } from './scope.ts';

/** A queue and the part of the log that it shows. */
export interface QueueRow {
  readonly id: QueueId;
  /** Whose events it shows. */
  readonly scope: Scope;
  readonly types: readonly EventType[];
  readonly startCursor: string;
}

/** The queue, or undefined when it does not exist in this scope. */
export async function findQueue(scope: Scope, db: Executor, id: QueueId): Promise<QueueRow | undefined> {
  const [row] = await db
    .select()
    .from(queues)
    .where(and(eq(queues.id, id), inScope(queues, scope)));
  return row && { id: row.id, scope: scopeOfOwner(row), types: row.types, startCursor: row.startCursor };
}

export async function insertQueue(
  scope: Scope,
  db: Executor,
  queue: Omit<typeof queues.$inferInsert, 'userId' | 'clientId'>,
): Promise<void> {
  await db.insert(queues).values({ ...queue, clientId: scope.clientId, userId: scope.userId ?? null });
}

/** Deletes the queue with its consumers; false when it was not there. */
export async function deleteQueueRow(scope: Scope, db: Executor, id: QueueId): Promise<boolean> {
  const deleted = await db
    .delete(queues)
    .where(and(eq(queues.id, id), inScope(queues, scope)))
    .returning({ id: queues.id });
  return deleted.length > 0;
}

/** How many queues this owner has: one user, or the client for itself. */
export async function countQueues(scope: Scope, db: Executor): Promise<number> {
  const rows = await db
    .select({ count: sql<number>`count(*)::int` })
    .from(queues)
    .where(
      and(
        eq(queues.clientId, scope.clientId),
        scope.userId ? eq(queues.userId, scope.userId) : sql`${queues.userId} is null`,
      ),
    );
  return rows[0]?.count ?? 0;
}

/** The cursor of a consumer, or null when it has acknowledged nothing yet. */
export async function findConsumerCursor(
  scope: Scope,
  db: Executor,
  queueId: QueueId,
  name: string,
): Promise<string | null> {
  const [row] = await db
    .select({ cursor: consumers.cursor })
    .from(consumers)
    .where(and(eq(consumers.queueId, queueId), eq(consumers.name, name), inScope(consumers, scope)));
  return row?.cursor ?? null;
}

interface ConsumerMove {
  readonly name: string;
  readonly cursor: string;
  readonly at: Date;
  /** False: only forward. A late or repeated acknowledgement then changes nothing. */
  readonly mayGoBack: boolean;
  readonly consumersMax: number;
}

/**
 * Moves the consumer's cursor and gives where it stands then; null when it would be one consumer too many. The row of
 * the queue is locked, so acknowledgements of one queue come one after another.
 */
export async function moveConsumer(
  scope: Scope,
  db: Executor,
  queueId: QueueId,
  { name, cursor, at, mayGoBack, consumersMax }: ConsumerMove,
): Promise<string | null> {
  await db
    .select({ id: queues.id })
    .from(queues)
    .where(and(eq(queues.id, queueId), inScope(queues, scope)))
    .for('update');
  const known = await db
    .select({ name: consumers.name, cursor: consumers.cursor })
    .from(consumers)
    .where(and(eq(consumers.queueId, queueId), inScope(consumers, scope)));
  const found = known.find((consumer) => consumer.name === name);
  if (!found) {
    if (known.length >= consumersMax) return null;
    const owner = { clientId: scope.clientId, userId: scope.userId ?? null };
    await db.insert(consumers).values({ queueId, ...owner, name, cursor, acknowledgedAt: at });
    return cursor;
  }
  if (!mayGoBack && comparePlaces(placeOf(cursor), placeOf(found.cursor)) <= 0) return found.cursor;
  await db
    .update(consumers)
    .set({ cursor, acknowledgedAt: at })
    .where(and(eq(consumers.queueId, queueId), eq(consumers.name, name), inScope(consumers, scope)));
  return cursor;
}
