import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { CloseCode, handleProtocols, makeServer, type Context } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Log } from '../kernel/log.ts';
import { authenticate, authorizationOf, type Authentication, type VerifyAccessToken } from './authentication.ts';
import type { ExpiryWatch } from './expiry-watch.ts';
import type { GatewayMetrics } from './metrics.ts';
import type { TakePermit } from './rate-limit.ts';
import { startKeepAlive } from './keep-alive.ts';
import type { EnterStream } from './stream-limit.ts';
import { createSocketOperations, type SocketExtra } from './socket-operations.ts';
import { SocketWriter } from './socket-writer.ts';
import type { OperationContext, Yoga } from './yoga.ts';

const connectionInitMilliseconds = 10_000;
const closeReasonBytesMax = 123;

interface SocketDoorOptions {
  readonly yoga: Yoga;
  readonly verifyAccessToken: VerifyAccessToken;
  readonly operationContext: (request: IncomingMessage, authentication: Authentication) => OperationContext;
  readonly mask: (error: unknown) => Error;
  readonly expiryWatch: ExpiryWatch;
  readonly metrics: GatewayMetrics;
  readonly takePermit?: TakePermit | undefined;
  readonly enterStream: EnterStream;
  readonly log: Log;
  readonly messageBytesMax: number;
  readonly keepAliveMilliseconds: number;
}

/** The WebSocket side of `/graphql`. */
export interface SocketDoor {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Tells every client to come back (1012) and takes no new ones; settles when all sockets are closed. */
  drain(): Promise<void>;
}

/** Ends a socket with this code; graphql-ws would close with 4500 whatever is thrown. */
class SocketRefusal extends Error {
  readonly code: number;

  constructor(code: number, reason: string) {
    super(reason);
    this.code = code;
  }
}

/**
 * graphql-transport-ws (its PROTOCOL.md). A socket needs a valid token at connection_init, else it is closed with 4401;
 * when the token expires it is closed with 4403, after which graphql-ws clients connect again with a fresh token.
 */
export function createSocketDoor(options: SocketDoorOptions): SocketDoor {
  const { verifyAccessToken, expiryWatch, metrics, log, mask } = options;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: options.messageBytesMax, handleProtocols });
  const keepAlive = startKeepAlive(sockets, options.keepAliveMilliseconds);
  const server = makeServer<Record<string, unknown>, SocketExtra>({
    connectionInitWaitTimeout: connectionInitMilliseconds,
    onConnect: connect,
    ...createSocketOperations(options),
  });

  async function connect({ connectionParams, extra }: Context<Record<string, unknown>, SocketExtra>): Promise<true> {
    const authorization = authorizationOf(connectionParams, extra.request);
    if (authorization === undefined) {
      throw new SocketRefusal(CloseCode.Unauthorized, 'Unauthorized: send { "authorization": "Bearer …" }.');
    }
    try {
      extra.authentication = await authenticate(authorization, verifyAccessToken);
    } catch (error) {
      const masked = mask(error);
      const isRefused = 'extensions' in masked && hasCode(masked.extensions, 'UNAUTHENTICATED');
      throw new SocketRefusal(isRefused ? CloseCode.Unauthorized : CloseCode.InternalServerError, masked.message);
    }
    return true;
  }

  function open(socket: WebSocket, request: IncomingMessage, stream: Duplex): void {
    metrics.sockets.inc();
    const writer = new SocketWriter(socket, stream);
    const extra: SocketExtra = { request, writer };
    let forgetExpiry: (() => void) | undefined;
    const closed = server.opened(
      {
        protocol: socket.protocol,
        send: (text) =>
          new Promise((resolve) => {
            writer.send(text);
            writer.flush(resolve);
          }),
        close: (code, reason) => {
          writer.flush();
          close(socket, code ?? 1000, reason ?? '');
        },
        onMessage(handle) {
          socket.on('message', (data) => {
            // oxlint-disable-next-line typescript/no-base-to-string -- text frames arrive as Buffers
            handle(String(data))
              .then(() => {
                const expiresAt = extra.authentication?.expiresAt;
                if (expiresAt && socket.readyState === socket.OPEN) {
                  forgetExpiry ??= expiryWatch.add(expiresAt, () =>
                    close(socket, CloseCode.Forbidden, 'The access token has expired.'),
                  );
                }
              })
              .catch((error: unknown) => refuse(socket, error));
          });
        },
      },
      extra,
    );
    socket.on('error', (error) => log.debug({ error }, 'A WebSocket broke.'));
    socket.once('close', (code, reason) => {
      metrics.sockets.dec();
      forgetExpiry?.();
      closed(code, String(reason)).catch((error: unknown) => log.warn({ error }, 'A WebSocket could not be let go.'));
    });
  }

  function refuse(socket: WebSocket, error: unknown): void {
    if (error instanceof SocketRefusal) return close(socket, error.code, error.message);
    close(socket, CloseCode.InternalServerError, mask(error).message);
  }

  return {
    upgrade(request, socket, head) {
      sockets.handleUpgrade(request, socket, head, (opened) => open(opened, request, socket));
    },
    async drain() {
      keepAlive.close();
      for (const socket of sockets.clients) close(socket, 1012, 'Service restart: connect again.');
      await new Promise<void>((resolve) => {
        sockets.close(() => resolve());
      });
    },
  };
}

function close(socket: WebSocket, code: number, reason: string): void {
  // A close frame holds 123 bytes of reason; ws throws for more.
  socket.close(code, Buffer.byteLength(reason) <= closeReasonBytesMax ? reason : reason.slice(0, 40));
}

function hasCode(extensions: unknown, code: string): boolean {
  return typeof extensions === 'object' && extensions !== null && 'code' in extensions && extensions.code === code;
}
