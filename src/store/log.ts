import { sql } from 'drizzle-orm';
import type { NewEvent, NewSetUpEvent } from '../domain/event.ts';
import type { Scope, UserScope } from '../domain/viewer.ts';
import { newId, type ClientId, type ConnectionId, type EventId, type UserId } from '../kernel/id.ts';
import type { Database, Tx } from './database.ts';
import { wakeReaders } from './log-wake.ts';
import { eventStreams, events } from './schema/events.ts';

/** A transaction that holds the stream lock of one user, so it may write that user's rows and append to his log. */
export interface UserTransaction {
  readonly tx: Tx;
  readonly scope: UserScope;
  /** Appends these events, in this order, to the user's stream; gives their ids. */
  readonly append: Append;
}

/**
 * Runs `work` in one short transaction that owns the user's stream, then wakes the readers of the log. All writes of a
 * user's data go through here: the lock is taken before the transaction has an xid, which is what makes the places of
 * events in one stream rise in commit order. Never call a bank inside.
 */
export async function inUserTransaction<Result>(
  database: Database,
  scope: UserScope,
  work: (transaction: UserTransaction) => Promise<Result>,
): Promise<Result> {
  return inStream(database, scope, (tx, append) => work({ tx, scope, append }));
}

/** A transaction that holds the lock of a stream: a user's, or the client's own. */
export interface SetUpTransaction {
  readonly tx: Tx;
  /** Gives the ids of the events. */
  readonly append: (occurredAt: Date, ...facts: readonly NewSetUpEvent[]) => Promise<readonly EventId[]>;
}

/**
 * The same for what a client has set up (queues, webhooks): its events stand in the user's stream when it was set up
 * for one user, else in the client's own, which has a lock and a sequence like any user's.
 */
export async function inSetUpTransaction<Result>(
  database: Database,
  scope: Scope,
  work: (transaction: SetUpTransaction) => Promise<Result>,
): Promise<Result> {
  return inStream(database, scope, (tx, append) => work({ tx, append }));
}

type Append = (occurredAt: Date, ...facts: readonly NewEvent[]) => Promise<readonly EventId[]>;

async function inStream<Result>(
  database: Database,
  scope: Scope,
  work: (tx: Tx, append: Append) => Promise<Result>,
): Promise<Result> {
  let hasEvents = false;
  const result = await database.db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${streamOf(scope)}, 0))`);
    return work(tx, async (occurredAt, ...facts) => {
      if (facts.length === 0) return [];
      hasEvents = true;
      return appendEvents(tx, scope, occurredAt, facts);
    });
  });
  if (hasEvents) await wakeReaders(database, scope);
  return result;
}

/** The stream that a scope's own events stand in. */
function streamOf(scope: Scope): UserId | ClientId {
  return scope.userId ?? scope.clientId;
}

async function appendEvents(tx: Tx, scope: Scope, occurredAt: Date, facts: readonly NewEvent[]): Promise<EventId[]> {
  const added = BigInt(facts.length);
  const [stream] = await tx
    .insert(eventStreams)
    .values({ userId: streamOf(scope), clientId: scope.clientId, sequence: added })
    .onConflictDoUpdate({
      target: eventStreams.userId,
      set: { sequence: sql`${eventStreams.sequence} + ${added}` },
    })
    .returning({ sequence: eventStreams.sequence });
  if (!stream) throw new Error('The event stream gave no sequence.');
  const first = stream.sequence - added + 1n;
  const rows = facts.map((event, index) => ({
    id: newId('event', occurredAt),
    clientId: scope.clientId,
    userId: streamOf(scope),
    sequence: first + BigInt(index),
    type: event.type,
    connectionId: connectionOf(event),
    facts: { ...event.facts },
    occurredAt,
  }));
  await tx.insert(events).values(rows);
  return rows.map((row) => row.id);
}

function connectionOf(event: NewEvent): ConnectionId | null {
  return 'connectionId' in event.facts ? event.facts.connectionId : null;
}
