import { requestSync } from '../../actions/request-sync.ts';
import { builder } from '../builder.ts';
import { readInputId } from '../global-id.ts';
import { attempt, bankFailures, idempotencyKeyDescription, resultType, scopeOfViewer } from '../mutation.ts';
import { keptId } from '../payload.ts';
import { scoped } from '../scope.ts';
import { describeEnum } from '../types/describe-enum.ts';
import { syncTypeEnum } from '../types/sync-enums.ts';
import { syncType } from '../types/sync.ts';

const input = builder.inputType('ConnectionSyncInput', {
  description: 'The connection to sync.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The id of the connection.' }),
    type: t.field({ type: syncTypeEnum, required: true, defaultValue: 'ALL', description: 'What to read.' }),
    canJoin: t.boolean({
      required: true,
      defaultValue: true,
      description: 'False answers SYNC_ALREADY_RUNNING where a sync is open, in place of joining it.',
    }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

const outcomeEnum = describeEnum('SyncRequestOutcome', 'What became of a request for a sync.', {
  QUEUED: 'A sync of its own begins.',
  JOINED: 'A sync was open already, and the request joined it.',
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
    outcome: t.field({
      type: outcomeEnum,
      description: 'Whether it is a new one.',
      resolve: ({ isNew }) => (isNew ? 'QUEUED' : 'JOINED'),
    }),
  }),
});

builder.mutationField('connectionSync', (t) =>
  t.field({
    type: resultType('ConnectionSyncResult', payload, bankFailures),
    authScopes: { permission: 'connections_sync' },
    description:
      'Asks for a sync of a connection, or joins the one that is open. It runs in the background: follow it with ' +
      'the subscription syncEvents. With the header PSU-IP-Address the person is present, and the bank counts nothing. ' +
      'Without it, when the bank allows no more such calls for now, the answer is SyncFailure with ' +
      'SYNC_BUDGET_EXHAUSTED and `retryAt`. When the person must act first it is the failure that tells how. ' +
      'Scope: connections_sync. Emits: sync.queued, then the other events of the sync.',
    args: { input: t.arg({ type: input, required: true, description: 'The connection, and what to read.' }) },
    resolve: (_root, args, context) =>
      attempt(context, { operation: 'connectionSync', input: args.input }, async () => {
        const { syncId, isNew } = await requestSync(context.actions, scopeOfViewer(context), {
          connectionId: readInputId('Connection', args.input.id, 'id'),
          type: args.input.type,
          trigger: 'ON_DEMAND',
          psu: context.psu,
          canJoin: args.input.canJoin,
        });
        return { syncId, isNew };
      }),
  }),
);
