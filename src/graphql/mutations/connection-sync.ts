import { requestSync } from '../../actions/request-sync.ts';
import { builder } from '../builder.ts';
import { readInputId } from '../global-id.ts';
import { attempt, bankFailures, idempotencyKeyDescription, resultType, scopeOfViewer } from '../mutation.ts';
import { keptId } from '../payload.ts';
import { scoped } from '../scope.ts';
import { syncTypeEnum } from '../types/sync-enums.ts';
import { syncType } from '../types/sync.ts';

const input = builder.inputType('ConnectionSyncInput', {
  description: 'The connection to sync.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The id of the connection.' }),
    type: t.field({ type: syncTypeEnum, required: true, defaultValue: 'ALL', description: 'What to read.' }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

const payload = builder.objectRef<{ syncId: string; isNew: boolean }>('ConnectionSyncPayload').implement({
  description: 'The connection is being synced.',
  fields: (t) => ({
    sync: t.drizzleField({
      type: syncType,
      nullable: true,
      description: 'The open sync; null when a repeated request finds it deleted since.',
      resolve: (query, { syncId }, _args, { db, viewer }) =>
        db.query.syncs.findFirst(query({ where: scoped(viewer, { id: keptId('sync', syncId) }) })),
    }),
    isNew: t.exposeBoolean('isNew', { description: 'False when a sync was open already and the request joined it.' }),
  }),
});

builder.mutationField('connectionSync', (t) =>
  t.field({
    type: resultType('ConnectionSyncResult', payload, bankFailures),
    authScopes: { permission: 'connections_sync' },
    description:
      'Asks for a sync of a connection, or joins the one that is open. It runs in the background: follow it with ' +
      'the subscription syncEvents. Scope: connections_sync. Emits: sync.queued, then the other events of the sync.',
    args: { input: t.arg({ type: input, required: true, description: 'The connection, and what to read.' }) },
    resolve: (_root, args, context) =>
      attempt(context, { operation: 'connectionSync', input: args.input }, async () => {
        const { syncId, isNew } = await requestSync(context.actions, scopeOfViewer(context), {
          connectionId: readInputId('Connection', args.input.id, 'id'),
          type: args.input.type,
          trigger: 'ON_DEMAND',
          psu: context.psu,
        });
        return { syncId, isNew };
      }),
  }),
);
