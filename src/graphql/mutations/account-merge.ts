import { mergeAccounts } from '../../actions/merge-accounts.ts';
import { accountPayload } from '../account-payload.ts';
import { builder } from '../builder.ts';
import { globalId, readInputId } from '../global-id.ts';
import { attempt, idempotencyKeyDescription, resultType, scopeOfViewer } from '../mutation.ts';

const input = builder.inputType('AccountMergeInput', {
  description: 'The two accounts that are one.',
  fields: (t) => ({
    accountId: t.id({ required: true, description: 'The one that the bank lists no more; it keeps its id.' }),
    mergedAccountId: t.id({
      required: true,
      description: 'The one under which the bank lists it now, such as one of its `mappingCandidates`; it goes.',
    }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

const payload = accountPayload<{ accountId: string; mergedAccountId: string }>(
  'AccountMergePayload',
  'The accounts are one.',
  'The account that stays',
);

builder.objectField(payload, 'deletedAccountId', (t) =>
  t.id({
    description: 'The id that the other one had; nothing has it any more.',
    resolve: ({ mergedAccountId }) => globalId('Account', mergedAccountId),
  }),
);

builder.mutationField('accountMerge', (t) =>
  t.field({
    type: resultType('AccountMergeResult', payload),
    authScopes: { permission: 'accounts_manage' },
    description:
      'Says that an account which the bank lists as a new one is one that is known. The known one keeps its id, its ' +
      'label and all that was decided, and takes over the numbers, balances and transactions of the other, which is ' +
      'deleted. A transaction that both have keeps the id that it has in the account that stays, all others keep ' +
      'theirs. Both must be of one channel, type and currency, no number may contradict, and the bank may never have ' +
      'listed both at one time. Scope: accounts_manage. Emits: account.deleted, account.updated, transactions.changed.',
    args: { input: t.arg({ type: input, required: true, description: 'The two accounts.' }) },
    resolve: (_root, args, context) =>
      attempt(context, { operation: 'accountMerge', input: args.input }, async () => {
        const accountId = readInputId('Account', args.input.accountId, 'accountId');
        const mergedAccountId = readInputId('Account', args.input.mergedAccountId, 'mergedAccountId');
        await mergeAccounts(context.actions, scopeOfViewer(context), { accountId, mergedAccountId });
        return { accountId, mergedAccountId };
      }),
  }),
);
