import type { PsuContext } from '../connectors/connector.ts';
import { hashState } from '../connectors/return-state.ts';
import { notFound } from '../domain/failure.ts';
import { scopeOfRow } from '../domain/viewer.ts';
import type { ConnectionId } from '../kernel/id.ts';
import { findChallenge, findChallengeByState, type ChallengeRow } from '../store/challenges.ts';
import { listOpenConsents } from '../store/consents.ts';
import { inUserTransaction } from '../store/log.ts';
import { handOver, sealAnswer } from './answer-challenge.ts';
import { audit } from './audit.ts';
import type { ActionContext } from './context.ts';
import { resumeSync } from './resume-sync.ts';

interface ReturnInput {
  readonly state: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly psu: PsuContext | null;
}

/**
 * A browser is back from the page that a REDIRECT challenge led to: what it brought goes to the worker like an answer,
 * and serves once. Failure: NOT_FOUND for a state that is unknown, used or expired; nothing changes then.
 */
export async function returnToChallenge(
  context: ActionContext,
  { state, parameters, psu }: ReturnInput,
): Promise<{ connectionId: ConnectionId; redirectUrl: string | null }> {
  const found = await findChallengeByState(context.database.db, hashState(state));
  if (!found) throw notFound('authorisation');
  const owner = scopeOfRow(found);
  const { id: challengeId, connectionId, channelId, syncId } = found;
  const sealed = await sealAnswer(context, owner, challengeId, { answer: null, returnParameters: parameters });
  return inUserTransaction(context.database, owner, async (transaction) => {
    const now = context.clock.now();
    const challenge = await findChallenge(owner, transaction.tx, challengeId);
    if (!challenge || !isOpen(challenge, now)) throw notFound('authorisation');
    await handOver(transaction, challenge, sealed, now);
    await resumeSync(transaction, syncId, psu, now);
    await audit(context, transaction, 'challenge.answer', { connectionId, syncId, challengeId });
    const [consent] = await listOpenConsents(owner, transaction.tx, { channelId });
    return { connectionId, redirectUrl: consent?.redirectUrl ?? null };
  });
}

function isOpen({ status, expiresAt }: ChallengeRow, now: Date): boolean {
  return status === 'OPEN' && expiresAt > now;
}
