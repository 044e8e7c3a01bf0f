import { createUser } from '../../actions/create-user.ts';
import { builder } from '../builder.ts';
import { attempt, idempotencyKeyDescription, resultType, scopeOfViewer } from '../mutation.ts';
import { keptId } from '../payload.ts';
import { requestError } from '../request-error.ts';
import { scopedUsers } from '../scope.ts';
import { userType } from '../types/user.ts';

const input = builder.inputType('UserCreateInput', {
  description: 'A new user.',
  fields: (t) => ({
    email: t.string({ required: true, description: 'Unique within the client, whatever its case.' }),
    password: t.string({ required: true, description: 'At least 6 characters, with a letter and a digit.' }),
    locale: t.field({ type: 'Locale', description: 'The language that the person reads.' }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

const payload = builder.objectRef<{ userId: string }>('UserCreatePayload').implement({
  description: 'The user is created.',
  fields: (t) => ({
    user: t.drizzleField({
      type: userType,
      nullable: true,
      description: 'The new user; null when a repeated request finds it deleted since.',
      resolve: (query, { userId }, _args, { db, viewer }) =>
        db.query.users.findFirst(query({ where: scopedUsers(viewer, { id: keptId('user', userId) }) })),
    }),
  }),
});

builder.mutationField('userCreate', (t) =>
  t.field({
    type: resultType('UserCreateResult', payload),
    authScopes: { permission: 'users_manage' },
    description: 'Creates a user of the client. Scope: users_manage, by a client token. Emits: user.created.',
    args: { input: t.arg({ type: input, required: true, description: 'The new user.' }) },
    resolve: (_root, args, context) =>
      attempt(context, { operation: 'userCreate', input: args.input, hasSecret: true }, async () => {
        if (context.viewer.kind === 'user') throw requestError('FORBIDDEN', 'Only a client token may create users.');
        const { email, password, locale } = args.input;
        const { clientId } = scopeOfViewer(context);
        return { userId: await createUser(context.actions, clientId, { email, password, locale: locale ?? null }) };
      }),
  }),
);
