import { setImmediate as turn } from 'node:timers/promises';
import { sql, type SQL } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import type { ClientId, UserId } from '../kernel/id.ts';
import type { Database } from './database.ts';
import { eventText, placeOfText } from './log-of-users.ts';
import { startOfLog, type Place } from './log-place.ts';

/** So few are in memory at a time that they are gone before the garbage collector would move them. */
const eventsAtOnce = 500;
const positionMax = 2n ** 63n - 1n;

/** Written by a transaction that ran when the snapshot was taken (its xip). */
export const ranAt = (snapshot: string) => sql`xid = any(array(select pg_snapshot_xip(${snapshot}::pg_snapshot)))`;

/** Written by one that began after it (from its xmax on). */
export const begunAfter = (snapshot: string) => sql`xid >= pg_snapshot_xmax(${snapshot}::pg_snapshot)`;

const dialect = new PgDialect();

/** What of the log of one client is to be read. */
interface AddedRead {
  readonly clientId: ClientId;
  /** The events that it does not show. It costs by how many they are, so it must be a recent one. */
  readonly snapshot: string;
  /** Who is read for. */
  readonly userIds: () => readonly UserId[];
}

/**
 * Reads the events that a snapshot does not show, in the order of the log, some at a time, as texts for `eventOf`. First
 * those of all users, which costs PostgreSQL least; once `onEvents` says that most of them are of no use, only those of
 * the users who are read for.
 */
export async function readAddedEvents(
  database: Database,
  { clientId, snapshot, userIds }: AddedRead,
  onEvents: (texts: readonly string[]) => boolean,
): Promise<void> {
  let isOfUsers = false;
  const [, xmax = '', ranThen] = snapshot.split(':');
  // The same as `begunAfter` by place alone: with a condition on xid beside it, each page would begin at the first event.
  const begun: Part = { condition: sql``, from: { xid: BigInt(xmax) - 1n, position: positionMax } };
  // What ran then has lower numbers than what began after it, so it comes first. Both must see the same: of a user's two
  // transactions that end in between, the later one alone would hide the other.
  const parts = ranThen ? [{ condition: sql`and ${ranAt(snapshot)}`, from: startOfLog }, begun] : [begun];
  await database.sql.begin('isolation level repeatable read read only', async (transaction) => {
    // The index has the order. PostgreSQL, who guesses that there is little, would make all of the texts and sort them on
    // disk before it gives the first.
    await transaction`select set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true)`;

    async function ask({ condition }: Part, after: Place): Promise<string[]> {
      // `is true` keeps the list of users a table that is hashed once: as a join it would be whatever PostgreSQL guesses
      // of its size.
      const ofUsers = isOfUsers
        ? sql`and (user_id in (select unnest(string_to_array(${userIds().join(' ')}, ' ')))) is true`
        : sql``;
      // One text for all: the driver takes as long over a row as we over an event. The texts hold no line break.
      const { sql: text, params } = dialect.sqlToQuery(sql`
        select string_agg(event, E'\n') as events
        from (
          select ${eventText} from events as event
          where client_id = ${clientId} ${condition} ${ofUsers}
            and (xid, position) > (${String(after.xid)}::xid8, ${String(after.position)}::bigint)
          order by xid, position limit ${eventsAtOnce}
        ) as page`);
      const query = transaction.unsafe<{ events: string | null }[]>(text, params.map(String), { prepare: true });
      const [page] = await query;
      return page?.events?.split('\n') ?? [];
    }

    for (const part of parts) {
      let next: Promise<string[]> | null = ask(part, part.from);
      while (next) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        const texts: readonly string[] = await next;
        const last = texts.length < eventsAtOnce ? undefined : texts.at(-1);
        next = last === undefined ? null : ask(part, placeOfText(last));
        // Whoever fails below hears of his own failure, not of this.
        next?.catch(() => {});
        // The driver sends it in the next turn but one: PostgreSQL makes the next page while this one is worked on.
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        if (next) await turn().then(() => turn());
        if (texts.length > 0 && !onEvents(texts)) isOfUsers = true;
      }
    }
  });
}

/** One range of the index. */
interface Part {
  readonly condition: SQL;
  readonly from: Place;
}
