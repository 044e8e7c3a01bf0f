import { deleteQueue } from '../../actions/delete-queue.ts';
import { builder } from '../builder.ts';
import { globalId, readInputId } from '../global-id.ts';
import { attempt, idempotencyKeyDescription, resultType, scopeOfViewer } from '../mutation.ts';

const input = builder.inputType('QueueDeleteInput', {
  description: 'The queue to delete.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The id of the queue.' }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

const payload = builder.objectRef<{ queueId: string }>('QueueDeletePayload').implement({
  description: 'The queue is deleted; its events stay in the log.',
  fields: (t) => ({
    deletedQueueId: t.id({
      description: 'The id that the queue had.',
      resolve: ({ queueId }) => globalId('Queue', queueId),
    }),
  }),
});

builder.mutationField('queueDelete', (t) =>
  t.field({
    type: resultType('QueueDeleteResult', payload),
    authScopes: { permission: 'events_read' },
    description: 'Deletes a queue with its consumers. Scope: events_read. Emits: queue.deleted.',
    args: { input: t.arg({ type: input, required: true, description: 'The queue to delete.' }) },
    resolve: (_root, args, context) =>
      attempt(context, { operation: 'queueDelete', input: args.input }, async () => {
        const queueId = readInputId('Queue', args.input.id, 'id');
        await deleteQueue(context.actions, scopeOfViewer(context), queueId);
        return { queueId };
      }),
  }),
);
