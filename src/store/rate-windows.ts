import { sql } from 'drizzle-orm';
import type { Db } from './database.ts';
import { rateWindows } from './schema/audit.ts';

interface Lease {
  /** A client's or a user's id. */
  readonly subject: string;
  readonly windowStart: Date;
  readonly wanted: number;
  readonly limit: number;
}

/**
 * Takes up to `wanted` of what is left of a subject's window, and says how many, and how many are left to others. All
 * processes take from the same row, so that together they never let in more than the limit.
 */
export async function leasePermits(db: Db, lease: Lease): Promise<{ granted: number; left: number }> {
  const { subject, windowStart, wanted, limit } = lease;
  const rows = await db.execute<{ used: number }>(sql`
    insert into ${rateWindows} as current (subject, window_start, used)
    values (${subject}, ${windowStart.toISOString()}::timestamptz, ${wanted}::int)
    on conflict (subject, window_start) do update set used = current.used + ${wanted}::int
    returning used`);
  const used = rows[0]?.used ?? limit;
  const before = used - wanted;
  return { granted: Math.min(wanted, Math.max(0, limit - before)), left: Math.max(0, limit - used) };
}

/** Deletes windows that are over, and says how many. */
export async function deleteRateWindows(db: Db, before: Date): Promise<number> {
  const deleted = await db
    .delete(rateWindows)
    .where(sql`${rateWindows.windowStart} < ${before.toISOString()}::timestamptz`);
  return deleted.count;
}
