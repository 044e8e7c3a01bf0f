import { and, asc, desc, eq, inArray, sql, type SQL } from 'drizzle-orm';
import { isEventType, type EventEnvelope, type EventType, type LoggedEvent, type LogEntry } from '../domain/event.ts';
import type { Scope } from '../domain/viewer.ts';
import { isId, type ConnectionId, type EventId } from '../kernel/id.ts';
import type { Database } from './database.ts';
import { horizon } from './horizon.ts';
import { isAfter, isBefore, isUpTo } from './log-compare.ts';
import { comparePlaces, cursorAt, startOfLog } from './log-place.ts';
import { prunedUpTo } from './prune-log.ts';
import { events } from './schema/events.ts';

interface LogFilter {
  /** How many events at most. */
  readonly limit: number;
  readonly types?: readonly EventType[];
  readonly connectionId?: ConnectionId;
}

interface ReadLogOptions extends LogFilter {
  /** Read what comes after this cursor; null reads from the beginning. */
  readonly after: string | null;
  /** Read nothing that comes after this cursor, up to which this stream was read before: whatever is there is settled. */
  readonly upTo?: string;
}

interface ReadLogBackOptions extends LogFilter {
  /** Read what comes before this cursor; null reads from now. */
  readonly before: string | null;
}

/** One page of a stream, oldest first. */
export interface LogPage {
  readonly events: readonly LogEntry[];
  /** More events can be read at once. */
  readonly hasMore: boolean;
  /** Committed events wait behind a transaction that still runs: they can be read as soon as that has ended. */
  readonly isHeld: boolean;
}

/**
 * Reads the stream of one user, or of all users of a client, in the order of the log: every committed event once, and
 * none that a later read would have to put before what was already given. In one user's stream the places rise in
 * commit order (store/log.ts), so whatever is visible may be read. Across users they do not: a reader of a client's
 * stream stays below the oldest running transaction (store/horizon.ts). What was below it once is settled for good, though
 * the horizon itself may step back: it leaves out a neighbour's transaction only as long as that is seen at work. Throws
 * `Failure` CURSOR_INVALID.
 */
export async function readLog(database: Database, scope: Scope, options: ReadLogOptions): Promise<LogPage> {
  const areAllSettled = scope.userId !== undefined || options.upTo !== undefined;
  const rows = await database.db
    .select({ ...columns, isSettled: areAllSettled ? sql<boolean>`true` : sql<boolean>`${events.xid} < ${horizon}` })
    .from(events)
    .where(
      and(
        inStream(scope),
        ...filters(options),
        options.after === null ? undefined : isAfter(options.after),
        options.upTo === undefined ? undefined : isUpTo(options.upTo),
      ),
    )
    .orderBy(asc(events.xid), asc(events.position))
    .limit(options.limit + 1);
  const unsettled = rows.findIndex((row) => !row.isSettled);
  const settled = unsettled === -1 ? rows : rows.slice(0, unsettled);
  return {
    events: settled.slice(0, options.limit).map((row) => toLogEntry(row)),
    hasMore: settled.length > options.limit,
    isHeld: unsettled !== -1,
  };
}

/** The newest events before a place, also oldest first; `hasMore` tells that there are older ones. */
export async function readLogBack(database: Database, scope: Scope, options: ReadLogBackOptions): Promise<LogPage> {
  const rows = await database.db
    .select(columns)
    .from(events)
    .where(
      and(
        inStream(scope),
        ...filters(options),
        options.before === null ? undefined : isBefore(options.before),
        scope.userId !== undefined || options.before !== null ? undefined : sql`${events.xid} < ${horizon}`,
      ),
    )
    .orderBy(desc(events.xid), desc(events.position))
    .limit(options.limit + 1);
  const page = rows.slice(0, options.limit).map((row) => toLogEntry(row));
  return { events: page.toReversed(), hasMore: rows.length > options.limit, isHeld: false };
}

/**
 * The cursor of now: whatever is committed after this call comes after it. In a client's stream it is the oldest
 * running transaction, so a few events that were committed just before may follow it as well.
 */
export async function headOfLog(database: Database, scope: Scope): Promise<string> {
  if (!scope.userId) {
    const [row] = await database.db.execute<{ oldest: string }>(sql`select ${horizon}::text as oldest`);
    if (!row) throw new Error('PostgreSQL gave no snapshot.');
    return cursorAt({ xid: BigInt(row.oldest), position: 0n });
  }
  const [last] = await database.db
    .select({ xid: events.xid, position: events.position })
    .from(events)
    .where(inStream(scope))
    .orderBy(desc(events.xid), desc(events.position))
    .limit(1);
  const head = last ? { xid: BigInt(last.xid), position: last.position } : startOfLog;
  const pruned = await prunedUpTo(database, scope);
  return cursorAt(comparePlaces(head, pruned) < 0 ? pruned : head);
}

/** The events with these ids, in the order of the ids; null for what is not in the scope. */
export async function findEvents(
  database: Database,
  scope: Scope,
  ids: readonly EventId[],
): Promise<(LogEntry | null)[]> {
  if (ids.length === 0) return [];
  const rows = await database.db
    .select(columns)
    .from(events)
    .where(and(inStream(scope), inArray(events.id, [...ids])));
  const found = new Map(rows.map((row) => [row.id, toLogEntry(row)]));
  return ids.map((id) => found.get(id) ?? null);
}

const columns = {
  id: events.id,
  clientId: events.clientId,
  userId: events.userId,
  sequence: events.sequence,
  xid: events.xid,
  position: events.position,
  type: events.type,
  connectionId: events.connectionId,
  facts: events.facts,
  occurredAt: events.occurredAt,
};

/** The columns of an event. */
export type EventRow = Pick<typeof events.$inferSelect, keyof typeof columns>;

function inStream(scope: Scope): SQL | undefined {
  return and(eq(events.clientId, scope.clientId), scope.userId ? eq(events.userId, scope.userId) : undefined);
}

function filters({ types, connectionId }: LogFilter): (SQL | undefined)[] {
  return [
    types ? inArray(events.type, [...types]) : undefined,
    connectionId ? eq(events.connectionId, connectionId) : undefined,
  ];
}

export function toLogEntry(row: EventRow): LogEntry {
  const { id, clientId, sequence, occurredAt, facts, connectionId } = row;
  const userId = isId('user', row.userId) ? row.userId : null;
  const cursor = cursorAt({ xid: BigInt(row.xid), position: row.position });
  return typed({ id, clientId, userId, sequence, occurredAt, cursor, type: row.type, facts }, connectionId);
}

/**
 * An event of its columns. A newer process may have written a type that this one does not know: it is passed on as such,
 * never dropped.
 */
export function typed(
  columns: EventEnvelope & { readonly type: string; readonly facts: unknown },
  connectionId: ConnectionId | null,
): LogEntry {
  const { type } = columns;
  if (!isEventType(type)) return { ...columns, type: 'unknown', name: type, facts: { connectionId } };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- appendEvents stores the facts of the type
  return columns as unknown as LoggedEvent;
}
