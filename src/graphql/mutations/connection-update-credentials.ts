import { updateCredentials } from '../../actions/update-credentials.ts';
import { builder } from '../builder.ts';
import { readInputId } from '../global-id.ts';
import { attempt, idempotencyKeyDescription, resultType, scopeOfViewer } from '../mutation.ts';
import { keptId } from '../payload.ts';
import { scoped } from '../scope.ts';
import { connectionType } from '../types/connection.ts';
import { credentialInput } from '../types/credential-input.ts';
import { syncType } from '../types/sync.ts';

const input = builder.inputType('ConnectionUpdateCredentialsInput', {
  description: 'New credentials of a connection.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The id of the connection.' }),
    credentials: t.field({
      type: [credentialInput],
      required: true,
      description: 'The filled form of its channel, whole: nothing of the former one is kept.',
    }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

const payload = builder
  .objectRef<{ connectionId: string; syncId: string }>('ConnectionUpdateCredentialsPayload')
  .implement({
    description: 'The credentials are replaced, and a sync signs in with them.',
    fields: (t) => ({
      connection: t.drizzleField({
        type: connectionType,
        nullable: true,
        description: 'The connection; null when a repeated request finds it deleted since.',
        resolve: (query, { connectionId }, _args, { db, viewer }) =>
          db.query.connections.findFirst(query({ where: scoped(viewer, { id: keptId('connection', connectionId) }) })),
      }),
      sync: t.drizzleField({
        type: syncType,
        nullable: true,
        description: 'The sync that signs in; null when a repeated request finds it deleted since.',
        resolve: (query, { syncId }, _args, { db, viewer }) =>
          db.query.syncs.findFirst(query({ where: scoped(viewer, { id: keptId('sync', syncId) }) })),
      }),
    }),
  });

builder.mutationField('connectionUpdateCredentials', (t) =>
  t.field({
    type: resultType('ConnectionUpdateCredentialsResult', payload),
    authScopes: { permission: 'connections_manage' },
    description:
      'Replaces the credentials of a connection and syncs it with them; a sync under way is cancelled. Accounts and ' +
      'transactions stay. Scope: connections_manage. Emits: sync.queued, then the other events of the sync.',
    args: { input: t.arg({ type: input, required: true, description: 'The connection, and the filled form.' }) },
    resolve: (_root, args, context) =>
      attempt(context, { operation: 'connectionUpdateCredentials', input: args.input, hasSecret: true }, async () => {
        const connectionId = readInputId('Connection', args.input.id, 'id');
        const { syncId } = await updateCredentials(context.actions, scopeOfViewer(context), {
          connectionId,
          credentials: args.input.credentials,
          psu: context.psu,
        });
        return { connectionId, syncId };
      }),
  }),
);
