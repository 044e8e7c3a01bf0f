import type { BankSession } from '../connectors/connector.ts';
import { hashState } from '../connectors/return-state.ts';
import type { Challenge } from '../domain/challenge.ts';
import { millisecondsPerSecond } from '../kernel/clock.ts';
import { newId, type ChannelId } from '../kernel/id.ts';
import { challengeSessionSealContext, insertChallenge, updateChallenge } from '../store/challenges.ts';
import { enqueueSync } from '../store/jobs.ts';
import type { UserTransaction } from '../store/log.ts';
import { updateSync } from '../store/syncs.ts';
import { decideChallenge } from './close-challenge.ts';
import { commit, type Run } from './run.ts';
import type { Standing } from './standing.ts';

/** Whatever a bank says, a sync waits no longer than this: it keeps others from the connection. */
const waitMillisecondsMax = 3_600_000;
const pollSecondsMax = 60;

interface Asked {
  readonly channelId: ChannelId;
  readonly challenge: Challenge;
  /** The connector's session, which goes on where the bank stands now. */
  readonly session: BankSession;
  readonly state: string;
  /** What was asked before in this sign-in. */
  readonly standing: Standing | null;
}

/**
 * Puts the bank's question to the person, and the sync to wait for him: the challenge with its session, the end of the
 * lease, the job that looks after it and the event, in one commit. What was asked before is decided by it.
 */
export async function askPerson(run: Run, asked: Asked): Promise<void> {
  const { challenge, standing } = asked;
  if (standing && isStillAsked(standing, challenge)) return keepAsking(run, asked, standing);
  const at = run.context.clock.now();
  const challengeId = newId('challenge', at);
  const { prompt, expiresAt, ...details } = challenge;
  const sealedSession = await sealSession(run, challengeId, asked);
  await commit(run, async (transaction, now) => {
    const { tx, append } = transaction;
    if (standing) {
      const outcome = isRepeated(standing, challenge) ? 'REFUSED' : 'ACCEPTED';
      await decideChallenge(transaction, standing.challenge, { status: 'ANSWERED', outcome }, now);
    }
    const end = earlier(expiresAt, new Date(now.getTime() + waitMillisecondsMax));
    await insertChallenge(run.scope, tx, {
      id: challengeId,
      connectionId: run.connectionId,
      channelId: asked.channelId,
      syncId: run.syncId,
      kind: challenge.kind,
      status: 'OPEN',
      prompt,
      details,
      sealedSession,
      stateHash: challenge.kind === 'REDIRECT' ? hashState(asked.state) : null,
      expiresAt: end,
      createdAt: now,
    });
    await append(now, {
      type: 'challenge.requested',
      facts: { connectionId: run.connectionId, syncId: run.syncId, challengeId, kind: challenge.kind },
    });
    await wait(run, transaction, earlier(end, nextLook(challenge, now)), now);
  });
}

/** The same question, looked after again: nothing new is said, and its end stays where it was. */
async function keepAsking(run: Run, asked: Asked, { challenge: row }: Standing): Promise<void> {
  const { prompt, expiresAt, ...details } = asked.challenge;
  const sealedSession = await sealSession(run, row.id, asked);
  await commit(run, async (transaction, now) => {
    const end = earlier(expiresAt, row.expiresAt);
    await updateChallenge(run.scope, transaction.tx, row.id, { prompt, details, sealedSession, expiresAt: end });
    await wait(run, transaction, earlier(end, nextLook(asked.challenge, now)), now);
  });
}

/** The bank could not be asked whether it is settled: the question stands, and is looked after again. */
export async function waitOn(run: Run, { challenge }: Standing): Promise<void> {
  const { prompt, expiresAt, details } = challenge;
  await commit(run, async (transaction, now) => {
    await wait(run, transaction, earlier(expiresAt, nextLook({ prompt, expiresAt, ...details }, now)), now);
  });
}

async function wait(run: Run, { tx }: UserTransaction, resumeAt: Date, now: Date): Promise<void> {
  await updateSync(run.scope, tx, run.syncId, {
    status: 'WAITING_FOR_USER',
    leaseExpiresAt: null,
    resumeAt,
    pauseCount: run.pauseCount + 1,
  });
  await enqueueSync(tx, run.scope, run, { runAt: resumeAt > now ? resumeAt : now, isMoved: true });
}

async function sealSession(run: Run, id: Parameters<typeof challengeSessionSealContext>[0], asked: Asked) {
  const { session, state } = asked;
  return run.context.vault.seal(run.scope, challengeSessionSealContext(id), { session, state });
}

/** When a worker looks by itself. */
function nextLook(challenge: Challenge, now: Date): Date {
  if (!('pollAfterSeconds' in challenge)) return challenge.expiresAt;
  const seconds = Math.min(pollSecondsMax, Math.max(1, challenge.pollAfterSeconds));
  return new Date(now.getTime() + seconds * millisecondsPerSecond);
}

/** True when what is settled elsewhere is not settled yet. */
function isStillAsked({ challenge: before }: Standing, now: Challenge): boolean {
  return before.status === 'OPEN' && before.kind === now.kind;
}

/** True when a bank asks again what was just answered: the answer was wrong. */
function isRepeated({ challenge: before }: Standing, now: Challenge): boolean {
  return before.kind === now.kind && (now.kind === 'OTP' || before.prompt === now.prompt);
}

function earlier(left: Date, right: Date): Date {
  return left < right ? left : right;
}
