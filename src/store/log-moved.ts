import { sql } from 'drizzle-orm';
import { scopeOfOwner, type Scope } from '../domain/viewer.ts';
import { isId, type ClientId, type UserId } from '../kernel/id.ts';
import type { Database } from './database.ts';
import { addedSince } from './log-added.ts';
import type { Place } from './log-place.ts';

/** A stream and the place of its newest event. */
export interface MovedStream {
  readonly scope: Scope;
  readonly end: Place;
}

interface Moved {
  readonly streams: readonly MovedStream[];
  /** What to ask with the next time. */
  readonly snapshot: string;
}

/**
 * The streams of these clients, their users' and their own, that have got events since the earlier snapshot; null asks
 * for a snapshot only. It costs by what has happened since, not by how many streams are open or transactions hang: new
 * is what has begun after that snapshot (from its xmax on), or was running then (its xip).
 */
export async function movedSince(
  database: Database,
  clientIds: readonly ClientId[],
  earlier: string | null,
): Promise<Moved> {
  // Taken before the events are read: what is committed in between is found again the next time.
  const [now] = await database.db.execute<{ snapshot: string }>(sql`select pg_current_snapshot()::text as snapshot`);
  if (!now) throw new Error('PostgreSQL gave no snapshot.');
  const { snapshot } = now;
  if (earlier === null || earlier === snapshot || clientIds.length === 0) return { streams: [], snapshot };
  const rows = await database.db.execute<{
    client_id: ClientId;
    user_id: UserId | ClientId;
    xid: string;
    position: string;
  }>(sql`
    select distinct on (client_id, user_id) client_id, user_id, xid::text, position::text
    from ${addedSince(clientIds, earlier, sql`client_id, user_id, xid, position`)} as added
    order by client_id, user_id, added.xid desc, added.position desc`);
  const streams = rows.map((row) => ({
    scope: scopeOfOwner({ clientId: row.client_id, userId: isId('user', row.user_id) ? row.user_id : null }),
    end: { xid: BigInt(row.xid), position: BigInt(row.position) },
  }));
  return { streams, snapshot };
}
