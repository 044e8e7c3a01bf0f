import { closeAccount } from '../../actions/close-account.ts';
import { accountPayload } from '../account-payload.ts';
import { builder } from '../builder.ts';
import { readInputId } from '../global-id.ts';
import { attempt, idempotencyKeyDescription, resultType, scopeOfViewer } from '../mutation.ts';

const input = builder.inputType('AccountCloseInput', {
  description: 'The account to close.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The id of an account that was not found.' }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

const payload = accountPayload('AccountClosePayload', 'The account is closed.');

builder.mutationField('accountClose', (t) =>
  t.field({
    type: resultType('AccountCloseResult', payload),
    authScopes: { permission: 'accounts_manage' },
    description:
      'Says that an account which the bank lists no more is none of those that it lists: it is CLOSED, keeps its ' +
      'history, and nobody is asked which one it is. It opens again if the bank ever lists it under its own numbers. ' +
      'Scope: accounts_manage. Emits: account.updated.',
    args: { input: t.arg({ type: input, required: true, description: 'The account to close.' }) },
    resolve: (_root, args, context) =>
      attempt(context, { operation: 'accountClose', input: args.input }, async () => {
        const accountId = readInputId('Account', args.input.id, 'id');
        await closeAccount(context.actions, scopeOfViewer(context), accountId);
        return { accountId };
      }),
  }),
);
