import type { Scope } from '../domain/viewer.ts';
import type { Log } from '../kernel/log.ts';
import type { Database } from '../store/database.ts';
import type { PlacedEvent } from '../store/log-of-users.ts';
import { comparePlaces, placeOf, type Place } from '../store/log-place.ts';
import { headOfLog } from '../store/log-reader.ts';
import type { Looks, ReadOn, ReadStream } from './tail-reads.ts';

// A client's stream waits behind running transactions; they are short, and their end wakes nobody if they wrote no event.
const heldRetryMilliseconds = 20;
const errorRetryMilliseconds = 1000;

/** Above every transaction: whoever does not say what was committed may mean anything. */
const anyXid = 2n ** 64n;

/** For windows that hold nothing, as those of most tails. */
const nothing: readonly PlacedEvent[] = [];

/** Who is told at once that the window has moved. */
export interface Watcher {
  /** True when it has taken all that is in the window. */
  moved(): boolean;
}

/** What all tails of a process share. */
export interface TailTerms {
  readonly database: Database;
  readonly windowEvents: number;
  readonly looks: Looks;
  readonly readOn: ReadOn;
  readonly log: Log;
}

/** Opens the tail of a stream at the log's head; the window keeps the last `windowEvents` events, at most twice as many. */
export async function openTail(terms: TailTerms, scope: Scope): Promise<Tail> {
  const seen = terms.looks.latest;
  return new Tail(terms, scope, placeOf(await headOfLog(terms.database, scope)), seen);
}

/**
 * The newest part of one stream, read once for all subscribers of this process. A class, because a gateway has one for
 * each of ten thousand users.
 */
export class Tail implements ReadStream {
  readonly scope: Scope;
  /** How many streams hold it open. */
  holders = 0;
  private readonly terms: TailTerms;
  private window: readonly PlacedEvent[] = nothing;
  private keepers = 0;
  private isReading = false;
  /** The newest transaction told of that the read under way may have missed; 0 when there is none. */
  private awaitedXid = 0n;
  private isClosed = false;
  private retry: NodeJS.Timeout | undefined;
  /** One watcher, as most tails have, or several. */
  private watchers: Watcher | Set<Watcher> | undefined;
  private waiting: Set<() => void> | undefined;
  private from: Place;
  private to: Place;
  private snapshot: string;

  constructor(terms: TailTerms, scope: Scope, head: Place, seen: string) {
    this.snapshot = seen;
    this.terms = terms;
    this.scope = scope;
    this.to = head;
    this.from = head;
  }

  get database(): Database {
    return this.terms.database;
  }

  /** Events after this place, up to `end`, are in the window. */
  get start(): Place {
    return this.from;
  }

  get end(): Place {
    return this.to;
  }

  get seen(): string {
    return this.snapshot;
  }

  /** The events in the window after this place. */
  after(place: Place): readonly PlacedEvent[] {
    const first = place === this.from ? 0 : firstAfter(this.window, place);
    return first === 0 ? this.window : this.window.slice(first);
  }

  /** The first of them. */
  next(place: Place): PlacedEvent | undefined {
    return this.window[firstAfter(this.window, place)];
  }

  /** Settles when the window has moved on from `end`, or when the signal aborts. */
  moved(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted || this.isClosed) return resolve();
      this.waiting ??= new Set();
      const { waiting } = this;
      const settle = (): void => {
        waiting.delete(settle);
        signal.removeEventListener('abort', settle);
        resolve();
      };
      waiting.add(settle);
      signal.addEventListener('abort', settle);
    });
  }

  /** Calls `moved` of the watcher whenever the window has moved on. */
  watch(watcher: Watcher): void {
    if (!this.watchers) this.watchers = watcher;
    else if (this.watchers instanceof Set) this.watchers.add(watcher);
    else this.watchers = new Set([this.watchers, watcher]);
  }

  unwatch(watcher: Watcher): void {
    if (this.watchers instanceof Set) this.watchers.delete(watcher);
    else if (this.watchers === watcher) this.watchers = undefined;
  }

  /** Keeps the window for who reads at his own pace, until the result is called. */
  keep(): () => void {
    this.keepers += 1;
    return () => (this.keepers -= 1);
  }

  /**
   * Reads what is new, unless it has got something of this transaction, whose events appear at once, or of a later one.
   * Calls while a read is under way are at most one further read.
   */
  wake(xid = anyXid): void {
    if (this.isClosed || this.to.xid >= xid) return;
    if (!this.isReading) return this.read();
    if (this.awaitedXid < xid) this.awaitedXid = xid;
  }

  /** Nothing of this stream became visible between the two snapshots but what it has, or is about to read. */
  settle(earlier: string, now: string): void {
    if (!this.isReading && this.snapshot === earlier) this.snapshot = now;
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.retry);
    this.settleWaiting();
  }

  take(added: PlacedEvent[]): void {
    const last = added.at(-1);
    if (!last) return;
    const { windowEvents } = this.terms;
    this.window = this.window.length === 0 ? added : this.window.concat(added);
    this.to = last.place;
    // Cut at twice the size, so that the copy is paid once for many events.
    if (this.window.length >= 2 * windowEvents) {
      const excess = this.window.length - windowEvents;
      this.from = this.window[excess - 1]?.place ?? this.from;
      this.window = this.window.slice(excess);
    }
    try {
      this.settleWaiting();
      // What everybody has is of no more use: thousands of streams with one subscriber each keep nothing.
      if (!this.tellWatchers() || this.keepers > 0) return;
      this.window = nothing;
      this.from = this.to;
    } catch (error) {
      this.terms.log.error({ error, clientId: this.scope.clientId }, 'A subscriber could not take an event.');
    }
  }

  began(): void {
    this.awaitedXid = 0n;
  }

  ended(snapshot: string, hasMore: boolean, isHeld: boolean): void {
    this.isReading = false;
    const isBehind = hasMore || this.to.xid < this.awaitedXid;
    // Of what looks have found since the read began it would have been told: it has that, too.
    if (!isBehind) this.snapshot = this.terms.looks.latest;
    else if (!hasMore) this.snapshot = snapshot;
    if (isHeld) this.retryIn(heldRetryMilliseconds);
    if (isBehind) this.wake();
  }

  failed(error: unknown): void {
    this.isReading = false;
    this.terms.log.warn({ error, clientId: this.scope.clientId }, 'The event log could not be read; trying again.');
    this.retryIn(errorRetryMilliseconds);
  }

  private read(): void {
    this.isReading = true;
    if (this.retry) clearTimeout(this.retry);
    this.terms.readOn(this);
  }

  /** True when all of them have taken all that there is. */
  private tellWatchers(): boolean {
    const { watchers } = this;
    if (!(watchers instanceof Set)) return watchers?.moved() ?? true;
    let isTaken = true;
    // Who is told may end and take himself out: a set bears that.
    for (const watcher of watchers) if (!watcher.moved()) isTaken = false;
    return isTaken;
  }

  private settleWaiting(): void {
    for (const settle of this.waiting ?? []) settle();
  }

  private retryIn(milliseconds: number): void {
    clearTimeout(this.retry);
    if (!this.isClosed) this.retry = setTimeout(() => this.wake(), milliseconds);
  }
}

/** Index of the first entry after the place; entries are in order. */
function firstAfter(window: readonly PlacedEvent[], after: Place): number {
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
