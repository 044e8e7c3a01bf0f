import { acknowledgeQueue } from '../../actions/acknowledge-queue.ts';
import { defaultConsumer } from '../../events/queue.ts';
import { builder } from '../builder.ts';
import { readInputId } from '../global-id.ts';
import { attempt, idempotencyKeyDescription, resultType, scopeOfViewer } from '../mutation.ts';
import { keptId } from '../payload.ts';
import { scoped } from '../scope.ts';
import { queueType } from '../types/queue.ts';

const input = builder.inputType('QueueAcknowledgeInput', {
  description: 'Up to where a consumer has dealt with the events of a queue.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The id of the queue.' }),
    consumer: t.string({ description: 'Which consumer; `default` when absent.' }),
    cursor: t.field({
      type: 'Cursor',
      required: true,
      description: 'The cursor of the last event that was dealt with: it and all before it.',
    }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

const payload = builder.objectRef<{ queueId: string; cursor: string }>('QueueAcknowledgePayload').implement({
  description: 'The consumer stands behind these events.',
  fields: (t) => ({
    cursor: t.expose('cursor', { type: 'Cursor', description: 'Where the consumer stands now.' }),
    queue: t.drizzleField({
      type: queueType,
      nullable: true,
      description: 'The queue; null when a repeated request finds it deleted since.',
      resolve: (query, { queueId }, _args, { db, viewer }) =>
        db.query.queues.findFirst(query({ where: scoped(viewer, { id: keptId('queue', queueId) }) })),
    }),
  }),
});

builder.mutationField('queueAcknowledge', (t) =>
  t.field({
    type: resultType('QueueAcknowledgeResult', payload),
    authScopes: { permission: 'events_read' },
    description:
      'Acknowledges events, so that polling goes on behind them. An older cursor changes nothing. ' +
      'Scope: events_read. Emits: nothing. Acknowledging is no fact about anybody.',
    args: { input: t.arg({ type: input, required: true, description: 'The queue, the consumer and the place.' }) },
    resolve: (_root, args, context) =>
      attempt(context, { operation: 'queueAcknowledge', input: args.input }, async () => {
        const queueId = readInputId('Queue', args.input.id, 'id');
        const consumer = args.input.consumer ?? defaultConsumer;
        const { cursor: upTo } = args.input;
        const cursor = await acknowledgeQueue(context.actions, scopeOfViewer(context), queueId, {
          consumer,
          cursor: upTo,
        });
        return { queueId, cursor };
      }),
  }),
);
