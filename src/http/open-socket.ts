import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { CloseCode, type WebSocket as ProtocolSocket } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Authentication } from './authentication.ts';
import type { ExpiryWatch } from './expiry-watch.ts';
import { headOf, type RequestHead } from './request-facts.ts';
import { SocketWriter } from './socket-writer.ts';

const closeReasonBytesMax = 123;

/** What all sockets of a door share. */
export interface SocketTerms {
  readonly expiryWatch: ExpiryWatch;
  /** Told what went wrong with a message. */
  readonly onFailure: (socket: OpenSocket, error: unknown) => void;
}

interface Wait {
  readonly controller: AbortController;
  /** Whether the client still waits for the answer. */
  readonly isWanted: () => boolean;
}

/**
 * One open socket, as graphql-ws speaks to it and as operations know it. A class that keeps little, because a gateway
 * has ten thousands of them.
 */
export class OpenSocket implements ProtocolSocket {
  readonly protocol: string;
  readonly head: RequestHead;
  readonly writer: SocketWriter;
  /** Who connected; undefined until `connection_init` was accepted. */
  authentication: Authentication | undefined;
  /** Of the upgrade request; forgotten when it was read. */
  authorization: string | undefined;
  private readonly socket: WebSocket;
  private readonly terms: SocketTerms;
  private forget: () => void;
  /** Of operations that wait for something, by their ids. */
  private waits: Map<string, Wait> | undefined;

  /** Until `initBefore` the client must have said who it is. */
  constructor(socket: WebSocket, stream: Duplex, request: IncomingMessage, initBefore: Date, terms: SocketTerms) {
    this.protocol = socket.protocol;
    this.head = headOf(request);
    this.writer = new SocketWriter(socket, stream);
    this.authorization = request.headers.authorization;
    this.socket = socket;
    this.terms = terms;
    this.forget = terms.expiryWatch.add(initBefore, () =>
      this.close(CloseCode.ConnectionInitialisationTimeout, 'Connection initialisation timeout'),
    );
  }

  /** Notes who it is; the socket ends with his token. */
  authenticated(authentication: Authentication): void {
    this.authentication = authentication;
    this.authorization = undefined;
    this.forgetTime();
    if (!authentication.expiresAt || this.socket.readyState !== this.socket.OPEN) return;
    this.forget = this.terms.expiryWatch.add(authentication.expiresAt, () =>
      this.close(CloseCode.Forbidden, 'The access token has expired.'),
    );
  }

  /** Waits for no time any more: neither for `connection_init` nor for the end of the token. */
  forgetTime(): void {
    this.forget();
    this.forget = none;
  }

  send(text: string): Promise<void> {
    return new Promise((resolve) => {
      this.writer.send(text);
      this.writer.flush(resolve);
    });
  }

  close(code = 1000, reason = ''): void {
    this.writer.flush();
    // A close frame holds 123 bytes of reason; ws throws for more.
    this.socket.close(code, Buffer.byteLength(reason) <= closeReasonBytesMax ? reason : reason.slice(0, 40));
  }

  onMessage(handle: (text: string) => Promise<void>): void {
    this.socket.on('message', (data) => {
      // oxlint-disable-next-line typescript/no-base-to-string -- text frames arrive as Buffers
      handle(String(data)).catch((error: unknown) => this.terms.onFailure(this, error));
      // The protocol's server has taken a `complete` by now, and tells nobody of it.
      if (this.waits) this.endWaits((wait) => !wait.isWanted());
    });
  }

  /** The signal of an operation, which aborts when its client has completed it or the socket is closed. */
  untilGone(id: string, isWanted: () => boolean): AbortSignal {
    this.waits ??= new Map();
    const known = this.waits.get(id);
    if (known?.isWanted()) return known.controller.signal;
    const controller = new AbortController();
    if (this.socket.readyState !== this.socket.OPEN || !isWanted()) controller.abort();
    else this.waits.set(id, { controller, isWanted });
    return controller.signal;
  }

  /** Ends the waits of which this holds; all when absent. */
  endWaits(isEnded: (wait: Wait) => boolean = () => true): void {
    for (const [id, wait] of this.waits ?? []) {
      if (!isEnded(wait)) continue;
      this.waits?.delete(id);
      wait.controller.abort();
    }
    if (this.waits?.size === 0) this.waits = undefined;
  }
}

function none(): void {
  // Nothing is waited for.
}
