import { sql } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import type { ClientId, UserId } from '../kernel/id.ts';
import type { Database } from './database.ts';
import { eventOf, eventText, type PlacedEvent } from './log-of-users.ts';

/** So few are in memory at a time that they are gone before the garbage collector would move them. */
const eventsAtOnce = 500;

/** Written by a transaction that ran when the snapshot was taken (its xip). */
export const ranAt = (snapshot: string) => sql`xid = any(array(select pg_snapshot_xip(${snapshot}::pg_snapshot)))`;

/** Written by one that began after it (from its xmax on). */
export const begunAfter = (snapshot: string) => sql`xid >= pg_snapshot_xmax(${snapshot}::pg_snapshot)`;

const dialect = new PgDialect();

/**
 * Reads the events of these users of one client that a snapshot does not show, in the order of the log, some at a time.
 * It costs by what has happened since, so the snapshot must be a recent one.
 */
export async function readAddedEvents(
  database: Database,
  clientId: ClientId,
  userIds: readonly UserId[],
  snapshot: string,
  onEvents: (events: readonly PlacedEvent[]) => void,
): Promise<void> {
  // What ran then has lower numbers than what began after it, so it comes first. Both must see the same: of a user's two
  // transactions that end in between, the later one alone would hide the other.
  const parts = snapshot.endsWith(':') ? [begunAfter(snapshot)] : [ranAt(snapshot), begunAfter(snapshot)];
  await database.sql.begin('isolation level repeatable read read only', async (transaction) => {
    // The index has the order. PostgreSQL, who guesses that there is little, would make all of the texts and sort them on
    // disk before it gives the first.
    await transaction`select set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true)`;
    for (const added of parts) {
      // `is true` keeps the list of users a table that is hashed once: as a join it would be whatever PostgreSQL guesses
      // of its size. The query builder knows no cursors.
      const { sql: text, params } = dialect.sqlToQuery(sql`
        select ${eventText} from events as event
        where client_id = ${clientId} and ${added}
          and (user_id in (select unnest(string_to_array(${userIds.join(' ')}, ' ')))) is true
        order by xid, position`);
      const cursor = transaction
        .unsafe<{ event: string }[]>(text, params.map(String), { prepare: true })
        .cursor(eventsAtOnce);
      // oxlint-disable-next-line no-await-in-loop -- the one part after the other
      for await (const rows of ahead(cursor)) onEvents(rows.map(({ event }) => eventOf(clientId, event)));
    }
  });
}

/** The same, but asked for the next before the one is given: PostgreSQL makes it meanwhile. */
async function* ahead<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item, void, void> {
  const iterator = items[Symbol.asyncIterator]();
  // A cursor of the driver that has ended says so without a promise.
  const ask = () => Promise.resolve(iterator.next());
  let next = ask();
  try {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    for (let result = await next; !result.done; result = await next) {
      next = ask();
      yield result.value;
    }
  } finally {
    // Whoever stops early has asked for one more, behind which alone the cursor can be closed.
    await next.then(
      () => iterator.return?.(),
      () => {},
    );
  }
}
