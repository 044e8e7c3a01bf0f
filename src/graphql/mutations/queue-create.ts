import { createQueue } from '../../actions/create-queue.ts';
import { builder } from '../builder.ts';
import { attempt, idempotencyKeyDescription, ownerScopeOf, resultType } from '../mutation.ts';
import { keptId } from '../payload.ts';
import { scoped } from '../scope.ts';
import { eventTypeEnum } from '../types/event-type-enum.ts';
import { queueType } from '../types/queue.ts';

const input = builder.inputType('QueueCreateInput', {
  description: 'A new queue over a part of the log.',
  fields: (t) => ({
    name: t.string({ description: 'A name of your own, of at most 100 characters.' }),
    userId: t.id({
      description: 'Only events of this user; a user token needs none. Absent: of all users and your own.',
    }),
    types: t.field({ type: [eventTypeEnum], description: 'Only events of these types; all when absent or empty.' }),
    after: t.field({
      type: 'Cursor',
      description: 'Begin after this event, read by any transport. Absent: begin now.',
    }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

const payload = builder.objectRef<{ queueId: string }>('QueueCreatePayload').implement({
  description: 'The queue is made.',
  fields: (t) => ({
    queue: t.drizzleField({
      type: queueType,
      nullable: true,
      description: 'The queue; null when a repeated request finds it deleted since.',
      resolve: (query, { queueId }, _args, { db, viewer }) =>
        db.query.queues.findFirst(query({ where: scoped(viewer, { id: keptId('queue', queueId) }) })),
    }),
  }),
});

builder.mutationField('queueCreate', (t) =>
  t.field({
    type: resultType('QueueCreateResult', payload),
    authScopes: { permission: 'events_read' },
    description: 'Makes a queue, which is polled. Scope: events_read. Emits: queue.created.',
    args: { input: t.arg({ type: input, required: true, description: 'What it shows.' }) },
    resolve: (_root, args, context) =>
      attempt(context, { operation: 'queueCreate', input: args.input }, async () => {
        const { name = null, userId, types, after = null } = args.input;
        const scope = await ownerScopeOf(context, userId);
        return { queueId: await createQueue(context.actions, scope, { name, types: types ?? [], after }) };
      }),
  }),
);
