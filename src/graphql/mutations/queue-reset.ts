import { resetQueue } from '../../actions/acknowledge-queue.ts';
import { defaultConsumer } from '../../events/queue.ts';
import { builder } from '../builder.ts';
import { readInputId } from '../global-id.ts';
import { attempt, idempotencyKeyDescription, resultType, scopeOfViewer } from '../mutation.ts';
import { keptId } from '../payload.ts';
import { scoped } from '../scope.ts';
import { queueType } from '../types/queue.ts';

const input = builder.inputType('QueueResetInput', {
  description: 'To which time a consumer goes back, or forward.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The id of the queue.' }),
    consumer: t.string({ description: 'Which consumer; `default` when absent.' }),
    toAt: t.field({
      type: 'DateTime',
      description: 'Events from this time on come again. Absent: all that the log keeps.',
    }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

const payload = builder.objectRef<{ queueId: string; cursor: string }>('QueueResetPayload').implement({
  description: 'The consumer stands there.',
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

builder.mutationField('queueReset', (t) =>
  t.field({
    type: resultType('QueueResetResult', payload),
    authScopes: { permission: 'events_read' },
    description:
      'Puts a consumer where the events of a time begin; it polls from there again. ' +
      'Scope: events_read. Emits: nothing. What comes again has the ids that it had.',
    args: { input: t.arg({ type: input, required: true, description: 'The queue, the consumer and the place.' }) },
    resolve: (_root, args, context) =>
      attempt(context, { operation: 'queueReset', input: args.input }, async () => {
        const queueId = readInputId('Queue', args.input.id, 'id');
        const consumer = args.input.consumer ?? defaultConsumer;
        const to = args.input.toAt ?? null;
        const cursor = await resetQueue(context.actions, scopeOfViewer(context), queueId, { consumer, to });
        return { queueId, cursor };
      }),
  }),
);
