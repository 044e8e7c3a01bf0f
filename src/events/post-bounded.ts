import type { Dispatcher } from 'undici';

const snippetCharactersMax = 1024;
/** Of UTF-8 no character takes more than four bytes. */
const snippetBytesMax = 4 * snippetCharactersMax;
/** The rest is read, so that the connection can be used again, but only so far. */
const answerBytesMax = 64 * 1024;

/** The part of an answer that is kept. */
export interface BoundedAnswer {
  readonly statusCode: number;
  readonly retryAfter: string | null;
  /** The beginning of the body; null when it is empty. */
  readonly snippet: string | null;
}

interface BoundedPost {
  readonly target: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** From the call, also if it waits for a connection, to the last byte of the answer. */
  readonly timeoutMilliseconds: number;
}

/** The answer was not complete in time. */
export class PostTimedOut extends Error {
  constructor(milliseconds: number) {
    super(`No whole answer within ${milliseconds / 1000} seconds.`);
  }
}

/**
 * One POST, following no redirect. undici's handler is used as it is: a stream and an abort signal for each answer cost
 * more than the request. Rejects with `PostTimedOut`, or with what the connection failed of.
 */
export function postBounded(dispatcher: Dispatcher, post: BoundedPost): Promise<BoundedAnswer> {
  return new Promise((resolve, reject) => {
    const { target, headers, body, timeoutMilliseconds } = post;
    const options = {
      origin: target.origin,
      path: target.pathname + target.search,
      method: 'POST',
      headers,
      body,
    } as const;
    dispatcher.dispatch(options, new Exchange(resolve, reject, timeoutMilliseconds));
  });
}

class Exchange implements Dispatcher.DispatchHandler {
  private readonly resolve: (answer: BoundedAnswer) => void;
  private readonly reject: (error: Error) => void;
  private readonly timer: NodeJS.Timeout;
  private readonly chunks: Buffer[] = [];
  private controller: Dispatcher.DispatchController | undefined;
  private bytes = 0;
  private statusCode = 0;
  private retryAfter: string | null = null;
  /** Why nothing more is wanted. */
  private end: Error | undefined;

  constructor(resolve: (answer: BoundedAnswer) => void, reject: (error: Error) => void, timeoutMilliseconds: number) {
    this.resolve = resolve;
    this.reject = reject;
    this.timer = setTimeout(() => {
      this.end = new PostTimedOut(timeoutMilliseconds);
      this.controller?.abort(this.end);
      reject(this.end);
    }, timeoutMilliseconds);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.end) controller.abort(this.end);
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    statusCode: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    this.statusCode = statusCode;
    const retryAfter = headers['retry-after'];
    this.retryAfter = typeof retryAfter === 'string' ? retryAfter : null;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.bytes < snippetBytesMax) this.chunks.push(chunk);
    this.bytes += chunk.length;
    if (this.bytes <= answerBytesMax) return;
    this.onResponseEnd();
    this.end = new Error('The answer is longer than anybody reads.');
    controller.abort(this.end);
  }

  onResponseEnd(): void {
    clearTimeout(this.timer);
    const { statusCode, retryAfter } = this;
    this.resolve({ statusCode, retryAfter, snippet: this.snippet() });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    clearTimeout(this.timer);
    this.reject(error);
  }

  private snippet(): string | null {
    if (this.bytes === 0) return null;
    const text = Buffer.concat(this.chunks).toString('utf8').slice(0, snippetCharactersMax);
    // PostgreSQL keeps no NUL.
    return text.replaceAll('\0', '\u{FFFD}');
  }
}
