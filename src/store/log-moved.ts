import { sql } from 'drizzle-orm';
import type { ClientId } from '../kernel/id.ts';
import type { Database } from './database.ts';
import { begunAfter, ranAt } from './log-added.ts';

/** A stream and the transaction that wrote its newest event. */
export interface MovedStream {
  readonly clientId: ClientId;
  /** The id of its user, or of the client when it is the client's own. */
  readonly ownerId: string;
  readonly xid: bigint;
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
  // One text for each client: ten thousand rows of a few columns would cost this process more than the look is worth.
  const rows = await database.db.execute<{ client_id: ClientId; moved: string }>(sql`
    select client_id, string_agg(user_id || ' ' || xid, ',') as moved
    from (
      select client_id, user_id, max(xid) as xid
      from (
        select client_id, user_id, xid from events where client_id in ${[...clientIds]} and ${begunAfter(earlier)}
        union all
        select client_id, user_id, xid from events where client_id in ${[...clientIds]} and ${ranAt(earlier)}
      ) as added
      group by client_id, user_id
    ) as stream
    group by client_id`);
  const streams = rows.flatMap((row) => row.moved.split(',').map((stream) => movedStream(row.client_id, stream)));
  return { streams, snapshot };
}

function movedStream(clientId: ClientId, text: string): MovedStream {
  const [ownerId = '', xid = ''] = text.split(' ');
  return { clientId, ownerId, xid: BigInt(xid) };
}
