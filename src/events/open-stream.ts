import type { Flow, PushStream, Sink } from '../kernel/push-stream.ts';
import { comparePlaces, placeOf, type Place } from '../store/log-place.ts';
import { Push, type Source } from './push.ts';
import { follow, type EventFilter, type StreamItem } from './stream.ts';
import type { Tail } from './tail.ts';

/** What all streams of a process share. */
export interface StreamTerms {
  /** The streams that have not ended. */
  readonly open: Set<OpenStream>;
  /** Lets go of the tail, once for each stream. */
  readonly release: (tail: Tail) => void;
}

const everything: EventFilter = {};

/** A stream with its place in the log, which holds its tail open until it ends. A class: each socket has one. */
export class OpenStream implements PushStream<StreamItem>, Source {
  readonly tail: Tail;
  readonly from: Place;
  readonly filter: EventFilter;
  private readonly terms: StreamTerms;
  private items: AsyncGenerator<StreamItem, void, void> | undefined;
  private abort: AbortController | undefined;
  private letGo: (() => void) | undefined;
  private flow: Flow | undefined;
  private isEnded = false;

  /** Stands among the open streams as long as it has not ended. */
  constructor(terms: StreamTerms, tail: Tail, after: string, filter: EventFilter, signal?: AbortSignal) {
    this.terms = terms;
    this.tail = tail;
    const from = placeOf(after);
    // Most begin at the end of their tail: one place serves both.
    this.from = comparePlaces(from, tail.end) === 0 ? tail.end : from;
    this.filter = filter.types || filter.connectionId ? filter : everything;
    terms.open.add(this);
    signal?.addEventListener('abort', () => this.end(), { once: true });
    if (signal?.aborted) this.end();
  }

  pushTo(sink: Sink<StreamItem>): Flow {
    const flow = new Push(this, sink);
    this.flow = flow;
    if (this.isEnded) flow.stop();
    else flow.start();
    return flow;
  }

  async next(): Promise<IteratorResult<StreamItem, void>> {
    try {
      const result = await this.generator().next();
      if (result.done) this.end();
      return result;
    } catch (error) {
      this.end();
      throw error;
    }
  }

  // A generator's own `return` queues behind the pending `next`, which might never settle.
  async return(): Promise<IteratorResult<StreamItem, void>> {
    this.end();
    await this.items?.return();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Ends it, whoever waits for its next item. */
  end(): void {
    if (this.isEnded) return;
    this.isEnded = true;
    this.terms.open.delete(this);
    this.abort?.abort();
    this.letGo?.();
    this.flow?.stop();
    this.terms.release(this.tail);
  }

  private generator(): AsyncGenerator<StreamItem, void, void> {
    if (!this.items) {
      this.abort = new AbortController();
      const { tail, from, filter } = this;
      if (this.isEnded) this.abort.abort();
      else this.letGo = tail.keep();
      this.items = follow(tail, from, filter, this.abort.signal);
    }
    return this.items;
  }
}
