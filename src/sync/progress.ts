import type { SyncStepKind, SyncStepStatus } from '../domain/sync.ts';

interface StepState {
  readonly kind: SyncStepKind;
  readonly status: SyncStepStatus;
}

/** True for a step that will not change any more. */
export function isFinished(step: StepState): boolean {
  return step.status !== 'PENDING' && step.status !== 'RUNNING';
}

const first: readonly SyncStepKind[] = ['CHECK_CONSENT', 'SIGN_IN', 'LIST_ACCOUNTS'];

/**
 * How far a sync is, 0 to 99 (its end is 100). Authorisation and list make the first 20, the accounts the next 75: accounts
 * become known only when the lists have been read. A channel that joins later makes the figure fall; what is shown stays.
 */
export function progressOf(steps: readonly StepState[]): number {
  const reads = steps.filter((step) => step.kind === 'READ_ACCOUNT');
  const before = steps.filter((step) => first.includes(step.kind));
  const books = steps.filter((step) => step.kind === 'CHECK_BOOKS');
  if (!before.every(isFinished)) return Math.floor(20 * shareFinished(before));
  return Math.floor(20 + 75 * shareFinished(reads) + 4 * shareFinished(books));
}

function shareFinished(steps: readonly StepState[]): number {
  return steps.length === 0 ? 0 : steps.filter(isFinished).length / steps.length;
}
