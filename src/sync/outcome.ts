import type { NewEvent } from '../domain/event.ts';
import { Failure, type FailureRecord } from '../domain/failure.ts';
import { addCounts, noChanges, type ChangeCounts, type SyncStatus } from '../domain/sync.ts';
import type { ConnectionId, SyncId } from '../kernel/id.ts';
import type { SyncStepRow } from '../store/syncs.ts';
import { needsUser } from './needs-user.ts';

export interface SyncOutcome {
  readonly status: SyncStatus & ('SUCCEEDED' | 'PARTIALLY_SUCCEEDED' | 'FAILED' | 'ACTION_REQUIRED');
  readonly counts: ChangeCounts;
  /** Why it did not succeed whole: what the person must act on, else the first thing that went wrong. */
  readonly failure: FailureRecord | null;
}

/**
 * The last step of each kind on each channel or account, which is what counts: a person who renews a consent while the
 * sync is at work has the steps done again that failed without it.
 */
export function lastSteps(steps: readonly SyncStepRow[]): SyncStepRow[] {
  const of = ({ kind, channelId, accountId }: SyncStepRow) => `${kind} ${accountId ?? channelId}`;
  return [...new Map(steps.map((step) => [of(step), step])).values()];
}

/**
 * How a sync ends, from its steps in their order: what needs the person comes first, because nothing goes on without
 * him; then it counts whether all, some or no accounts were read.
 */
export function outcomeOf(steps: readonly SyncStepRow[]): SyncOutcome {
  const counts = steps.map((step) => step.counts).reduce(addCounts, noChanges);
  const failures = lastSteps(steps).flatMap((step) => (step.status === 'FAILED' && step.failure ? [step.failure] : []));
  const ofUser = failures.find((failure) => needsUser(failure.code));
  if (ofUser) return { status: 'ACTION_REQUIRED', counts, failure: ofUser };
  const [first] = failures;
  const isAnyRead = steps.some((step) => step.kind === 'READ_ACCOUNT' && step.status === 'SUCCEEDED');
  if (first) return { status: isAnyRead ? 'PARTIALLY_SUCCEEDED' : 'FAILED', counts, failure: first };
  if (steps.length === 0) {
    return { status: 'ACTION_REQUIRED', counts, failure: new Failure('SCA_REDIRECT_REQUIRED').toRecord() };
  }
  return { status: 'SUCCEEDED', counts, failure: null };
}

/** The event that says so. */
export function eventOf(
  ids: { readonly connectionId: ConnectionId; readonly syncId: SyncId },
  outcome: SyncOutcome,
  steps: readonly SyncStepRow[],
): NewEvent {
  const failure = outcome.failure ?? new Failure('INTERNAL').toRecord();
  switch (outcome.status) {
    case 'SUCCEEDED':
      return { type: 'sync.succeeded', facts: { ...ids, counts: outcome.counts } };
    case 'PARTIALLY_SUCCEEDED':
      return {
        type: 'sync.partially_succeeded',
        facts: { ...ids, counts: outcome.counts, failures: failuresOf(steps) },
      };
    case 'FAILED':
      return { type: 'sync.failed', facts: { ...ids, failure } };
    case 'ACTION_REQUIRED':
      return { type: 'sync.action_required', facts: { ...ids, failure } };
  }
}

function failuresOf(steps: readonly SyncStepRow[]) {
  return lastSteps(steps).flatMap((step) =>
    step.status === 'FAILED' && step.accountId && step.failure
      ? [{ accountId: step.accountId, failure: step.failure }]
      : [],
  );
}
