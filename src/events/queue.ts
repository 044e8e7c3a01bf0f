import type { LogEntry } from '../domain/event.ts';
import { notFound } from '../domain/failure.ts';
import type { Scope } from '../domain/viewer.ts';
import type { QueueId } from '../kernel/id.ts';
import type { Database } from '../store/database.ts';
import { distanceBehind, type Distance } from '../store/log-distance.ts';
import { findConsumerCursor, findQueue, type QueueRow } from '../store/queues.ts';
import type { EventReader } from './event-reader.ts';

/** The consumer of who names none. */
export const defaultConsumer = 'default';
const lagCountMax = 1000;

interface PollOptions {
  readonly consumer: string;
  /** Reads on from here instead of from what is acknowledged; null: from there. */
  readonly after: string | null;
  readonly limit: number;
  /** Ends the wait for an event; null does not wait. */
  readonly waiting: AbortSignal | null;
}

/** What a poll found. */
export interface QueueBatch {
  readonly events: readonly LogEntry[];
  /** What to acknowledge once the events are dealt with. */
  readonly cursor: string;
  readonly hasMore: boolean;
}

/**
 * The next events of a consumer that are not acknowledged, oldest first: the same again until they are, so one that
 * dies in between loses nothing. When there are none, waits for the log to move until `waiting` aborts. Fails with
 * NOT_FOUND for a queue out of the scope, CURSOR_INVALID.
 */
export async function pollQueue(
  database: Database,
  events: EventReader,
  scope: Scope,
  id: QueueId,
  { consumer, after, limit, waiting }: PollOptions,
): Promise<QueueBatch> {
  const queue = await findQueue(scope, database.db, id);
  if (!queue) throw notFound('queue');
  const from = after ?? (await cursorOf(database, queue, consumer));
  const filter = queue.types.length > 0 ? { types: queue.types } : {};
  const read = async (): Promise<QueueBatch> => {
    const page = await events.read(queue.scope, { after: from, limit, ...filter });
    return { events: page.events, cursor: page.events.at(-1)?.cursor ?? from, hasMore: page.hasMore };
  };
  const batch = await read();
  if (batch.events.length > 0 || !waiting || waiting.aborted) return batch;
  const stream = await events.stream(queue.scope, { after: from, signal: waiting, ...filter });
  const { done } = await stream.next();
  await stream.return?.();
  return done ? batch : read();
}

/** How much of its queue a consumer has not acknowledged, counted up to a thousand. */
export async function consumerLag(database: Database, scope: Scope, id: QueueId, consumer: string): Promise<Distance> {
  const queue = await findQueue(scope, database.db, id);
  if (!queue) throw notFound('queue');
  const after = await cursorOf(database, queue, consumer);
  return distanceBehind(database, queue.scope, { after, types: queue.types, countMax: lagCountMax });
}

async function cursorOf(database: Database, queue: QueueRow, consumer: string): Promise<string> {
  return (await findConsumerCursor(queue.scope, database.db, queue.id, consumer)) ?? queue.startCursor;
}
