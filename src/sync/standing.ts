import { z } from 'zod';
import type { BankSession } from '../connectors/connector.ts';
import { Failure } from '../domain/failure.ts';
import { answeredChallengeKinds } from '../domain/challenge.ts';
import type { ChannelId } from '../kernel/id.ts';
import {
  answerSealContext,
  challengeSessionSealContext,
  findUndecidedChallenge,
  updateChallenge,
  type ChallengeRow,
} from '../store/challenges.ts';
import { commit, type Run } from './run.ts';

const standingSession = z.object({ session: z.record(z.string(), z.unknown()), state: z.string() });
const standingAnswer = z.object({
  answer: z.string().nullable(),
  returnParameters: z.record(z.string(), z.string()).optional(),
});

/** Where a sign-in that began in an earlier attempt stands, and what the person has answered. */
export interface Standing {
  readonly challenge: ChallengeRow;
  readonly session: BankSession;
  /** The state of this sign-in, which a REDIRECT brings back. */
  readonly state: string;
  /** Null where there is nothing to answer: the bank is only asked whether it is settled. */
  readonly answer: string | null;
  readonly returnParameters?: Readonly<Record<string, string>> | undefined;
}

/**
 * Where the sign-in of a channel stands; null when it is to be begun. An answer is erased in a commit of its own before
 * it is used: one that was taken by a worker that died is LOST, and the sign-in begins again, because the bank may have
 * seen it, and a second use of a one-time code would lock the person out. Failures: SCA_TIMEOUT; BANK_USER_ACTION_REQUIRED for what he should have settled at the bank.
 */
export async function takeStanding(run: Run, channelId: ChannelId): Promise<Standing | null> {
  const { database, clock } = run.context;
  const challenge = await findUndecidedChallenge(run.scope, database.db, { syncId: run.syncId, channelId });
  if (!challenge) return null;
  if (challenge.status === 'OPEN') return openStanding(run, challenge, clock.now());
  if (!challenge.sealedAnswer || !challenge.sealedSession) {
    await commit(run, async ({ tx }) => {
      await updateChallenge(run.scope, tx, challenge.id, { outcome: 'LOST', sealedSession: null });
    });
    return null;
  }
  const context = answerSealContext(challenge.id);
  const answered = standingAnswer.parse(await run.context.vault.open(run.scope, context, challenge.sealedAnswer));
  const opened = await openSession(run, challenge, challenge.sealedSession);
  await commit(run, async ({ tx }) => {
    await updateChallenge(run.scope, tx, challenge.id, { sealedAnswer: null, sealedSession: null });
  });
  return { challenge, ...opened, ...answered };
}

/** An open challenge that a worker looks at: one that is settled elsewhere, or whose time is up. */
async function openStanding(run: Run, challenge: ChallengeRow, now: Date): Promise<Standing> {
  const isAnswered = answeredChallengeKinds.some((kind) => kind === challenge.kind);
  if (challenge.expiresAt <= now || isAnswered || !challenge.sealedSession) {
    throw new Failure(challenge.kind === 'ACT_AT_BANK' ? 'BANK_USER_ACTION_REQUIRED' : 'SCA_TIMEOUT');
  }
  return { challenge, ...(await openSession(run, challenge, challenge.sealedSession)), answer: null };
}

async function openSession(run: Run, { id }: ChallengeRow, sealed: Uint8Array) {
  return standingSession.parse(await run.context.vault.open(run.scope, challengeSessionSealContext(id), sealed));
}
