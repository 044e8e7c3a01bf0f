import { deleteUser } from '../../actions/delete-user.ts';
import { builder } from '../builder.ts';
import { globalId } from '../global-id.ts';
import { attempt, idempotencyKeyDescription, resultType, userScopeOf } from '../mutation.ts';

const input = builder.inputType('UserDeleteInput', {
  description: 'The user to delete.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The id of the user.' }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

const payload = builder.objectRef<{ userId: string }>('UserDeletePayload').implement({
  description: 'The user is deleted, with everything that was the user’s.',
  fields: (t) => ({
    deletedUserId: t.id({
      description: 'The id that the user had.',
      resolve: ({ userId }) => globalId('User', userId),
    }),
  }),
});

builder.mutationField('userDelete', (t) =>
  t.field({
    type: resultType('UserDeleteResult', payload),
    authScopes: { permission: 'users_manage' },
    description:
      'Deletes a user with all connections, accounts and transactions, ends the consents and frees the e-mail. ' +
      'It cannot be undone. Scope: users_manage. Emits: user.deleted, consent.revoked.',
    args: { input: t.arg({ type: input, required: true, description: 'The user to delete.' }) },
    resolve: (_root, args, context) =>
      attempt(context, { operation: 'userDelete', input: args.input }, async () => {
        const scope = await userScopeOf(context, args.input.id, 'id');
        await deleteUser(context.actions, scope);
        return { userId: scope.userId };
      }),
  }),
);
