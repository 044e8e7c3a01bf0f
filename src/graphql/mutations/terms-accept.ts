import { acceptTerms } from '../../actions/accept-terms.ts';
import { builder } from '../builder.ts';
import { attempt, idempotencyKeyDescription, resultType, userScopeOf } from '../mutation.ts';
import { keptId } from '../payload.ts';
import { scopedUsers } from '../scope.ts';
import { userType } from '../types/user.ts';

const input = builder.inputType('TermsAcceptInput', {
  description: 'Which terms a person accepts.',
  fields: (t) => ({
    version: t.string({ required: true, description: 'The version that the person was shown: `client.termsVersion`.' }),
    userId: t.id({ description: 'Who accepts: needed with a client token, which passes on what the person did.' }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

const payload = builder.objectRef<{ userId: string }>('TermsAcceptPayload').implement({
  description: 'The terms are accepted.',
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

builder.mutationField('termsAccept', (t) =>
  t.field({
    type: resultType('TermsAcceptResult', payload),
    authScopes: { permission: 'connections_manage' },
    description:
      'Accepts the client’s terms in the name of a person, who must have seen them. Banks can be linked afterwards. ' +
      'Scope: connections_manage. Emits: terms.accepted.',
    args: { input: t.arg({ type: input, required: true, description: 'The version, and who accepts it.' }) },
    resolve: (_root, args, context) =>
      attempt(context, { operation: 'termsAccept', input: args.input }, async () => {
        const scope = await userScopeOf(context, args.input.userId);
        await acceptTerms(context.actions, scope, args.input.version);
        return { userId: scope.userId };
      }),
  }),
);
