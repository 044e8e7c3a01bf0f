import { millisecondsPerDay } from '../kernel/clock.ts';
import type { FailureRecord } from '../domain/failure.ts';
import { failureCatalogue } from '../domain/failure-catalogue.ts';

const hour = 3_600_000;
/** Two scheduled syncs are at least this far apart, so that a new slot never doubles a day's calls at the bank. */
const minGapMilliseconds = 20 * hour;
/** A sync that failed for a reason that passes is tried again after this: within the four calls a day of a bank. */
const retryMilliseconds = 6 * hour;

/**
 * When a connection is synced next by itself: at its own time of day (a hash of its id, so that connections spread
 * over the day), the first one that is at least 20 hours away.
 */
export function nextDailySync(connectionId: string, now: Date): Date {
  const slot = hashOf(connectionId) % millisecondsPerDay;
  const earliest = now.getTime() + minGapMilliseconds;
  const today = Math.floor(earliest / millisecondsPerDay) * millisecondsPerDay + slot;
  return new Date(today >= earliest ? today : today + millisecondsPerDay);
}

/** When to try again after a failure: earlier than the next day only where the catalogue says that waiting helps. */
export function nextSyncAfter(connectionId: string, now: Date, failure: FailureRecord | null): Date {
  const daily = nextDailySync(connectionId, now);
  if (!failure || failureCatalogue[failure.code].recovery !== 'RETRY_LATER') return daily;
  const retry = new Date(now.getTime() + retryMilliseconds);
  const asked = failure.retryAt ? new Date(failure.retryAt) : retry;
  return asked > retry ? asked : retry;
}

/** FNV-1a over the characters: spreads well, and needs no cryptography. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash;
}
