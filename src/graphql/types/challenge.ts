import type { ChallengeDetails, ChallengeOption } from '../../domain/challenge.ts';
import type { ChallengeKind, ChallengeOutcome, ChallengeStatus } from '../../domain/sync.ts';
import { builder } from '../builder.ts';
import { globalId } from '../global-id.ts';
import { describeEnum } from './describe-enum.ts';

export const challengeKindEnum = describeEnum<ChallengeKind>(
  'ChallengeKind',
  'What a bank may ask while a sync runs.',
  {
    REDIRECT: 'To confirm on the bank’s pages.',
    OTP: 'A one-time code that it has sent.',
    CHOICE: 'To choose one of several answers.',
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

const challengeOutcomeEnum = describeEnum<ChallengeOutcome>('ChallengeOutcome', 'What became of an answer.', {
  ACCEPTED: 'The bank was content with it.',
  REFUSED: 'The bank was not; a new challenge follows where it allows another try.',
  LOST: 'The bank may never have seen it; it asks anew.',
});

const reasonEnum = describeEnum<DetailsOf<'ACT_AT_BANK'>['reason']>('BankActionReason', 'What a bank waits for.', {
  TERMS: 'Terms are to be accepted.',
  IDENTITY_CHECK: 'The person is to prove who he is.',
  OTHER: 'Something else, which the bank tells on its site.',
});

type DetailsOf<Kind extends ChallengeKind> = Extract<ChallengeDetails, { kind: Kind }>;

const typeNames = {
  OTP: 'OtpChallenge',
  CHOICE: 'ChoiceChallenge',
  QUESTION: 'QuestionChallenge',
  APP_APPROVAL: 'AppApprovalChallenge',
  ACT_AT_BANK: 'ActAtBankChallenge',
  REDIRECT: 'RedirectChallenge',
} as const satisfies Record<ChallengeKind, string>;

const columns = { id: true, kind: true, details: true } as const;

export const challengeInterface = builder.drizzleInterface('challenges', {
  variant: 'Challenge',
  description: 'A question that the bank asks during a sync; each kind is a type of its own.',
  select: { columns },
  resolveType: ({ kind }) => typeNames[kind],
  fields: (t) => ({
    id: t.id({ description: 'Opaque id of the challenge.', resolve: ({ id }) => globalId('Challenge', id) }),
    kind: t.expose('kind', { type: challengeKindEnum, description: 'What is asked.' }),
    status: t.expose('status', { type: challengeStatusEnum, description: 'Whether it still waits.' }),
    outcome: t.expose('outcome', {
      type: challengeOutcomeEnum,
      nullable: true,
      description: 'What became of the answer; null until the bank has spoken.',
    }),
    prompt: t.exposeString('prompt', {
      description: 'What to show to the person, as the bank words it; empty where it gives no words.',
    }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When the bank stops waiting.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the bank asked.' }),
    closedAt: t.expose('closedAt', { type: 'DateTime', nullable: true, description: 'When it was answered or ended.' }),
    channel: t.relation('channel', { description: 'The channel on which the bank asks.' }),
    sync: t.relation('sync', { description: 'The sync that waits for the answer.' }),
  }),
});

/** The facts of a challenge of this kind; the type was chosen by the kind, so anything else is a bug. */
function detailsOf<Kind extends ChallengeKind>(kind: Kind, { details }: { details: ChallengeDetails }) {
  if (!isOfKind(kind, details)) throw new Error(`A challenge of kind ${kind} has other details.`);
  return details;
}

function isOfKind<Kind extends ChallengeKind>(kind: Kind, details: ChallengeDetails): details is DetailsOf<Kind> {
  return details.kind === kind;
}

const pollDescription = 'How often the bank is asked whether it is settled; challengeAnswer asks at once.';

builder.drizzleObject('challenges', {
  variant: typeNames.OTP,
  description: 'A one-time code that the bank has sent, or that a device of the person shows.',
  interfaces: [challengeInterface],
  select: { columns },
  fields: (t) => ({
    sentTo: t.string({
      nullable: true,
      description: 'Where the code went, masked as the bank shows it; null where it does not tell.',
      resolve: (row) => detailsOf('OTP', row).sentTo,
    }),
    attemptsLeft: t.int({
      nullable: true,
      description: 'How many answers the bank still takes; null where it does not tell.',
      resolve: (row) => detailsOf('OTP', row).attemptsLeft,
    }),
    lengthMax: t.int({
      description: 'How many characters the answer may have.',
      resolve: (row) => detailsOf('OTP', row).lengthMax,
    }),
    isNumeric: t.boolean({
      description: 'True when the answer is digits only.',
      resolve: (row) => detailsOf('OTP', row).isNumeric,
    }),
  }),
});

const challengeOptionType = builder.objectRef<ChallengeOption>('ChallengeOption').implement({
  description: 'One of the answers that a CHOICE allows.',
  fields: (t) => ({
    value: t.exposeString('value', { description: 'What to send as the answer.' }),
    label: t.exposeString('label', { description: 'What to show for it.' }),
  }),
});

builder.drizzleObject('challenges', {
  variant: typeNames.CHOICE,
  description: 'A choice among several answers, such as the phone to which a code goes.',
  interfaces: [challengeInterface],
  select: { columns },
  fields: (t) => ({
    options: t.field({
      type: [challengeOptionType],
      description: 'The answers to choose from.',
      resolve: (row) => detailsOf('CHOICE', row).options,
    }),
  }),
});

builder.drizzleObject('challenges', {
  variant: typeNames.QUESTION,
  description: 'A question in the bank’s words.',
  interfaces: [challengeInterface],
  select: { columns },
  fields: (t) => ({
    isSecret: t.boolean({
      description: 'True when the answer must not be shown while it is typed.',
      resolve: (row) => detailsOf('QUESTION', row).isSecret,
    }),
    lengthMax: t.int({
      description: 'How many characters the answer may have.',
      resolve: (row) => detailsOf('QUESTION', row).lengthMax,
    }),
  }),
});

builder.drizzleObject('challenges', {
  variant: typeNames.APP_APPROVAL,
  description: 'An approval in the bank’s app. Nothing is to be answered.',
  interfaces: [challengeInterface],
  select: { columns },
  fields: (t) => ({
    comparisonCode: t.string({
      nullable: true,
      description: 'What the app shows as well, so that the person knows which request it is.',
      resolve: (row) => detailsOf('APP_APPROVAL', row).comparisonCode,
    }),
    pollAfterSeconds: t.int({
      description: pollDescription,
      resolve: (row) => detailsOf('APP_APPROVAL', row).pollAfterSeconds,
    }),
  }),
});

builder.drizzleObject('challenges', {
  variant: typeNames.ACT_AT_BANK,
  description: 'Something to settle on the bank’s own site. Nothing is to be answered.',
  interfaces: [challengeInterface],
  select: { columns },
  fields: (t) => ({
    reason: t.field({
      type: reasonEnum,
      description: 'What the bank waits for.',
      resolve: (row) => detailsOf('ACT_AT_BANK', row).reason,
    }),
    url: t.field({
      type: 'URL',
      nullable: true,
      description: 'Where to settle it; null where the bank does not tell.',
      resolve: (row) => detailsOf('ACT_AT_BANK', row).url,
    }),
    pollAfterSeconds: t.int({
      description: pollDescription,
      resolve: (row) => detailsOf('ACT_AT_BANK', row).pollAfterSeconds,
    }),
  }),
});

builder.drizzleObject('challenges', {
  variant: typeNames.REDIRECT,
  description: 'A confirmation on the bank’s pages, which send the browser back to us. Nothing is to be answered.',
  interfaces: [challengeInterface],
  select: { columns },
  fields: (t) => ({
    authorizationUrl: t.field({
      type: 'URL',
      description: 'The page of the bank to send the person to.',
      resolve: (row) => detailsOf('REDIRECT', row).url,
    }),
  }),
});
