import type { FailureCategory } from '../domain/failure-catalogue.ts';
import { failureCatalogue } from '../domain/failure-catalogue.ts';
import type { Failure } from '../domain/failure.ts';
import type { ChannelId } from '../kernel/id.ts';
import { findUndecidedChallenge, listOpenChallenges, updateChallenge, type ChallengeRow } from '../store/challenges.ts';
import { closeChallenge, type Closing } from '../store/close-challenge.ts';
import type { UserTransaction } from '../store/log.ts';
import type { Run } from './run.ts';

/** Decides a challenge: closes one that is open; one that the person's answer has closed already takes the outcome. */
export async function decideChallenge(
  transaction: UserTransaction,
  challenge: ChallengeRow,
  closing: Closing,
  now: Date,
): Promise<void> {
  if (challenge.status === 'OPEN') return closeChallenge(transaction, challenge, closing, now);
  const { outcome } = closing;
  await updateChallenge(transaction.scope, transaction.tx, challenge.id, { outcome });
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
  await decideChallenge(transaction, challenge, closing, now);
}

/** No challenge outlives its sync. */
export async function cancelChallenges(run: Run, transaction: UserTransaction, now: Date): Promise<void> {
  for (const challenge of await listOpenChallenges(run.scope, transaction.tx, run.syncId)) {
    await closeChallenge(transaction, challenge, { status: 'CANCELLED', outcome: null }, now);
  }
}
