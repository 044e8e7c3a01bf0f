import type { LogEntry } from '../domain/event.ts';
import type { ChangePage } from '../domain/transaction-change.ts';
import type { Scope } from '../domain/viewer.ts';
import type { EventId } from '../kernel/id.ts';
import type { PushStream } from '../kernel/push-stream.ts';
import { silentLog, type Log } from '../kernel/log.ts';
import type { Database } from '../store/database.ts';
import { findEvents, headOfLog, readLog, readLogBack, type LogPage } from '../store/log-reader.ts';
import { assertKept } from '../store/prune-log.ts';
import { startRelay } from './relay.ts';
import { readTransactionChanges } from '../store/transaction-changes.ts';
import { OpenStream, type StreamTerms } from './open-stream.ts';
import type { EventFilter, StreamItem } from './stream.ts';
import { createTailReads, type Looks } from './tail-reads.ts';
import { createTails } from './tails.ts';

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

/** Starts the reader of this process: one LISTEN connection, one tail for each stream that somebody follows. */
export async function startEventReader(options: EventReaderOptions): Promise<RunningEventReader> {
  const { database, log = silentLog, windowEvents = 1000, pollMilliseconds = 1000 } = options;
  const looks: Looks = { latest: '', earlier: '' };
  const tails = createTails({ database, windowEvents, looks, readOn: createTailReads(database, looks), log });
  const streams: StreamTerms = { open: new Set(), release: (tail) => tails.release(tail) };

  const relay = await startRelay({
    database,
    log,
    pollMilliseconds,
    target: tails,
    looks,
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
      const tail = await tails.acquire(scope);
      try {
        const from = after ?? (await headOfLog(database, scope));
        return new OpenStream(streams, tail, from, filter, signal);
      } catch (error) {
        tails.release(tail);
        throw error;
      }
    },

    openStreams: () => streams.open.size,

    async close() {
      for (const stream of streams.open) stream.end();
      await relay.close();
    },
  };
}
