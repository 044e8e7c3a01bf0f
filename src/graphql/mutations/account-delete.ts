import { deleteAccount } from '../../actions/delete-account.ts';
import { builder } from '../builder.ts';
import { globalId, readInputId } from '../global-id.ts';
import { attempt, idempotencyKeyDescription, resultType, scopeOfViewer } from '../mutation.ts';

const input = builder.inputType('AccountDeleteInput', {
  description: 'The account to delete.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The id of the account.' }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

const payload = builder.objectRef<{ accountId: string }>('AccountDeletePayload').implement({
  description: 'The account is deleted, with its transactions.',
  fields: (t) => ({
    deletedAccountId: t.id({
      description: 'The id that the account had, and has again if it is ever listed anew.',
      resolve: ({ accountId }) => globalId('Account', accountId),
    }),
  }),
});

builder.mutationField('accountDelete', (t) =>
  t.field({
    type: resultType('AccountDeleteResult', payload),
    authScopes: { permission: 'accounts_manage' },
    description:
      'Deletes an account with its transactions. No sync brings it back but one of type LIST_ACCOUNTS. With its last ' +
      'account a channel loses its secrets and its consents, and with its last channel the connection is deleted. ' +
      'Scope: accounts_manage. Emits: account.deleted, consent.revoked, channel.status_changed, connection.deleted.',
    args: { input: t.arg({ type: input, required: true, description: 'The account to delete.' }) },
    resolve: (_root, args, context) =>
      attempt(context, { operation: 'accountDelete', input: args.input }, async () => {
        const accountId = readInputId('Account', args.input.id, 'id');
        await deleteAccount(context.actions, scopeOfViewer(context), accountId);
        return { accountId };
      }),
  }),
);
