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

/** Deletes what has expired and is never read again. Two rounds at the same time do no harm. */
export async function cleanUp(
  { database, clock }: Pick<ActionContext, 'database' | 'clock'>,
  { eventDays }: Retention,
): Promise<CleanedUp> {
  const now = clock.now();
  const before = (milliseconds: number) => new Date(now.getTime() - milliseconds);
  return {
    oauthRecords: await deleteExpiredOauthRecords(database, now),
    oauthKeys: await deleteOauthKeysRetiredBefore(database, before(retiredKeySecondsMax * millisecondsPerSecond)),
    throttles: await deleteExpiredThrottles(database, now),
    rateWindows: await deleteRateWindows(database.db, before(2 * 60 * millisecondsPerSecond)),
    idempotencyKeys: await deleteIdempotencyKeysOlderThan(database.db, before(millisecondsPerDay)),
    events: await pruneLog(database, before(eventDays * millisecondsPerDay)),
    // No bank counts over more than a day of 25 hours.
    spentCalls: await deleteSpentCalls(database.db, before(2 * millisecondsPerDay)),
    spooledDays: await deleteAbandonedSpool(database.db),
  };
}
