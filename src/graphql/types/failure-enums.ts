import {
  failureCatalogue,
  type FailureActor,
  type FailureCategory,
  type FailureCode,
  type RecoveryAction,
} from '../../domain/failure-catalogue.ts';
import { describeEnum } from './describe-enum.ts';

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.entries forgets the keys' type
const codeDescriptions = Object.fromEntries(
  Object.entries(failureCatalogue).map(([code, { message }]) => [code, message]),
) as Record<FailureCode, string>;

export const failureCodeEnum = describeEnum(
  'FailureCode',
  'Every failure there is. New codes may be added; none changes its meaning.',
  codeDescriptions,
);

export const failureCategoryEnum = describeEnum<FailureCategory>(
  'FailureCategory',
  'Which part of the world a failure comes from.',
  {
    AUTHENTICATION: 'The person at the bank: credentials, locks, captchas.',
    SCA: 'Strong customer authentication.',
    CONSENT: 'The consent and its life.',
    BANK: 'The bank’s own systems.',
    ACCOUNT: 'One account.',
    DATA: 'What the bank delivered.',
    CONNECTOR: 'Our connector to the bank.',
    SYNC: 'The run of a sync.',
    REQUEST: 'The request of the client.',
    PLATFORM: 'This installation.',
  },
);

export const failureActorEnum = describeEnum<FailureActor>('FailureActor', 'Who must act on a failure.', {
  USER: 'The person who owns the account.',
  CLIENT: 'The developer of the client application.',
  OPERATOR: 'Who runs this installation.',
  BANK: 'The bank; waiting is all that others can do.',
  NONE: 'Nobody: it passes, or it is final.',
});

export const recoveryActionEnum = describeEnum<RecoveryAction>('RecoveryAction', 'What can be done about a failure.', {
  NONE: 'Nothing is to be done.',
  RETRY_LATER: 'Try again, not before `retryAt` where it is given.',
  RECONNECT: 'Lead the person through linking again.',
  CHOOSE_ACCOUNT:
    'Let the person say which of its `mappingCandidates` the account is: `accountMerge`; or that it is none: `accountClose`.',
  UPDATE_CREDENTIALS: 'Ask the person for the credentials again.',
  ANSWER_CHALLENGE: 'Let the person answer the open challenge.',
  RENEW_CONSENT: 'Lead the person through a new consent.',
  ACCEPT_TERMS: 'Let the person accept the current terms: `termsAccept`.',
  ACT_AT_BANK: 'Ask the person to act on the bank’s own site.',
  CONTACT_BANK: 'Ask the person to contact the bank.',
  CONTACT_OPERATOR: 'Tell who runs this installation.',
  FIX_REQUEST: 'Correct the request before sending it again.',
});
