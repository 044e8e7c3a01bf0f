import type { ExecutionResult } from 'graphql';
import type { Flow, PushStream, Sink } from '../kernel/push-stream.ts';
import type { Answer, AnswerGroup } from './event-answers.ts';
import type { SocketWriter } from './socket-writer.ts';

/** How many events may wait for their answers. */
const pendingAnswersMax = 64;

interface DeliveryOptions {
  readonly writer: SocketWriter;
  /** The id that the client gave the operation. */
  readonly id: string;
  readonly stream: PushStream<object>;
  readonly group: AnswerGroup;
  readonly mask: (error: unknown) => Error;
  readonly onEnd: () => void;
}

/**
 * One subscription of one socket. To graphql-ws, which minds its life (complete, close, a refused id), it is an iterable
 * that gives nothing and ends when the stream does; the `next` messages go straight to the socket, in the words of the
 * group's shared answer. It takes no event while the socket is full, so a slow reader costs no memory but lags.
 */
export class Delivery implements AsyncIterableIterator<ExecutionResult, undefined>, Sink<object> {
  private readonly options: DeliveryOptions;
  private readonly prefix: string;
  private flow: Flow | undefined;
  private isEnded = false;
  private isDraining = false;
  private pending: Answer[] = [];
  private readonly ended = Promise.withResolvers<IteratorReturnResult<undefined>>();

  constructor(options: DeliveryOptions) {
    this.options = options;
    this.prefix = `{"id":${JSON.stringify(options.id)},"type":"next","payload":`;
  }

  /** Begins at the first call, because graphql-ws then knows the operation. */
  next(): Promise<IteratorResult<ExecutionResult, undefined>> {
    if (!this.flow && !this.isEnded) this.flow = this.options.stream.pushTo(this);
    return this.ended.promise;
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    this.pending = [];
    if (this.flow) this.flow.stop();
    else {
      await this.options.stream.return?.();
      this.end();
    }
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  push(item: object): boolean {
    const answer = this.options.group.answer(item);
    if (this.pending.length === 0 && answer.text !== null) return this.send(answer.text);
    this.pending.push(answer);
    answer.waiting.push(this);
    return this.pending.length < pendingAnswersMax;
  }

  /** Sends what is known by now, in the order of the events. */
  flush(): void {
    let sent = 0;
    for (const { text } of this.pending) {
      if (text === null) break;
      this.send(text);
      sent += 1;
    }
    if (sent === 0) return;
    this.pending.splice(0, sent);
    if (!this.isDraining) this.flow?.resume();
    if (this.isEnded && this.pending.length === 0) this.settle();
  }

  end(error?: unknown): void {
    if (this.isEnded) return;
    this.isEnded = true;
    this.options.group.leave();
    this.options.onEnd();
    if (error !== undefined) this.ended.reject(this.options.mask(error));
    // What was given before the end is still sent: `complete` comes after it.
    else if (this.pending.length === 0) this.settle();
  }

  private settle(): void {
    this.ended.resolve({ done: true, value: undefined });
  }

  private send(text: string): boolean {
    const { writer } = this.options;
    writer.send(`${this.prefix}${text}}`);
    if (!writer.isFull) return true;
    this.isDraining = true;
    writer.flush(() => {
      this.isDraining = false;
      if (this.pending.length < pendingAnswersMax) this.flow?.resume();
    });
    return false;
  }
}
