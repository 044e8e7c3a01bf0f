import { failureCatalogue } from '../domain/failure-catalogue.ts';
import type { FailureRecord } from '../domain/failure.ts';
import type { NextSyncReason } from '../domain/connection.ts';
import { addDays, dateIn } from '../kernel/calendar-date.ts';
import { instantAt, millisecondsOfDay } from '../kernel/local-time.ts';

const hour = 3_600_000;
/** Banks book in the night: a planned sync runs after it and before people look at their accounts. */
const firstHour = 5;
const lastHour = 9;
/** A sync that ran as shortly before its connection's time of day as this is not doubled: the next day is enough. */
const minGapMilliseconds = 4 * hour;
/** A sync that failed for a reason that passes is tried again after this: within the four calls a day of a bank. */
const retryMilliseconds = 6 * hour;

/** What the plan of a connection depends on. */
interface Planned {
  readonly connectionId: string;
  /** The bank's own. */
  readonly timeZone: string;
}

export interface NextSync {
  readonly at: Date;
  readonly reason: NextSyncReason;
}

/**
 * When a connection is synced next by itself: between 5 and 9 in the morning at its bank, at a time of its own (a hash
 * of its id, so that connections spread), the first one that is at least 4 hours away.
 */
export function nextDailySync(connection: Planned, now: Date): Date {
  return firstSlotFrom(connection, new Date(now.getTime() + minGapMilliseconds));
}

/** When a sync that is put off until then may run: not in the night, in which a bank books. */
export function notAtNight(connection: Planned, at: Date): Date {
  return millisecondsOfDay(connection.timeZone, at) < firstHour * hour ? firstSlotFrom(connection, at) : at;
}

/**
 * When to sync next after one that ended so: earlier than the next day only where the catalogue says that waiting
 * helps, never before the bank's budget allows it, nor before the bank itself has said.
 */
export function nextSyncAfter(connection: Planned, now: Date, failure: FailureRecord | null): NextSync {
  if (!failure || failureCatalogue[failure.code].recovery !== 'RETRY_LATER') {
    return { at: nextDailySync(connection, now), reason: 'DAILY' };
  }
  const asked = failure.retryAt ? new Date(failure.retryAt) : null;
  if (failure.code === 'SYNC_BUDGET_EXHAUSTED') {
    return asked
      ? { at: notAtNight(connection, asked), reason: 'BUDGET' }
      : { at: nextDailySync(connection, now), reason: 'DAILY' };
  }
  const retry = new Date(now.getTime() + retryMilliseconds);
  return { at: notAtNight(connection, asked && asked > retry ? asked : retry), reason: 'RETRY' };
}

function firstSlotFrom({ connectionId, timeZone }: Planned, earliest: Date): Date {
  const time = firstHour * hour + (hashOf(connectionId) % ((lastHour - firstHour) * hour));
  const today = dateIn(timeZone, earliest);
  const at = instantAt(timeZone, today, time);
  return at >= earliest ? at : instantAt(timeZone, addDays(today, 1), time);
}

/** FNV-1a over the characters: spreads well, and needs no cryptography. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash;
}
