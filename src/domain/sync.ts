import type { LastSyncStatus } from './connection.ts';

/** ALL refreshes the known accounts; LIST_ACCOUNTS lists them again, adding deleted ones back, then does ALL. */
export const syncTypes = ['ALL', 'LIST_ACCOUNTS'] as const;
export type SyncType = (typeof syncTypes)[number];

export const syncTriggers = ['INITIAL', 'SCHEDULED', 'ON_DEMAND'] as const;
export type SyncTrigger = (typeof syncTriggers)[number];

/** The states of a sync. The first three are open: a connection has at most one open sync. */
export const syncStatuses = [
  'QUEUED',
  'RUNNING',
  'WAITING_FOR_USER',
  'SUCCEEDED',
  'PARTIALLY_SUCCEEDED',
  'FAILED',
  'ACTION_REQUIRED',
  'CANCELLED',
] as const;
export type SyncStatus = (typeof syncStatuses)[number];

export const openSyncStatuses = ['QUEUED', 'RUNNING', 'WAITING_FOR_USER'] as const satisfies readonly SyncStatus[];

/** How the connection tells of a sync that has ended by itself; one that was cancelled leaves what was told before. */
export const lastSyncStatusOf = {
  SUCCEEDED: 'SUCCESS',
  PARTIALLY_SUCCEEDED: 'PARTIAL_SUCCESS',
  FAILED: 'FAILED',
  ACTION_REQUIRED: 'FAILED',
} as const satisfies Partial<Record<SyncStatus, LastSyncStatus>>;

/**
 * The steps of a sync, in order. A channel begins with SIGN_IN where it is reached with credentials, else with
 * CHECK_CONSENT; READ_ACCOUNT occurs once for each account.
 */
export const syncStepKinds = ['CHECK_CONSENT', 'SIGN_IN', 'LIST_ACCOUNTS', 'READ_ACCOUNT', 'CHECK_BOOKS'] as const;
export type SyncStepKind = (typeof syncStepKinds)[number];

export const syncStepStatuses = ['PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED', 'SKIPPED'] as const;
export type SyncStepStatus = (typeof syncStepStatuses)[number];

/** What a bank may ask while a sync runs. */
export const challengeKinds = ['REDIRECT', 'OTP', 'CHOICE', 'APP_APPROVAL', 'QUESTION', 'ACT_AT_BANK'] as const;
export type ChallengeKind = (typeof challengeKinds)[number];

export const challengeStatuses = ['OPEN', 'ANSWERED', 'EXPIRED', 'CANCELLED'] as const;
export type ChallengeStatus = (typeof challengeStatuses)[number];

/** What became of an answer; LOST: a worker died with it, so the bank may never have seen it and is asked anew. */
export const challengeOutcomes = ['ACCEPTED', 'REFUSED', 'LOST'] as const;
export type ChallengeOutcome = (typeof challengeOutcomes)[number];

/** How many transactions a sync created, updated and voided, and how many it found unchanged. */
export interface ChangeCounts {
  readonly created: number;
  readonly updated: number;
  readonly voided: number;
  readonly unchanged: number;
}

export const noChanges: ChangeCounts = { created: 0, updated: 0, voided: 0, unchanged: 0 };

/** The sum of two counts. */
export function addCounts(left: ChangeCounts, right: ChangeCounts): ChangeCounts {
  return {
    created: left.created + right.created,
    updated: left.updated + right.updated,
    voided: left.voided + right.voided,
    unchanged: left.unchanged + right.unchanged,
  };
}
