import { cancelSync } from '../../actions/cancel-sync.ts';
import { builder } from '../builder.ts';
import { readInputId } from '../global-id.ts';
import { attempt, idempotencyKeyDescription, resultType, scopeOfViewer } from '../mutation.ts';
import { keptId } from '../payload.ts';
import { scoped } from '../scope.ts';
import { syncType } from '../types/sync.ts';

const input = builder.inputType('SyncCancelInput', {
  description: 'The sync to end.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The id of the sync.' }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

const payload = builder.objectRef<{ syncId: string }>('SyncCancelPayload').implement({
  description: 'The sync has ended.',
  fields: (t) => ({
    sync: t.drizzleField({
      type: syncType,
      nullable: true,
      description:
        'The sync: CANCELLED, or as it had ended before. Null when a repeated request finds it deleted since.',
      resolve: (query, { syncId }, _args, { db, viewer }) =>
        db.query.syncs.findFirst(query({ where: scoped(viewer, { id: keptId('sync', syncId) }) })),
    }),
  }),
});

builder.mutationField('syncCancel', (t) =>
  t.field({
    type: resultType('SyncCancelResult', payload),
    authScopes: { permission: 'connections_sync' },
    description:
      'Ends a sync that is queued, runs, or waits for the person. What it has read stays, and so does the state of its ' +
      'connection; asking twice is asking once. Scope: connections_sync. Emits: sync.cancelled, challenge.closed.',
    args: { input: t.arg({ type: input, required: true, description: 'The sync to end.' }) },
    resolve: (_root, args, context) =>
      attempt(context, { operation: 'syncCancel', input: args.input }, async () => {
        const syncId = readInputId('Sync', args.input.id, 'id');
        await cancelSync(context.actions, scopeOfViewer(context), syncId);
        return { syncId };
      }),
  }),
);
