import { createHash, scrypt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Failure, invalidInput } from '../domain/failure.ts';
import { millisecondsPerDay, millisecondsPerSecond } from '../kernel/clock.ts';
import { claimKey, keepOutcome, releaseKey, type KeyOwner } from '../store/idempotency-keys.ts';
import type { ActionContext } from './context.ts';

const keyLengthMax = 255;
/** A request that has not answered for so long has lost its process; another may do it again. */
const abandonedAfterSeconds = 120;
const waitSecondsMax = 30;
const deriveKey = promisify<string, string, number, Buffer>(scrypt);

export interface OnceRequest extends KeyOwner {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** True when the input holds a password: its fingerprint is then made so that it cannot be guessed back. */
  readonly hasSecret?: boolean;
}

/**
 * Does `work` at most once for each key within 24 hours, and answers every repetition with what came of it. A second
 * request that comes while the first is at work waits for it. The outcome is JSON of ids, never data. A request that
 * fails has changed nothing and gives its key back, so that it may be tried again; one whose process died is done again
 * after two minutes. Fails with IDEMPOTENCY_KEY_REUSED when the key came with another input, CONFLICT when the first
 * request takes too long.
 */
export async function answerOnce<Outcome extends Record<string, unknown>>(
  context: Pick<ActionContext, 'database' | 'clock'>,
  request: OnceRequest,
  work: () => Promise<Outcome>,
  isOutcome: (value: Record<string, unknown>) => value is Outcome,
): Promise<Outcome> {
  const { clientId, subject, key, operation } = request;
  if (key.length === 0 || key.length > keyLengthMax) {
    throw invalidInput([{ path: ['idempotencyKey'], message: `Must have from 1 to ${keyLengthMax} characters.` }]);
  }
  const requestHash = await fingerprint(request);
  const { db } = context.database;
  for (let waited = 0; waited <= waitSecondsMax * millisecondsPerSecond;) {
    const claimedAt = context.clock.now();
    const claim = { clientId, subject, key, operation, requestHash, claimedAt };
    // oxlint-disable-next-line no-await-in-loop -- each round waits for the one that is at work
    const stored = await claimKey(db, claim, {
      expiredBefore: new Date(claimedAt.getTime() - millisecondsPerDay),
      abandonedBefore: new Date(claimedAt.getTime() - abandonedAfterSeconds * millisecondsPerSecond),
    });
    if (stored === null) return runClaimed(context, claim, work);
    if (stored.operation !== operation || stored.requestHash !== requestHash) throw keyReused();
    if (stored.outcome) {
      if (!isOutcome(stored.outcome)) throw new Error(`The outcome kept for ${operation} has not the shape it had.`);
      return stored.outcome;
    }
    const pause = Math.min(500, 20 + waited / 4);
    waited += pause;
    // oxlint-disable-next-line no-await-in-loop -- the pause between two looks
    await delay(pause);
  }
  throw new Failure('CONFLICT', { message: 'The first request with this idempotency key is still at work.' });
}

async function runClaimed<Outcome extends Record<string, unknown>>(
  { database }: Pick<ActionContext, 'database'>,
  claim: Parameters<typeof keepOutcome>[1],
  work: () => Promise<Outcome>,
): Promise<Outcome> {
  let outcome: Outcome;
  try {
    outcome = await work();
  } catch (error) {
    await releaseKey(database.db, claim);
    throw error;
  }
  await keepOutcome(database.db, claim, outcome);
  return outcome;
}

function keyReused(): Failure {
  return new Failure('IDEMPOTENCY_KEY_REUSED', {
    message: 'This idempotency key was used with another input within 24 hours. Use a new key for a new request.',
    issues: [{ path: ['idempotencyKey'], message: 'Already used with another input.' }],
  });
}

async function fingerprint({ operation, input, key, hasSecret }: OnceRequest): Promise<string> {
  const text = JSON.stringify([operation, input]);
  if (!hasSecret) return createHash('sha256').update(text).digest('base64url');
  return (await deriveKey(text, key, 32)).toString('base64url');
}
