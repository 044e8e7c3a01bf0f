import type { LogEntry } from '../domain/event.ts';
import type { Scope } from '../domain/viewer.ts';
import type { Log } from '../kernel/log.ts';
import type { Database } from '../store/database.ts';
import { comparePlaces, placeOf, type Place } from '../store/log-place.ts';
import { headOfLog } from '../store/log-reader.ts';
import type { ReadTail } from './tail-reads.ts';

// A client's stream waits behind running transactions; they are short, and their end wakes nobody if they wrote no event.
const heldRetryMilliseconds = 20;
const errorRetryMilliseconds = 1000;

/** One event with its place already read from its cursor. */
export interface TailEntry {
  readonly place: Place;
  readonly event: LogEntry;
}

/** Who is told at once that the window has moved. */
export interface Watcher {
  /** True when it has taken all that is in the window. */
  moved(): boolean;
}

/** The newest part of one stream, read once for all subscribers of this process. */
export interface Tail {
  readonly scope: Scope;
  /** Events after this place, up to `end`, are in the window. */
  readonly start: Place;
  readonly end: Place;
  /** The cursor of `end`. */
  readonly endCursor: string;
  /** The first event in the window after this place. */
  next(after: Place): TailEntry | undefined;
  /** Settles when the window has moved on from `end`, or when the signal aborts. */
  moved(signal: AbortSignal): Promise<void>;
  /** Calls `moved` of the watcher whenever the window has moved on. */
  watch(watcher: Watcher): void;
  unwatch(watcher: Watcher): void;
  /** Keeps the window for who reads at his own pace, until the result is called. */
  keep(): () => void;
  /** Reads what is new. Calls while a read is under way are one further read. */
  wake(): void;
  close(): void;
}

interface TailOptions {
  readonly database: Database;
  readonly scope: Scope;
  readonly windowEvents: number;
  readonly read: ReadTail;
  readonly log: Log;
}

/** Opens the tail of a stream at the log's head; the window keeps the last `windowEvents` events, at most twice as many. */
export async function openTail({ database, scope, windowEvents, read: readOn, log }: TailOptions): Promise<Tail> {
  let endCursor = await headOfLog(database, scope);
  let end = placeOf(endCursor);
  let start = end;
  let window: TailEntry[] = [];
  let keepers = 0;
  let isReading = false;
  let isWakeMissed = false;
  let isClosed = false;
  let retry: NodeJS.Timeout | undefined;
  const waiting = new Set<() => void>();
  const watchers = new Set<Watcher>();

  function add(added: readonly LogEntry[]): void {
    const last = added.at(-1);
    if (!last) return;
    for (const event of added) window.push({ place: placeOf(event.cursor), event });
    endCursor = last.cursor;
    end = placeOf(endCursor);
    // Cut at twice the size, so that the copy is paid once for many events.
    if (window.length >= 2 * windowEvents) {
      const excess = window.length - windowEvents;
      start = window[excess - 1]?.place ?? start;
      window = window.slice(excess);
    }
    for (const settle of waiting) settle();
    let isTaken = true;
    for (const watcher of watchers) if (!watcher.moved()) isTaken = false;
    // What everybody has is of no more use: thousands of streams with one subscriber each keep nothing.
    if (isTaken && keepers === 0) {
      window = [];
      start = end;
    }
  }

  async function read(): Promise<void> {
    isReading = true;
    clearTimeout(retry);
    try {
      do {
        isWakeMissed = false;
        // oxlint-disable-next-line no-await-in-loop -- each page begins where the one before ended
        const page = await readOn(scope, endCursor);
        add(page.events);
        if (page.hasMore) isWakeMissed = true;
        if (page.isHeld) retryIn(heldRetryMilliseconds);
      } while (isWakeMissed && !isClosed);
    } catch (error) {
      log.warn({ error, clientId: scope.clientId }, 'The event log could not be read; trying again.');
      retryIn(errorRetryMilliseconds);
    } finally {
      isReading = false;
    }
  }

  function retryIn(milliseconds: number): void {
    clearTimeout(retry);
    if (!isClosed) retry = setTimeout(wake, milliseconds);
  }

  function wake(): void {
    if (isClosed) return;
    if (isReading) isWakeMissed = true;
    else void read();
  }

  return {
    scope,
    get start() {
      return start;
    },
    get end() {
      return end;
    },
    get endCursor() {
      return endCursor;
    },
    next: (after) => window[firstAfter(window, after)],
    moved(signal) {
      return new Promise((resolve) => {
        if (signal.aborted || isClosed) return resolve();
        const settle = (): void => {
          waiting.delete(settle);
          signal.removeEventListener('abort', settle);
          resolve();
        };
        waiting.add(settle);
        signal.addEventListener('abort', settle);
      });
    },
    watch: (watcher) => void watchers.add(watcher),
    unwatch: (watcher) => void watchers.delete(watcher),
    keep() {
      keepers += 1;
      return () => (keepers -= 1);
    },
    wake,
    close() {
      isClosed = true;
      clearTimeout(retry);
      for (const settle of waiting) settle();
    },
  };
}

/** Index of the first entry after the place; entries are in order. */
function firstAfter(window: readonly TailEntry[], after: Place): number {
  let low = 0;
  let high = window.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const entry = window[middle];
    if (entry && comparePlaces(entry.place, after) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
