import { z } from 'zod';
import { requestSyncs } from '../../actions/request-syncs.ts';
import type { FailureRecord } from '../../domain/failure.ts';
import { failureCatalogue } from '../../domain/failure-catalogue.ts';
import { builder } from '../builder.ts';
import { failureInterface } from '../failures.ts';
import { attempt, idempotencyKeyDescription, resultType, userScopeOf } from '../mutation.ts';
import { keptId } from '../payload.ts';
import { scoped } from '../scope.ts';
import { connectionType } from '../types/connection.ts';
import { syncTypeEnum } from '../types/sync-enums.ts';
import { syncType } from '../types/sync.ts';

const input = builder.inputType('ConnectionsSyncInput', {
  description: 'Whose connections to sync.',
  fields: (t) => ({
    userId: t.id({ description: 'Whose they are; needed with a client token.' }),
    type: t.field({ type: syncTypeEnum, required: true, defaultValue: 'ALL', description: 'What to read.' }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

interface Refused {
  readonly connectionId: string;
  readonly failure: FailureRecord;
}

const refusedType = builder.objectRef<Refused>('SyncRefusal').implement({
  description: 'A connection that cannot be synced now.',
  fields: (t) => ({
    connection: t.drizzleField({
      type: connectionType,
      nullable: true,
      description: 'The connection; null when a repeated request finds it deleted since.',
      resolve: (query, { connectionId }, _args, { db, viewer }) =>
        db.query.connections.findFirst(query({ where: scoped(viewer, { id: keptId('connection', connectionId) }) })),
    }),
    failure: t.field({ type: failureInterface, description: 'Why.', resolve: ({ failure }) => failure }),
  }),
});

/** What was refused, as it was kept. */
const keptRefusals = z.array(
  z.object({
    connectionId: z.string(),
    failure: z.object({
      code: z.custom<FailureRecord['code']>((code) => typeof code === 'string' && code in failureCatalogue),
      message: z.string(),
      retryAt: z.string().optional(),
    }),
  }),
);

const payload = builder.objectRef<{ syncIds: string; refused: string }>('ConnectionsSyncPayload').implement({
  description: 'The connections that can be are being synced.',
  fields: (t) => ({
    syncs: t.drizzleField({
      type: [syncType],
      description: 'The open sync of each connection, new or joined.',
      resolve: (query, { syncIds }, _args, { db, viewer }) => {
        const ids = syncIds.split(' ').flatMap((id) => (id === '' ? [] : [keptId('sync', id)]));
        return db.query.syncs.findMany(query({ where: scoped(viewer, { id: { in: ids } }), orderBy: { id: 'asc' } }));
      },
    }),
    refused: t.field({
      type: [refusedType],
      description: 'The connections that cannot be synced now, and why.',
      resolve: ({ refused }) =>
        keptRefusals.parse(JSON.parse(refused)).map(({ connectionId, failure: { retryAt, ...failure } }) => ({
          connectionId,
          failure: { ...failure, ...(retryAt === undefined ? {} : { retryAt }) },
        })),
    }),
  }),
});

builder.mutationField('connectionsSync', (t) =>
  t.field({
    type: resultType('ConnectionsSyncResult', payload),
    authScopes: { permission: 'connections_sync' },
    description:
      'Asks for a sync of every connection of a user, each as connectionSync does; one that is refused keeps nothing ' +
      'from the others. Scope: connections_sync. Emits: sync.queued, then the other events of each sync.',
    args: { input: t.arg({ type: input, required: true, description: 'Whose connections, and what to read.' }) },
    resolve: (_root, args, context) =>
      attempt(context, { operation: 'connectionsSync', input: args.input }, async () => {
        const scope = await userScopeOf(context, args.input.userId);
        const { syncIds, refused } = await requestSyncs(context.actions, scope, {
          type: args.input.type,
          psu: context.psu,
        });
        return { syncIds: syncIds.join(' '), refused: JSON.stringify(refused) };
      }),
  }),
);
