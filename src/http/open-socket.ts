import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { CloseCode, type Context, type WebSocket as ProtocolSocket } from 'graphql-ws';
import type { Authentication } from './authentication.ts';
import type { Expiring, ExpiryWatch } from './expiry-watch.ts';
import type { ListenedSocket, SocketListener } from './listened-socket.ts';
import { headOf, type RequestHead } from './request-facts.ts';
import { SocketWriter } from './socket-writer.ts';

const closeReasonBytesMax = 123;

/** What all sockets of a door share. */
export interface SocketTerms {
  readonly expiryWatch: ExpiryWatch;
  /** Told what went wrong with a message. */
  readonly onFailure: (socket: OpenSocket, error: unknown) => void;
  readonly onBroken: (error: Error) => void;
  readonly onClosed: (socket: OpenSocket, code: number, reason: string) => void;
}

/** What graphql-ws knows of a socket: above all its operations, by their ids. */
export type SocketContext = Context<Record<string, unknown>, OpenSocket>;

/** A message of a client while graphql-ws handles it. */
export interface HandledMessage {
  /** Called when graphql-ws is done with it. */
  whenHandled?: () => void;
}

interface Wait {
  readonly controller: AbortController;
  /** Whether the client still waits for the answer. */
  readonly isWanted: () => boolean;
}

/**
 * One open socket, as graphql-ws and ws speak to it and as operations know it. A class that keeps little, because a
 * gateway has ten thousands of them.
 */
export class OpenSocket extends SocketWriter implements ProtocolSocket, SocketListener, Expiring {
  readonly head: RequestHead;
  /** Until when the client must have said who it is; then when its token ends. */
  expiresAtMilliseconds: number;
  /** In which part of the open sockets it is. */
  slice = 0;
  /** Who connected; undefined until `connection_init` was accepted. */
  viewer: Authentication['viewer'] | undefined;
  /** Of the upgrade request; forgotten when it was read. */
  authorization: string | undefined;
  /** The message that graphql-ws is being given: it calls `onSubscribe` before it waits for anything. */
  handled: HandledMessage | undefined;
  /** Lets go of what graphql-ws holds. */
  letGo: ((code: number, reason: string) => Promise<void>) | undefined;
  private readonly terms: SocketTerms;
  private isSilent = false;
  private handle: ((text: string) => Promise<void>) | undefined;
  /** Of operations that wait for something, by their ids. */
  private waits: Map<string, Wait> | undefined;

  constructor(
    socket: ListenedSocket,
    stream: Duplex,
    request: IncomingMessage,
    initBeforeMilliseconds: number,
    terms: SocketTerms,
  ) {
    super(socket, stream);
    this.head = headOf(request);
    this.authorization = request.headers.authorization;
    this.expiresAtMilliseconds = initBeforeMilliseconds;
    this.terms = terms;
    socket.listener = this;
    terms.expiryWatch.add(this);
  }

  get protocol(): string {
    return this.socket.protocol;
  }

  /** Notes who it is; the socket ends with his token. */
  authenticated({ viewer, expiresAt }: Authentication): void {
    this.viewer = viewer;
    this.authorization = undefined;
    this.terms.expiryWatch.delete(this);
    if (!expiresAt || !this.isOpen) return;
    this.expiresAtMilliseconds = expiresAt.getTime();
    this.terms.expiryWatch.add(this);
  }

  expire(): void {
    if (this.viewer) this.close(CloseCode.Forbidden, 'The access token has expired.');
    else this.close(CloseCode.ConnectionInitialisationTimeout, 'Connection initialisation timeout');
  }

  /** Pings the peer, and cuts one that has not answered the last time. */
  checkAlive(): void {
    if (this.isSilent) return this.socket.terminate();
    this.isSilent = true;
    this.socket.ping();
  }

  answered(): void {
    this.isSilent = false;
  }

  heard(text: string): void {
    void this.handleMessage(text);
  }

  broke(error: Error): void {
    this.terms.onBroken(error);
  }

  closed(code: number, reason: string): void {
    this.terms.expiryWatch.delete(this);
    this.endWaits();
    this.terms.onClosed(this, code, reason);
  }

  send(text: string): Promise<void> {
    return new Promise((resolve) => {
      this.write(text);
      this.flush(resolve);
    });
  }

  close(code = 1000, reason = ''): void {
    this.flush();
    // A close frame holds 123 bytes of reason; ws throws for more.
    this.socket.close(code, Buffer.byteLength(reason) <= closeReasonBytesMax ? reason : reason.slice(0, 40));
  }

  onMessage(handle: (text: string) => Promise<void>): void {
    this.handle = handle;
  }

  private async handleMessage(text: string): Promise<void> {
    const message: HandledMessage = {};
    try {
      this.handled = message;
      const handling = this.handle?.(text);
      // The protocol's server has taken a `complete` by now, and tells nobody of it.
      if (this.waits) this.endWaits((wait) => !wait.isWanted());
      await handling;
    } catch (error) {
      this.terms.onFailure(this, error);
    }
    message.whenHandled?.();
  }

  /** The signal of an operation, which aborts when its client has completed it or the socket is closed. */
  untilGone(id: string, isWanted: () => boolean): AbortSignal {
    this.waits ??= new Map();
    const known = this.waits.get(id);
    if (known?.isWanted()) return known.controller.signal;
    const controller = new AbortController();
    if (!this.isOpen || !isWanted()) controller.abort();
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
