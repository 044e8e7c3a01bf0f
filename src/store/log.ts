import { sql } from 'drizzle-orm';
import type { NewEvent } from '../domain/event.ts';
import type { UserScope } from '../domain/viewer.ts';
import { newId, type ConnectionId } from '../kernel/id.ts';
import type { Database, Tx } from './database.ts';
import { wakeReaders } from './log-wake.ts';
import { eventStreams, events } from './schema/events.ts';

/** A transaction that holds the stream lock of one user, so it may write that user's rows and append to his log. */
export interface UserTransaction {
  readonly tx: Tx;
  readonly scope: UserScope;
  /** Appends these events, in this order, to the user's stream. */
  readonly append: (occurredAt: Date, ...facts: readonly NewEvent[]) => Promise<void>;
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
  let hasEvents = false;
  const result = await database.db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${scope.userId}, 0))`);
    return work({
      tx,
      scope,
      async append(occurredAt, ...facts) {
        if (facts.length === 0) return;
        hasEvents = true;
        await appendEvents(tx, scope, occurredAt, facts);
      },
    });
  });
  if (hasEvents) await wakeReaders(database, scope);
  return result;
}

async function appendEvents(tx: Tx, scope: UserScope, occurredAt: Date, facts: readonly NewEvent[]): Promise<void> {
  const added = BigInt(facts.length);
  const [stream] = await tx
    .insert(eventStreams)
    .values({ userId: scope.userId, clientId: scope.clientId, sequence: added })
    .onConflictDoUpdate({
      target: eventStreams.userId,
      set: { sequence: sql`${eventStreams.sequence} + ${added}` },
    })
    .returning({ sequence: eventStreams.sequence });
  if (!stream) throw new Error('The event stream gave no sequence.');
  const first = stream.sequence - added + 1n;
  await tx.insert(events).values(
    facts.map((event, index) => ({
      id: newId('event', occurredAt),
      clientId: scope.clientId,
      userId: scope.userId,
      sequence: first + BigInt(index),
      type: event.type,
      connectionId: connectionOf(event),
      facts: { ...event.facts },
      occurredAt,
    })),
  );
}

function connectionOf(event: NewEvent): ConnectionId | null {
  return 'connectionId' in event.facts ? event.facts.connectionId : null;
}
