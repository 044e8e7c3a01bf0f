import type { ExecutionResult, GraphQLFormattedError } from 'graphql';
import { jsonText } from '../kernel/json-text.ts';
import type { Flow, PushStream, Sink } from '../kernel/push-stream.ts';
import type { Answer, AnswerGroup } from './event-answers.ts';
import type { OpenSocket, SocketContext } from './open-socket.ts';

/** How many events may wait for their answers. */
const pendingAnswersMax = 64;

/** What all deliveries of a door share. */
export interface DeliveryTerms {
  /** An error as the client is told of it. */
  readonly errorsOf: (error: unknown) => readonly GraphQLFormattedError[];
  readonly onEnd: (delivery: Delivery) => void;
  readonly onError: () => void;
}

interface DeliveryOptions {
  readonly context: SocketContext;
  /** The id that the client gave the operation. */
  readonly id: string;
  readonly stream: PushStream<object>;
  readonly group: AnswerGroup;
  readonly terms: DeliveryTerms;
}

/**
 * One subscription of one socket; the `next` messages go straight to the socket, in the words of the group's shared
 * answer. It takes no event while the socket is full, so a slow reader costs no memory but lags.
 *
 * graphql-ws minds its life (an id twice, `complete`, the end of the socket) by its table of operations. What it calls to
 * run an operation would hold the message, its closures and a suspended function for each socket, a quarter of all memory
 * of one. So to graphql-ws this is first an iterable that is done at once and whose id the client has completed, about
 * which it keeps silent; when it is through with the message, `attach` puts the delivery back into the table.
 */
export class Delivery implements AsyncIterableIterator<ExecutionResult, undefined>, Sink<object> {
  readonly group: AnswerGroup;
  readonly socket: OpenSocket;
  private readonly context: SocketContext;
  private readonly id: string;
  private readonly stream: PushStream<object>;
  private readonly terms: DeliveryTerms;
  private flow: Flow | undefined;
  private isDetached = false;
  private isEnded = false;
  private isDraining = false;
  private error: unknown;
  private pending: Answer[] | null = null;

  constructor({ context, id, stream, group, terms }: DeliveryOptions) {
    this.context = context;
    this.socket = context.extra;
    this.id = id;
    this.stream = stream;
    this.group = group;
    this.terms = terms;
  }

  async next(): Promise<IteratorReturnResult<undefined>> {
    this.isDetached = true;
    this.leaveTable();
    return { done: true, value: undefined };
  }

  /** Begins, once graphql-ws is done with the message; nothing when the client has taken it back before. */
  attach(): void {
    if (!this.isDetached || this.isEnded) return;
    if (!this.socket.isOpen) return void this.return();
    Object.assign(this.context.subscriptions, { [this.id]: this });
    this.flow = this.stream.pushTo(this);
  }

  /** Ends it without a word: the client has completed it, or the socket is closed. */
  async return(): Promise<IteratorReturnResult<undefined>> {
    this.leaveTable();
    this.pending = null;
    if (this.flow) this.flow.stop();
    else {
      await this.stream.return?.();
      this.end();
    }
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  push(item: object): boolean {
    const answer = this.group.answer(item);
    if (!this.pending && answer.text !== null) return this.send(answer.text);
    this.pending ??= [];
    this.pending.push(answer);
    answer.waiting.push(this);
    return this.pending.length < pendingAnswersMax;
  }

  /** Sends what is known by now, in the order of the events. */
  flush(): void {
    let sent = 0;
    for (const { text } of this.pending ?? []) {
      if (text === null) break;
      this.send(text);
      sent += 1;
    }
    if (sent === 0 || !this.pending) return;
    this.pending = sent < this.pending.length ? this.pending.slice(sent) : null;
    if (!this.isDraining) this.flow?.resume();
    if (this.isEnded) this.settle();
  }

  end(error?: unknown): void {
    if (this.isEnded) return;
    this.isEnded = true;
    this.error = error;
    this.group.leave();
    this.terms.onEnd(this);
    this.settle();
  }

  /** Says that it has ended, unless the client has said so; what was given before the end is sent first. */
  private settle(): void {
    const { context, id, socket, error } = this;
    if (context.subscriptions[id] !== this) return;
    if (this.pending && error === undefined) return;
    this.leaveTable();
    if (error === undefined) return socket.write(JSON.stringify({ id, type: 'complete' }));
    this.pending = null;
    this.terms.onError();
    socket.write(JSON.stringify({ id, type: 'error', payload: this.terms.errorsOf(error) }));
  }

  private leaveTable(): void {
    const { subscriptions } = this.context;
    // oxlint-disable-next-line typescript/no-dynamic-delete -- the table is graphql-ws's, with the ids of clients
    if (subscriptions[this.id] === this) delete subscriptions[this.id];
  }

  private send(text: string): boolean {
    const { socket } = this;
    socket.write(`{"id":${jsonText(this.id)},"type":"next","payload":${text}}`);
    if (!socket.isFull) return true;
    this.isDraining = true;
    socket.flush(() => {
      this.isDraining = false;
      if ((this.pending?.length ?? 0) < pendingAnswersMax) this.flow?.resume();
    });
    return false;
  }
}
