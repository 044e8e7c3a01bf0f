import { answerChallenge } from '../../actions/answer-challenge.ts';
import { builder } from '../builder.ts';
import { readInputId } from '../global-id.ts';
import { attempt, idempotencyKeyDescription, resultType, scopeOfViewer } from '../mutation.ts';
import { keptId } from '../payload.ts';
import { scoped } from '../scope.ts';
import { challengeInterface } from '../types/challenge.ts';
import { syncType } from '../types/sync.ts';

const input = builder.inputType('ChallengeAnswerInput', {
  description: 'The answer to a question of the bank.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The id of the challenge.' }),
    answer: t.string({
      description:
        'The code, the value of an option, or the answer; absent for what is settled elsewhere. Used once, and erased.',
    }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

const payload = builder.objectRef<{ challengeId: string; syncId: string }>('ChallengeAnswerPayload').implement({
  description: 'The answer is on its way to the bank; the sync tells what the bank makes of it.',
  fields: (t) => ({
    challenge: t.drizzleField({
      type: challengeInterface,
      nullable: true,
      description: 'The challenge; null when a repeated request finds it deleted since.',
      resolve: (query, { challengeId }, _args, { db, viewer }) =>
        db.query.challenges.findFirst(query({ where: scoped(viewer, { id: keptId('challenge', challengeId) }) })),
    }),
    sync: t.drizzleField({
      type: syncType,
      nullable: true,
      description: 'The sync that goes on; null when a repeated request finds it deleted since.',
      resolve: (query, { syncId }, _args, { db, viewer }) =>
        db.query.syncs.findFirst(query({ where: scoped(viewer, { id: keptId('sync', syncId) }) })),
    }),
  }),
});

builder.mutationField('challengeAnswer', (t) =>
  t.field({
    type: resultType('ChallengeAnswerResult', payload, ['ScaFailure']),
    authScopes: { permission: 'connections_manage' },
    description:
      'Answers a challenge, or without an answer has the bank asked at once whether it is settled. A wrong answer that ' +
      'the bank forgives comes back as a new challenge; one that is late is a ScaFailure with SCA_TIMEOUT. ' +
      'Scope: connections_manage. Emits: challenge.closed, then the other events of the sync.',
    args: { input: t.arg({ type: input, required: true, description: 'The challenge, and the answer.' }) },
    resolve: (_root, args, context) =>
      attempt(context, { operation: 'challengeAnswer', input: args.input, hasSecret: true }, async () => {
        const challengeId = readInputId('Challenge', args.input.id, 'id');
        const { syncId } = await answerChallenge(context.actions, scopeOfViewer(context), {
          challengeId,
          answer: args.input.answer ?? null,
          psu: context.psu,
        });
        return { challengeId, syncId };
      }),
  }),
);
