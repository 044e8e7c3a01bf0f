import { deleteConnection } from '../../actions/delete-connection.ts';
import { builder } from '../builder.ts';
import { globalId, readInputId } from '../global-id.ts';
import { attempt, idempotencyKeyDescription, resultType, scopeOfViewer } from '../mutation.ts';

const input = builder.inputType('ConnectionDeleteInput', {
  description: 'The connection to delete.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The id of the connection.' }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

const payload = builder.objectRef<{ connectionId: string }>('ConnectionDeletePayload').implement({
  description: 'The connection is deleted, with its accounts and transactions.',
  fields: (t) => ({
    deletedConnectionId: t.id({
      description: 'The id that the connection had.',
      resolve: ({ connectionId }) => globalId('Connection', connectionId),
    }),
  }),
});

builder.mutationField('connectionDelete', (t) =>
  t.field({
    type: resultType('ConnectionDeleteResult', payload),
    authScopes: { permission: 'connections_manage' },
    description:
      'Deletes a connection with its accounts, transactions and secrets, and ends its consents at the bank. ' +
      'It cannot be undone. Scope: connections_manage. Emits: connection.deleted, consent.revoked.',
    args: { input: t.arg({ type: input, required: true, description: 'The connection to delete.' }) },
    resolve: (_root, args, context) =>
      attempt(context, { operation: 'connectionDelete', input: args.input }, async () => {
        const connectionId = readInputId('Connection', args.input.id, 'id');
        await deleteConnection(context.actions, scopeOfViewer(context), connectionId);
        return { connectionId };
      }),
  }),
);
