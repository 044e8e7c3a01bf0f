import { builder } from '../builder.ts';
import { globalId } from '../global-id.ts';
import { attempt, idempotencyKeyDescription, resultType, userScopeOf } from '../mutation.ts';

const input = builder.inputType('UserExportInput', {
  description: 'Whose data to export.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The id of the user.' }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

const payload = builder.objectRef<{ userId: string }>('UserExportPayload').implement({
  description: 'The archive can be fetched.',
  fields: (t) => ({
    downloadUrl: t.field({
      type: 'URL',
      description:
        'Where the archive is made while it is fetched, with `Authorization: Bearer` and a token of the same scope: ' +
        'lines of JSON, the last one signed with a key of `/oauth/jwks`.',
      resolve: ({ userId }, _args, { actions }) => `${actions.publicUrl}/exports/users/${globalId('User', userId)}`,
    }),
  }),
});

builder.mutationField('userExport', (t) =>
  t.field({
    type: resultType('UserExportResult', payload),
    authScopes: { permission: 'users_manage' },
    description:
      'Gives the address of an archive of everything that is kept about a user. ' +
      'Scope: users_manage. Emits: nothing. Fetching the archive is written into the audit log.',
    args: { input: t.arg({ type: input, required: true, description: 'Whose data.' }) },
    resolve: (_root, args, context) =>
      attempt(context, { operation: 'userExport', input: args.input }, async () => {
        const { userId } = await userScopeOf(context, args.input.id, 'id');
        return { userId };
      }),
  }),
);
