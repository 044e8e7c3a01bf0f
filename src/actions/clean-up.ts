import { millisecondsPerDay, millisecondsPerSecond } from '../kernel/clock.ts';
import { deleteIdempotencyKeysOlderThan } from '../store/idempotency-keys.ts';
import { deleteExpiredThrottles } from '../store/login-throttles.ts';
import { deleteOauthKeysRetiredBefore } from '../store/oauth-keys.ts';
import { deleteExpiredOauthRecords } from '../store/oauth-records.ts';
import { deleteRateWindows } from '../store/rate-windows.ts';
import { pruneLog } from '../store/prune-log.ts';
import { deleteAbandonedSpool } from '../store/spool.ts';
import { deleteSpentCalls } from '../store/unattended-calls.ts';
import type { ActionContext } from './context.ts';

/** Past the longest time for which anybody asks for a retired signing key (see oauth/signing-keys.ts). */
const retiredKeySecondsMax = 3600;

/** What a round has deleted, in rows. */
export interface CleanedUp {
  readonly oauthRecords: number;
  readonly oauthKeys: number;
  readonly throttles: number;
  readonly rateWindows: number;
  readonly idempotencyKeys: number;
  readonly events: number;
  readonly spentCalls: number;
  readonly spooledDays: number;
}

interface Retention {
  /** The log forgets what happened earlier, whoever has not read it yet. */
  readonly eventDays: number;
}

/**
 * Deletes what has expired and is never read again. Two rounds at the same time do no harm. A part that fails (such as
 * the log's, while a reader holds its lock) does not stop the others; what failed is thrown at the end, all of it.
 */
export async function cleanUp(
  { database, clock }: Pick<ActionContext, 'database' | 'clock'>,
  { eventDays }: Retention,
): Promise<CleanedUp> {
  const now = clock.now();
  const before = (milliseconds: number) => new Date(now.getTime() - milliseconds);
  const errors: unknown[] = [];
  const part = async (work: Promise<number>): Promise<number> => {
    try {
      return await work;
    } catch (error) {
      errors.push(error);
      return 0;
    }
  };
  const cleaned = {
    oauthRecords: await part(deleteExpiredOauthRecords(database, now)),
    oauthKeys: await part(deleteOauthKeysRetiredBefore(database, before(retiredKeySecondsMax * millisecondsPerSecond))),
    throttles: await part(deleteExpiredThrottles(database, now)),
    rateWindows: await part(deleteRateWindows(database.db, before(2 * 60 * millisecondsPerSecond))),
    idempotencyKeys: await part(deleteIdempotencyKeysOlderThan(database.db, before(millisecondsPerDay))),
    // No bank counts over more than a day of 25 hours.
    spentCalls: await part(deleteSpentCalls(database.db, before(2 * millisecondsPerDay))),
    spooledDays: await part(deleteAbandonedSpool(database.db)),
    // Last, for it may wait for readers of the log.
    events: await part(pruneLog(database, before(eventDays * millisecondsPerDay))),
  };
  if (errors.length > 0) throw new AggregateError(errors, 'Parts of the clean-up failed; the others are done.');
  return cleaned;
}
