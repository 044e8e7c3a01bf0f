import type { SyncStatus, SyncStepKind, SyncStepStatus, SyncTrigger, SyncType } from '../../domain/sync.ts';
import { describeEnum } from './describe-enum.ts';

export const syncTypeEnum = describeEnum<SyncType>('SyncType', 'What a sync reads.', {
  ALL: 'The accounts that are known.',
  LIST_ACCOUNTS: 'The list of accounts again, which adds deleted ones back, and then all of them.',
});

export const syncTriggerEnum = describeEnum<SyncTrigger>('SyncTrigger', 'Why a sync was started.', {
  INITIAL: 'The connection was just linked.',
  SCHEDULED: 'Its time had come.',
  ON_DEMAND: 'Somebody asked for it.',
});

export const syncStatusEnum = describeEnum<SyncStatus>(
  'SyncStatus',
  'The states of a sync; the first three are open.',
  {
    QUEUED: 'It waits for its turn.',
    RUNNING: 'It reads.',
    WAITING_FOR_USER: 'A challenge waits for the person.',
    SUCCEEDED: 'Every account was read.',
    PARTIALLY_SUCCEEDED: 'Some accounts were read; the steps name the others.',
    FAILED: 'No account was read; `failure` tells why.',
    ACTION_REQUIRED: 'It ended because the person must act; `failure` tells how.',
    CANCELLED: 'It was ended on request.',
  },
);

export const syncStepKindEnum = describeEnum<SyncStepKind>('SyncStepKind', 'What a step does.', {
  CHECK_CONSENT: 'Asks the bank whether the consent still holds.',
  SIGN_IN: 'Signs in with the credentials; a challenge may have to be answered.',
  LIST_ACCOUNTS: 'Lists the accounts.',
  READ_ACCOUNT: 'Reads the balances and transactions of one account.',
  CHECK_BOOKS: 'Compares balances with transactions.',
});

export const syncStepStatusEnum = describeEnum<SyncStepStatus>('SyncStepStatus', 'The states of a step.', {
  PENDING: 'Its turn has not come.',
  RUNNING: 'It is at work.',
  SUCCEEDED: 'It has done its work.',
  FAILED: 'It could not; `failure` tells why.',
  SKIPPED: 'It was not needed, or an earlier step failed.',
});
