import { notFound } from '../domain/failure.ts';
import type { Scope } from '../domain/viewer.ts';
import type { QueueId } from '../kernel/id.ts';
import { inSetUpTransaction } from '../store/log.ts';
import { deleteQueueRow, findQueue } from '../store/queues.ts';
import type { ActionContext } from './context.ts';

/** Deletes a queue with its consumers; the events stay in the log. Fails with NOT_FOUND. Appends queue.deleted. */
export async function deleteQueue(
  { database, clock }: Pick<ActionContext, 'database' | 'clock'>,
  scope: Scope,
  id: QueueId,
): Promise<void> {
  const queue = await findQueue(scope, database.db, id);
  if (!queue) throw notFound('queue');
  await inSetUpTransaction(database, queue.scope, async ({ tx, append }) => {
    if (!(await deleteQueueRow(queue.scope, tx, id))) throw notFound('queue');
    await append(clock.now(), { type: 'queue.deleted', facts: { queueId: id } });
  });
}
