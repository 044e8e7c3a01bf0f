import { Failure, invalidInput, notFound } from '../domain/failure.ts';
import type { Scope } from '../domain/viewer.ts';
import type { QueueId } from '../kernel/id.ts';
import { cursorBefore } from '../store/log-distance.ts';
import { comparePlaces, cursorAt, placeOf } from '../store/log-place.ts';
import { headOfLog } from '../store/log-reader.ts';
import { prunedUpTo } from '../store/prune-log.ts';
import { findQueue, moveConsumer, type QueueRow } from '../store/queues.ts';
import type { ActionContext } from './context.ts';
import { ofField } from './of-field.ts';

const consumersPerQueueMax = 20;
/** How long the name of a consumer may be; it has one character at least. */
export const consumerCharactersMax = 100;

interface Acknowledgement {
  readonly consumer: string;
  /** The cursor of the last event that was dealt with: it and all before it. */
  readonly cursor: string;
}

/**
 * Moves a consumer's cursor forward; what is acknowledged already stays so. The first acknowledgement makes the
 * consumer. Gives where it stands. Failures: NOT_FOUND; CURSOR_INVALID, also beyond the end of the log, which would
 * skip what has not happened yet; VALIDATION_FAILED; CONFLICT for one consumer too many.
 */
export async function acknowledgeQueue(
  context: Pick<ActionContext, 'database' | 'clock'>,
  scope: Scope,
  id: QueueId,
  { consumer, cursor }: Acknowledgement,
): Promise<string> {
  const { database } = context;
  const queue = await findQueue(scope, database.db, id);
  if (!queue) throw notFound('queue');
  const upTo = await ofField('cursor', () => placeOf(cursor));
  const head = await headOfLog(database, queue.scope);
  // A queue that was made at this moment may begin after the last event.
  const isReached = [head, queue.startCursor].some((end) => comparePlaces(upTo, placeOf(end)) <= 0);
  if (!isReached) {
    const message = 'This cursor is beyond the end of the log.';
    throw new Failure('CURSOR_INVALID', { message, issues: [{ path: ['cursor'], message }] });
  }
  return move(context, queue, consumer, cursor, false);
}

/**
 * Puts a consumer where the events at this time begin, or at the beginning of what the log keeps when it is null: it
 * polls from there again. Gives the cursor. Failures: NOT_FOUND, VALIDATION_FAILED, CONFLICT.
 */
export async function resetQueue(
  context: Pick<ActionContext, 'database' | 'clock'>,
  scope: Scope,
  id: QueueId,
  { consumer, to }: { readonly consumer: string; readonly to: Date | null },
): Promise<string> {
  const queue = await findQueue(scope, context.database.db, id);
  if (!queue) throw notFound('queue');
  const cursor = to
    ? await cursorBefore(context.database, queue.scope, to)
    : cursorAt(await prunedUpTo(context.database, queue.scope));
  return move(context, queue, consumer, cursor, true);
}

async function move(
  { database, clock }: Pick<ActionContext, 'database' | 'clock'>,
  queue: QueueRow,
  name: string,
  cursor: string,
  mayGoBack: boolean,
): Promise<string> {
  if (name.length === 0 || name.length > consumerCharactersMax) {
    throw invalidInput([{ path: ['consumer'], message: `Must have from 1 to ${consumerCharactersMax} characters.` }]);
  }
  return database.db.transaction(async (tx) => {
    const at = clock.now();
    const moved = await moveConsumer(queue.scope, tx, queue.id, {
      name,
      cursor,
      at,
      mayGoBack,
      consumersMax: consumersPerQueueMax,
    });
    if (moved !== null) return moved;
    throw new Failure('CONFLICT', { message: `At most ${consumersPerQueueMax} consumers for one queue.` });
  });
}
