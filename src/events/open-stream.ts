import type { Flow, PushStream, Sink } from '../kernel/push-stream.ts';
import { Push, type Source } from './push.ts';
import { follow, type StreamItem } from './stream.ts';

/** A stream with its place in the log, which holds its tail open until it ends. A class: each socket has one. */
export class OpenStream implements PushStream<StreamItem> {
  private readonly source: Source;
  private readonly open: Set<OpenStream>;
  private readonly release: () => void;
  private items: AsyncGenerator<StreamItem, void, void> | undefined;
  private abort: AbortController | undefined;
  private letGo: (() => void) | undefined;
  private flow: Flow | undefined;
  private isEnded = false;

  /** Stands in `open` as long as it has not ended; `release` is called once when it has. */
  constructor(source: Source, open: Set<OpenStream>, release: () => void, signal?: AbortSignal) {
    this.source = source;
    this.open = open;
    this.release = release;
    open.add(this);
    signal?.addEventListener('abort', () => this.end(), { once: true });
    if (signal?.aborted) this.end();
  }

  pushTo(sink: Sink<StreamItem>): Flow {
    const flow = new Push(this.source, sink, this);
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
    this.open.delete(this);
    this.abort?.abort();
    this.letGo?.();
    this.flow?.stop();
    this.release();
  }

  private generator(): AsyncGenerator<StreamItem, void, void> {
    if (!this.items) {
      this.abort = new AbortController();
      const { database, tail, after, filter } = this.source;
      if (this.isEnded) this.abort.abort();
      else this.letGo = tail.keep();
      this.items = follow(database, tail, after, filter, this.abort.signal);
    }
    return this.items;
  }
}
