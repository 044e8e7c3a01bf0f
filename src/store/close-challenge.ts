import type { ChallengeOutcome, ChallengeStatus } from '../domain/sync.ts';
import { updateChallenge, type ChallengeRow } from './challenges.ts';
import type { UserTransaction } from './log.ts';

export interface Closing {
  readonly status: Exclude<ChallengeStatus, 'OPEN'>;
  readonly outcome: ChallengeOutcome | null;
}

/** What is to be used once more: an answer that waits for a worker, and the session that it belongs to. */
type Kept = Pick<ChallengeRow, 'sealedSession' | 'sealedAnswer'>;

/** Closes an open challenge and says so; what it no longer needs is erased, secrets first, but for what is `kept`. */
export async function closeChallenge(
  { tx, scope, append }: UserTransaction,
  { id: challengeId, connectionId, syncId, kind }: ChallengeRow,
  closing: Closing,
  now: Date,
  kept: Kept = { sealedSession: null, sealedAnswer: null },
): Promise<void> {
  await updateChallenge(scope, tx, challengeId, { ...closing, ...kept, stateHash: null, closedAt: now });
  await append(now, { type: 'challenge.closed', facts: { connectionId, syncId, challengeId, kind } });
}
