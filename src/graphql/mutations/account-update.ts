import { updateAccount } from '../../actions/update-account.ts';
import { accountPayload } from '../account-payload.ts';
import { builder } from '../builder.ts';
import { readInputId } from '../global-id.ts';
import { attempt, idempotencyKeyDescription, resultType, scopeOfViewer } from '../mutation.ts';
import { accountUsageEnum } from '../types/enums.ts';

const input = builder.inputType('AccountUpdateInput', {
  description: 'What a person decides of an account; what is absent stays, and no sync overwrites it.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The id of the account.' }),
    label: t.string({ description: 'What to call it, from 1 to 100 characters; null: as the bank does.' }),
    usage: t.field({ type: accountUsageEnum, description: 'What it is used for; null: what the bank says.' }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

const payload = accountPayload('AccountUpdatePayload', 'The account is changed.');

builder.mutationField('accountUpdate', (t) =>
  t.field({
    type: resultType('AccountUpdateResult', payload),
    authScopes: { permission: 'accounts_manage' },
    description: 'Sets what a person calls an account, or uses it for. Scope: accounts_manage. Emits: account.updated.',
    args: { input: t.arg({ type: input, required: true, description: 'The account, and what to change.' }) },
    resolve: (_root, args, context) =>
      attempt(context, { operation: 'accountUpdate', input: args.input }, async () => {
        const { id, label, usage } = args.input;
        const accountId = readInputId('Account', id, 'id');
        await updateAccount(context.actions, scopeOfViewer(context), {
          accountId,
          ...(label === undefined ? {} : { label }),
          ...(usage === undefined ? {} : { usage }),
        });
        return { accountId };
      }),
  }),
);
