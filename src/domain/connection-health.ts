import { failureOfChallenge } from './challenge.ts';
import type { ConnectionStatus, LastSyncStatus } from './connection.ts';
import { failureCatalogue, type FailureActor, type FailureCode, type RecoveryAction } from './failure-catalogue.ts';
import { Failure, type FailureRecord } from './failure.ts';
import type { ChallengeKind } from './sync.ts';

/** How a connection is, in one word. */
export type HealthStatus = 'HEALTHY' | 'DEGRADED' | 'BROKEN' | 'UNKNOWN';

/**
 * Data that was read longer ago than this is stale: a daily sync comes at the same time each day, and one that was put
 * off because the connection had just been synced comes at most 28 hours after that.
 */
export const staleAfterMilliseconds = 30 * 3_600_000;

/** A challenge that waits for the person, and where to settle it, if that is on a page. */
interface OpenChallenge {
  readonly kind: ChallengeKind;
  readonly url: string | null;
}

/** What the health of a connection is judged by. */
export interface HealthFacts {
  readonly status: ConnectionStatus;
  readonly lastSyncStatus: LastSyncStatus;
  readonly failure: FailureRecord | null;
  readonly lastSyncedAt: Date | null;
  readonly createdAt: Date;
  /** True while one of its channels can be read, whatever the other one waits for. */
  readonly isAnyChannelReadable: boolean;
  readonly isProviderEnabled: boolean;
  /** True when its banks answer while the person is present only: nothing is read by itself. */
  readonly isPersonNeeded: boolean;
  /** What its bank has asked the person, while a sync waits for him; null while none does. */
  readonly openChallenge: OpenChallenge | null;
  /** True while a channel that has not been authorised yet waits for the person on the pages of its bank. */
  readonly isRedirectAwaited: boolean;
  /** True when a consent of it ends soon and no new one is asked for yet. */
  readonly isConsentExpiring: boolean;
  /** True when a new account may be one that the bank lists no more, and only the person can tell. */
  readonly isMappingRequired: boolean;
}

/** Since when its data is stale; null while it is not. What was never read is stale from the beginning. */
export function staleSince({ lastSyncedAt, createdAt }: HealthFacts, now: Date): Date | null {
  if (!lastSyncedAt) return createdAt;
  const since = new Date(lastSyncedAt.getTime() + staleAfterMilliseconds);
  return since <= now ? since : null;
}

export function healthStatus(facts: HealthFacts, now: Date): HealthStatus {
  switch (facts.status) {
    case 'AUTHORIZING':
      return 'UNKNOWN';
    case 'ACTION_REQUIRED':
      return facts.isAnyChannelReadable ? 'DEGRADED' : 'BROKEN';
    case 'SUSPENDED':
    case 'CLOSED':
      return 'BROKEN';
    case 'ACTIVE':
      if (!facts.lastSyncedAt && !facts.failure) return 'UNKNOWN';
      return isIncomplete(facts) || !facts.isProviderEnabled || staleSince(facts, now) ? 'DEGRADED' : 'HEALTHY';
  }
}

function isIncomplete({ failure, isMappingRequired }: HealthFacts): boolean {
  return failure !== null || isMappingRequired;
}

/** Why: what stands in the way, else what soon will; null when all is well. */
export function healthFailure(facts: HealthFacts, now: Date): FailureRecord | null {
  if (facts.openChallenge) return new Failure(failureOfChallenge[facts.openChallenge.kind]).toRecord();
  if (facts.failure) return facts.failure;
  if (facts.isRedirectAwaited) return new Failure('SCA_REDIRECT_REQUIRED').toRecord();
  if (!facts.isProviderEnabled) return new Failure('CONNECTOR_DISABLED').toRecord();
  if (facts.isPersonNeeded && facts.status === 'ACTIVE' && staleSince(facts, now))
    return new Failure('SYNC_PERSON_REQUIRED').toRecord();
  if (facts.isMappingRequired) return new Failure('ACCOUNT_MAPPING_REQUIRED').toRecord();
  return facts.isConsentExpiring ? new Failure('CONSENT_EXPIRING').toRecord() : null;
}

/** What is to be done, by whom, and how. */
export interface NextStep {
  readonly action: RecoveryAction;
  readonly actor: FailureActor;
  /** The mutation that begins it, or that follows what is done at the bank; null where there is none. */
  readonly mutation: string | null;
  /** The page to send the person to; null where there is none. */
  readonly url: string | null;
}

const mutationOf: Partial<Record<RecoveryAction, string>> = {
  RECONNECT: 'consentRenew',
  CHOOSE_ACCOUNT: 'accountMerge',
  RENEW_CONSENT: 'consentRenew',
  UPDATE_CREDENTIALS: 'connectionUpdateCredentials',
  ACCEPT_TERMS: 'termsAccept',
};

/** What we must be told once the person has done at the bank what is to be done there. */
const mutationAfterBank: Partial<Record<FailureCode, string>> = {
  PASSWORD_CHANGE_REQUIRED: 'connectionUpdateCredentials',
};

interface Ways {
  /** The bank's page of a consent that was asked for and waits for the person. */
  readonly authorizationUrl: string | null;
  /** The bank's own site. */
  readonly websiteUrl: string | null;
  /** Null when no sync waits for the person: he must be asked anew, by a sync while he is present. */
  readonly openChallenge: OpenChallenge | null;
  /** False when nothing runs by itself: whoever wants what passes to be tried again must ask for it. */
  readonly isSyncPlanned: boolean;
}

/** The way out of a failure; null where there is none to take, or none is needed. */
export function nextStepOf(failure: FailureRecord | null, ways: Ways): NextStep | null {
  if (!failure) return null;
  if (ways.openChallenge) return answerTo(ways.openChallenge, ways.websiteUrl);
  const { actor, recovery: action } = failureCatalogue[failure.code];
  switch (action) {
    case 'NONE':
      return null;
    case 'RECONNECT':
    case 'RENEW_CONSENT':
      return ways.authorizationUrl
        ? { action, actor, mutation: null, url: ways.authorizationUrl }
        : { action, actor, mutation: mutationOf[action] ?? null, url: null };
    case 'ANSWER_CHALLENGE':
      return { action, actor, mutation: 'connectionSync', url: null };
    case 'ACT_AT_BANK':
    case 'CONTACT_BANK':
      return { action, actor, mutation: mutationAfterBank[failure.code] ?? null, url: ways.websiteUrl };
    case 'RETRY_LATER':
      return { action, actor, mutation: ways.isSyncPlanned ? null : 'connectionSync', url: null };
    case 'CHOOSE_ACCOUNT':
    case 'UPDATE_CREDENTIALS':
    case 'ACCEPT_TERMS':
    case 'CONTACT_OPERATOR':
    case 'FIX_REQUEST':
      return { action, actor, mutation: mutationOf[action] ?? null, url: null };
  }
}

/** What the person is to do about a challenge; what is settled on a page needs only him. */
function answerTo({ kind, url }: OpenChallenge, websiteUrl: string | null): NextStep {
  switch (kind) {
    case 'REDIRECT':
      return { action: 'RECONNECT', actor: 'USER', mutation: null, url };
    case 'ACT_AT_BANK':
      return { action: 'ACT_AT_BANK', actor: 'USER', mutation: null, url: url ?? websiteUrl };
    case 'OTP':
    case 'CHOICE':
    case 'QUESTION':
    case 'APP_APPROVAL':
      return { action: 'ANSWER_CHALLENGE', actor: 'USER', mutation: 'challengeAnswer', url: null };
  }
}
