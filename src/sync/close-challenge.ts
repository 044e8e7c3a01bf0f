import type { FailureCategory } from '../domain/failure-catalogue.ts';
import { failureCatalogue } from '../domain/failure-catalogue.ts';
import type { Failure } from '../domain/failure.ts';
import type { ChallengeOutcome, ChallengeStatus } from '../domain/sync.ts';
import type { ChannelId } from '../kernel/id.ts';
import {
  closed,
  findUndecidedChallenge,
  listOpenChallenges,
  updateChallenge,
  type ChallengeRow,
} from '../store/challenges.ts';
import type { UserTransaction } from '../store/log.ts';
import type { Run } from './run.ts';

interface Closing {
  readonly status: Exclude<ChallengeStatus, 'OPEN'>;
  readonly outcome: ChallengeOutcome | null;
}

/** Closes a challenge and says so; one that the person's answer has closed already only takes the outcome. */
export async function closeChallenge(
  run: Run,
  { tx, append }: UserTransaction,
  challenge: ChallengeRow,
  { status, outcome }: Closing,
  now: Date,
): Promise<void> {
  if (challenge.status !== 'OPEN') {
    await updateChallenge(run.scope, tx, challenge.id, { outcome });
    return;
  }
  await updateChallenge(run.scope, tx, challenge.id, { status, outcome, ...closed(now) });
  await append(now, {
    type: 'challenge.closed',
    facts: { connectionId: run.connectionId, syncId: run.syncId, challengeId: challenge.id, kind: challenge.kind },
  });
}

/** The bank's own word on an answer or on the person; other failures say nothing about it. */
const verdicts: readonly FailureCategory[] = ['AUTHENTICATION', 'SCA', 'CONSENT'];

/** Closes the challenge at which a sign-in stood when it failed. */
export async function closeByFailure(
  run: Run,
  transaction: UserTransaction,
  channelId: ChannelId,
  failure: Failure,
  now: Date,
): Promise<void> {
  const challenge = await findUndecidedChallenge(run.scope, transaction.tx, { syncId: run.syncId, channelId });
  if (!challenge) return;
  const isVerdict = verdicts.includes(failureCatalogue[failure.code].category);
  const outcome = isVerdict ? 'REFUSED' : 'LOST';
  const closing: Closing =
    challenge.status === 'ANSWERED'
      ? { status: 'ANSWERED', outcome }
      : failure.code === 'SCA_TIMEOUT' || challenge.expiresAt <= now
        ? { status: 'EXPIRED', outcome: null }
        : isVerdict
          ? { status: 'ANSWERED', outcome }
          : { status: 'CANCELLED', outcome: null };
  await closeChallenge(run, transaction, challenge, closing, now);
}

/** No challenge outlives its sync. */
export async function cancelChallenges(run: Run, transaction: UserTransaction, now: Date): Promise<void> {
  for (const challenge of await listOpenChallenges(run.scope, transaction.tx, run.syncId)) {
    await closeChallenge(run, transaction, challenge, { status: 'CANCELLED', outcome: null }, now);
  }
}
