import type { LogEntry } from '../domain/event.ts';
import type { ChangePage } from '../domain/transaction-change.ts';
import type { Scope } from '../domain/viewer.ts';
import type { EventId } from '../kernel/id.ts';
import type { PushStream } from '../kernel/push-stream.ts';
import { silentLog, type Log } from '../kernel/log.ts';
import type { Database } from '../store/database.ts';
import { findEvents, headOfLog, readLog, readLogBack, type LogPage } from '../store/log-reader.ts';
import { comparePlaces } from '../store/log-place.ts';
import { assertKept } from '../store/prune-log.ts';
import { startRelay } from './relay.ts';
import { readTransactionChanges } from '../store/transaction-changes.ts';
import { OpenStream } from './open-stream.ts';
import type { EventFilter, StreamItem } from './stream.ts';
import { createTailReads } from './tail-reads.ts';
import { openTail, type Tail } from './tail.ts';

interface ReadOptions extends EventFilter {
  /** Null reads from the beginning of the log. */
  readonly after: string | null;
  readonly limit: number;
}

interface ReadBackOptions extends EventFilter {
  readonly before: string | null;
  readonly limit: number;
}

interface StreamOptions extends EventFilter {
  /** The cursor of the last event that the subscriber has seen; null begins now. */
  readonly after: string | null;
  /** Ends the stream. */
  readonly signal?: AbortSignal;
}

/** The log as the doors see it. */
export interface EventReader {
  /** One page of a stream, oldest first. Throws `Failure` CURSOR_INVALID, CURSOR_EXPIRED. */
  read(scope: Scope, options: ReadOptions): Promise<LogPage>;
  /** The newest events before a cursor (null: before now), oldest first. Throws `Failure` CURSOR_INVALID. */
  readBack(scope: Scope, options: ReadBackOptions): Promise<LogPage>;
  /** One page of the changes of transactions, for clients that mirror them. Throws `Failure` CURSOR_INVALID. */
  changes(scope: Scope, options: { readonly after: string | null; readonly limit: number }): Promise<ChangePage>;
  /** The events with these ids; null for what is not in the scope. */
  find(scope: Scope, ids: readonly EventId[]): Promise<(LogEntry | null)[]>;
  /**
   * A stream that goes on. When the promise resolves the stream has its place: whatever is committed from then on is
   * in it. Throws `Failure` CURSOR_INVALID, CURSOR_EXPIRED.
   */
  stream(scope: Scope, options: StreamOptions): Promise<PushStream<StreamItem>>;
}

interface RunningEventReader extends EventReader {
  /** How many streams have not ended. */
  openStreams(): number;
  close(): Promise<void>;
}

interface EventReaderOptions {
  readonly database: Database;
  readonly log?: Log;
  /** How many of the newest events of a stream are kept for its live subscribers. */
  readonly windowEvents?: number;
  readonly pollMilliseconds?: number;
}

interface OpenTail {
  readonly scope: Scope;
  readonly tail: Promise<Tail>;
  /** The tail once it is there. */
  opened?: Tail;
  subscribers: number;
}

/** Starts the reader of this process: one LISTEN connection, one tail for each stream that somebody follows. */
export async function startEventReader(options: EventReaderOptions): Promise<RunningEventReader> {
  const { database, log = silentLog, windowEvents = 1000, pollMilliseconds = 1000 } = options;
  const tails = new Map<string, OpenTail>();
  const readTail = createTailReads(database);
  const endings = new Set<OpenStream>();

  function acquire(scope: Scope): OpenTail {
    const key = keyOf(scope);
    let open = tails.get(key);
    if (!open) {
      const created: OpenTail = {
        scope,
        tail: openTail({ database, scope, windowEvents, read: readTail, log }),
        subscribers: 0,
      };
      created.tail.then(
        (tail) => {
          created.opened = tail;
          // Something may have been committed, and its wake-up missed, while the tail was being opened.
          tail.wake();
        },
        () => tails.delete(key),
      );
      tails.set(key, created);
      open = created;
    }
    open.subscribers += 1;
    return open;
  }

  function release(open: OpenTail): void {
    open.subscribers -= 1;
    if (open.subscribers > 0) return;
    open.opened?.close();
    if (tails.get(keyOf(open.scope)) === open) tails.delete(keyOf(open.scope));
  }

  const relay = await startRelay({
    database,
    log,
    pollMilliseconds,
    target: {
      scopes: () => [...tails.values()].map((open) => open.scope),
      wake: (scope, end) => {
        const tail = tails.get(keyOf(scope))?.opened;
        if (tail && (!end || comparePlaces(tail.end, end) < 0)) tail.wake();
      },
    },
  });

  return {
    async read(scope, page) {
      if (page.after !== null) await assertKept(database, scope, page.after);
      return readLog(database, scope, page);
    },
    changes: (scope, page) => readTransactionChanges(database, scope, page),
    find: (scope, ids) => findEvents(database, scope, ids),
    readBack: (scope, page) => readLogBack(database, scope, page),

    async stream(scope, { after, signal, ...filter }) {
      if (after !== null) await assertKept(database, scope, after);
      const open = acquire(scope);
      try {
        const tail = await open.tail;
        const from = after ?? (await headOfLog(database, scope));
        return new OpenStream({ database, tail, after: from, filter }, endings, () => release(open), signal);
      } catch (error) {
        release(open);
        throw error;
      }
    },

    openStreams: () => endings.size,

    async close() {
      for (const stream of endings) stream.end();
      await relay.close();
    },
  };
}

function keyOf(scope: Scope): string {
  return scope.userId ? `${scope.clientId} ${scope.userId}` : scope.clientId;
}
