import type { Flow, Sink } from '../kernel/push-stream.ts';
import { comparePlaces, cursorAt, type Place } from '../store/log-place.ts';
import { isWanted, replay, type EventFilter, type StreamItem } from './stream.ts';
import type { Tail } from './tail.ts';

/** A part of the log that is followed. */
export interface Source {
  readonly tail: Tail;
  /** The place to begin after. */
  readonly from: Place;
  readonly filter: EventFilter;
  /** Told of the end before the sink is. */
  end(): void;
}

/**
 * The same stream as `follow`, pushed: while its subscriber is live, an event costs it one call, without a promise. A
 * class, because there is one of these for each of ten thousand sockets.
 */
export class Push implements Flow {
  private readonly source: Source;
  private readonly sink: Sink<StreamItem>;
  private place: Place;
  private isLive = false;
  private isFull = false;
  private isReplaying = false;
  private isStopped = false;
  private abort: AbortController | undefined;
  private whenResumed: (() => void) | undefined;

  constructor(source: Source, sink: Sink<StreamItem>) {
    this.source = source;
    this.sink = sink;
    this.place = source.from;
  }

  start(): void {
    this.source.tail.watch(this);
    this.moved();
  }

  resume(): void {
    if (!this.isFull) return;
    this.isFull = false;
    this.whenResumed?.();
    this.moved();
  }

  stop(): void {
    this.finish();
  }

  /** Gives what the tail has; true when nothing of it is left to give. */
  moved(): boolean {
    const { sink } = this;
    const { tail, filter } = this.source;
    while (!this.isStopped && !this.isFull && !this.isReplaying) {
      if (comparePlaces(this.place, tail.start) < 0) {
        if (!this.isLive) {
          void this.replay();
          return false;
        }
        sink.push({ type: 'lagged', cursor: cursorAt(this.place) });
        this.finish();
        return true;
      }
      const entries = tail.after(this.place);
      if (entries.length === 0) {
        this.isLive = true;
        return true;
      }
      for (const { place, event } of entries) {
        if (this.isStopped || this.isFull) break;
        this.place = place;
        if (isWanted(event, filter) && !sink.push(event)) this.isFull = true;
      }
    }
    return this.isStopped;
  }

  private async replay(): Promise<void> {
    const { sink } = this;
    const { tail, filter } = this.source;
    this.isReplaying = true;
    this.abort = new AbortController();
    const upTo = tail.end;
    try {
      for await (const event of replay(tail, this.place, cursorAt(upTo), filter, this.abort.signal)) {
        if (this.isStopped) return;
        if (!sink.push(event)) await this.resumed();
      }
    } catch (error) {
      return this.finish(error);
    }
    this.place = upTo;
    this.isReplaying = false;
    this.moved();
  }

  private async resumed(): Promise<void> {
    this.isFull = true;
    await new Promise<void>((resolve) => (this.whenResumed = resolve));
    this.whenResumed = undefined;
  }

  private finish(error?: unknown): void {
    if (this.isStopped) return;
    this.isStopped = true;
    this.source.tail.unwatch(this);
    this.abort?.abort();
    this.whenResumed?.();
    this.source.end();
    this.sink.end(error);
  }
}
