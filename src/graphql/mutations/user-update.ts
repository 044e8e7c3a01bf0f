import { updateUser } from '../../actions/update-user.ts';
import { builder } from '../builder.ts';
import { attempt, idempotencyKeyDescription, resultType, userScopeOf } from '../mutation.ts';
import { keptId } from '../payload.ts';
import { scopedUsers } from '../scope.ts';
import { userType } from '../types/user.ts';

const input = builder.inputType('UserUpdateInput', {
  description: 'What to change of a user; what is absent stays.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The id of the user.' }),
    email: t.string({ description: 'A new address; unique within the client, whatever its case.' }),
    password: t.string({ description: 'A new password: at least 6 characters, with a letter and a digit.' }),
    locale: t.field({ type: 'Locale', description: 'Another language; null takes it away.' }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

const payload = builder.objectRef<{ userId: string }>('UserUpdatePayload').implement({
  description: 'The user is changed.',
  fields: (t) => ({
    user: t.drizzleField({
      type: userType,
      nullable: true,
      description: 'The user; null when a repeated request finds it deleted since.',
      resolve: (query, { userId }, _args, { db, viewer }) =>
        db.query.users.findFirst(query({ where: scopedUsers(viewer, { id: keptId('user', userId) }) })),
    }),
  }),
});

builder.mutationField('userUpdate', (t) =>
  t.field({
    type: resultType('UserUpdateResult', payload),
    authScopes: { permission: 'users_manage' },
    description: 'Changes a user. Scope: users_manage. Emits: user.updated.',
    args: { input: t.arg({ type: input, required: true, description: 'The user, and what to change.' }) },
    resolve: (_root, args, context) =>
      attempt(context, { operation: 'userUpdate', input: args.input, hasSecret: true }, async () => {
        const scope = await userScopeOf(context, args.input.id, 'id');
        const { email, password, locale } = args.input;
        await updateUser(context.actions, scope, {
          ...(email === null || email === undefined ? {} : { email }),
          ...(password === null || password === undefined ? {} : { password }),
          ...(locale === undefined ? {} : { locale }),
        });
        return { userId: scope.userId };
      }),
  }),
);
