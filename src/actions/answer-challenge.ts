import type { PsuContext } from '../connectors/connector.ts';
import { answeredChallengeKinds, type ChallengeDetails } from '../domain/challenge.ts';
import { Failure, invalidInput, notFound } from '../domain/failure.ts';
import { scopeOfRow, type Scope, type UserScope } from '../domain/viewer.ts';
import type { ChallengeId, SyncId } from '../kernel/id.ts';
import { answerSealContext, findChallenge, type ChallengeRow } from '../store/challenges.ts';
import { closeChallenge } from '../store/close-challenge.ts';
import { inUserTransaction, type UserTransaction } from '../store/log.ts';
import { audit } from './audit.ts';
import type { ActionContext } from './context.ts';
import { resumeSync } from './resume-sync.ts';

interface AnswerInput {
  readonly challengeId: ChallengeId;
  /** Null for what is settled elsewhere: the bank is then asked at once whether it is. */
  readonly answer: string | null;
  readonly psu: PsuContext | null;
}

/**
 * Hands the person's answer to the worker, sealed, and lets the sync go on; what the bank makes of it is told by the
 * sync. Failures: NOT_FOUND outside of the scope; VALIDATION_FAILED (answer); CONFLICT for a challenge that is closed,
 * such as by another answer; SCA_TIMEOUT for one whose time is up, where another sync asks the bank again.
 */
export async function answerChallenge(
  context: ActionContext,
  scope: Scope,
  { challengeId, answer, psu }: AnswerInput,
): Promise<{ syncId: SyncId }> {
  const found = await findChallenge(scope, context.database.db, challengeId);
  if (!found) throw notFound('challenge');
  const owner = scopeOfRow(found);
  checkAnswer(found.details, answer);
  const sealedAnswer = answer === null ? null : await sealAnswer(context, owner, challengeId, { answer });
  await inUserTransaction(context.database, owner, async (transaction) => {
    const now = context.clock.now();
    const challenge = await findChallenge(owner, transaction.tx, challengeId);
    if (!challenge) throw notFound('challenge');
    refuseUnlessOpen(challenge, now);
    if (sealedAnswer) await handOver(transaction, challenge, sealedAnswer, now);
    await resumeSync(transaction, challenge.syncId, psu, now);
    const { connectionId, syncId } = challenge;
    await audit(context, transaction, 'challenge.answer', { connectionId, syncId, challengeId });
  });
  return { syncId: found.syncId };
}

/** Seals what a worker takes and uses once. */
export async function sealAnswer(
  { vault }: Pick<ActionContext, 'vault'>,
  owner: UserScope,
  challengeId: ChallengeId,
  answered: { readonly answer: string | null; readonly returnParameters?: Readonly<Record<string, string>> },
): Promise<Uint8Array> {
  return vault.seal(owner, answerSealContext(challengeId), answered);
}

/** Closes the challenge as answered: its session and the answer wait for the worker. */
export async function handOver(
  transaction: UserTransaction,
  challenge: ChallengeRow,
  sealedAnswer: Uint8Array,
  now: Date,
): Promise<void> {
  const { sealedSession } = challenge;
  const answered = { status: 'ANSWERED', outcome: null } as const;
  await closeChallenge(transaction, challenge, answered, now, { sealedSession, sealedAnswer });
}

function refuseUnlessOpen({ status, expiresAt }: ChallengeRow, now: Date): void {
  if (status === 'EXPIRED' || (status === 'OPEN' && expiresAt <= now)) {
    const message = 'The bank takes no answer to this any more. Sync the connection again, and it asks anew.';
    throw new Failure('SCA_TIMEOUT', { message });
  }
  if (status === 'OPEN') return;
  throw new Failure('CONFLICT', { message: `The challenge is ${status.toLowerCase()} already.` });
}

/** Issues never repeat the answer. */
function checkAnswer(details: ChallengeDetails, answer: string | null): void {
  const problem = answer === null ? problemWithout(details) : problemWith(details, answer);
  if (problem !== null) throw invalidInput([{ path: ['answer'], message: problem }]);
}

function problemWithout({ kind }: ChallengeDetails): string | null {
  return answeredChallengeKinds.some((answered) => answered === kind)
    ? `A challenge of kind ${kind} wants an answer.`
    : null;
}

function problemWith(details: ChallengeDetails, answer: string): string | null {
  switch (details.kind) {
    case 'OTP':
      if (isBlank(answer)) return 'The code is missing.';
      if (details.isNumeric && !/^[0-9]+$/.test(answer)) return 'Must be digits only.';
      return problemOfLength(answer, details.lengthMax);
    case 'QUESTION':
      return isBlank(answer) ? 'The answer is missing.' : problemOfLength(answer, details.lengthMax);
    case 'CHOICE':
      if (isBlank(answer)) return 'The value of one of the options is missing.';
      return details.options.some(({ value }) => value === answer) ? null : 'Must be the value of one of the options.';
    case 'APP_APPROVAL':
    case 'ACT_AT_BANK':
    case 'REDIRECT':
      return `A challenge of kind ${details.kind} is settled elsewhere and takes no answer: leave it out.`;
  }
}

function problemOfLength(answer: string, lengthMax: number): string | null {
  return answer.length > lengthMax ? `May have at most ${lengthMax} characters.` : null;
}

function isBlank(answer: string): boolean {
  return answer.trim() === '';
}
