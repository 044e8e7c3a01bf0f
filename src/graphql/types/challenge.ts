import type { ChallengeKind, ChallengeStatus } from '../../domain/sync.ts';
import { builder } from '../builder.ts';
import { globalId } from '../global-id.ts';
import { describeEnum } from './describe-enum.ts';

export const challengeKindEnum = describeEnum<ChallengeKind>(
  'ChallengeKind',
  'What a bank may ask while a sync runs.',
  {
    REDIRECT: 'To confirm on the bank’s pages.',
    OTP: 'A one-time code that it has sent.',
    CHOICE: 'To choose one of `options`.',
    APP_APPROVAL: 'To confirm in the bank’s app.',
    QUESTION: 'The answer to a question.',
    ACT_AT_BANK: 'To do something on the bank’s own site, such as accepting terms.',
  },
);

const challengeStatusEnum = describeEnum<ChallengeStatus>('ChallengeStatus', 'The life of a challenge.', {
  OPEN: 'It waits for the person.',
  ANSWERED: 'The person has answered.',
  EXPIRED: 'The person did not answer in time.',
  CANCELLED: 'The sync ended without it.',
});

interface ChallengeOption {
  readonly value: string;
  readonly label: string;
}

const challengeOptionType = builder.objectRef<ChallengeOption>('ChallengeOption').implement({
  description: 'One of the answers that a CHOICE allows.',
  fields: (t) => ({
    value: t.exposeString('value', { description: 'What to send as the answer.' }),
    label: t.exposeString('label', { description: 'What to show for it.' }),
  }),
});

builder.drizzleObject('challenges', {
  name: 'Challenge',
  description: 'A question that the bank asks during a sync.',
  select: { columns: { id: true } },
  fields: (t) => ({
    id: t.id({ description: 'Opaque id of the challenge.', resolve: ({ id }) => globalId('Challenge', id) }),
    kind: t.expose('kind', { type: challengeKindEnum, description: 'What is asked.' }),
    status: t.expose('status', { type: challengeStatusEnum, description: 'Whether it still waits.' }),
    prompt: t.exposeString('prompt', { description: 'What to show to the person, as the bank words it.' }),
    options: t.field({
      type: [challengeOptionType],
      description: 'The answers that a CHOICE allows; empty otherwise.',
      select: { columns: { options: true } },
      resolve: ({ options }) => options,
    }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When the bank stops waiting.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the bank asked.' }),
    closedAt: t.expose('closedAt', { type: 'DateTime', nullable: true, description: 'When it was answered or ended.' }),
    channel: t.relation('channel', { description: 'The channel on which the bank asks.' }),
    sync: t.relation('sync', { description: 'The sync that waits for the answer.' }),
  }),
});
