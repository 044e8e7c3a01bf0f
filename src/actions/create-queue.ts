import type { EventType } from '../domain/event.ts';
import { Failure, invalidInput } from '../domain/failure.ts';
import type { Scope } from '../domain/viewer.ts';
import { newId, type QueueId } from '../kernel/id.ts';
import { headOfLog } from '../store/log-reader.ts';
import { inSetUpTransaction } from '../store/log.ts';
import { assertKept } from '../store/prune-log.ts';
import { countQueues, insertQueue } from '../store/queues.ts';
import type { ActionContext } from './context.ts';
import { ofField } from './of-field.ts';

interface NewQueueInput {
  readonly name: string | null;
  /** Empty for every type. */
  readonly types: readonly EventType[];
  /** Begins after this cursor of the log, of whatever transport; null begins now. */
  readonly after: string | null;
}

const nameCharactersMax = 100;
const queuesPerOwnerMax = 20;

/**
 * Makes a queue over the events of one user, or of all users of the client and its own. Failures: VALIDATION_FAILED,
 * CURSOR_INVALID, CURSOR_EXPIRED, CONFLICT when the owner has too many. Appends queue.created.
 */
export async function createQueue(
  { database, clock }: Pick<ActionContext, 'database' | 'clock'>,
  scope: Scope,
  input: NewQueueInput,
): Promise<QueueId> {
  const name = input.name?.trim() || null;
  if (name && name.length > nameCharactersMax) {
    throw invalidInput([{ path: ['name'], message: `Must have at most ${nameCharactersMax} characters.` }]);
  }
  const { after } = input;
  if (after !== null) await ofField('after', () => assertKept(database, scope, after));
  const now = clock.now();
  const id = newId('queue', now);
  const startCursor = input.after ?? (await headOfLog(database, scope));
  await inSetUpTransaction(database, scope, async ({ tx, append }) => {
    if ((await countQueues(scope, tx)) >= queuesPerOwnerMax) {
      const message = `At most ${queuesPerOwnerMax} queues for one user, and as many for the client: delete one first.`;
      throw new Failure('CONFLICT', { message });
    }
    await insertQueue(scope, tx, { id, name, types: [...new Set(input.types)], startCursor, createdAt: now });
    await append(now, { type: 'queue.created', facts: { queueId: id } });
  });
  return id;
}
