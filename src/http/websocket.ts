import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { CloseCode, handleProtocols, makeServer } from 'graphql-ws';
import { WebSocketServer } from 'ws';
import type { Log } from '../kernel/log.ts';
import { authenticate, authorizationOf, type VerifyAccessToken } from './authentication.ts';
import type { ExpiryWatch } from './expiry-watch.ts';
import type { GatewayMetrics } from './metrics.ts';
import type { QueryLimits } from './query-limits.ts';
import type { TakePermit } from './rate-limit.ts';
import { ListenedSocket } from './listened-socket.ts';
import type { StreamLimit } from './stream-limit.ts';
import type { Clock } from '../kernel/clock.ts';
import { OpenSocket, type SocketContext, type SocketTerms } from './open-socket.ts';
import { createOpenSockets } from './open-sockets.ts';
import { withSharedPermissions } from './shared-permissions.ts';
import { createSocketOperations, type OperationContextOf } from './socket-operations.ts';
import type { Yoga } from './yoga.ts';

const connectionInitMilliseconds = 10_000;

interface SocketDoorOptions {
  readonly yoga: Yoga;
  readonly verifyAccessToken: VerifyAccessToken;
  readonly operationContext: OperationContextOf;
  readonly mask: (error: unknown) => Error;
  readonly expiryWatch: ExpiryWatch;
  readonly clock: Clock;
  readonly metrics: GatewayMetrics;
  readonly takePermit?: TakePermit | undefined;
  readonly streamLimit: StreamLimit;
  readonly limits: QueryLimits;
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
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: options.messageBytesMax,
    handleProtocols,
    WebSocket: ListenedSocket,
    clientTracking: false,
  });
  const open = createOpenSockets(options.keepAliveMilliseconds);
  const terms: SocketTerms = { expiryWatch, onFailure: refuse, onBroken, onClosed };
  const server = makeServer<Record<string, unknown>, OpenSocket>({
    // The expiry watch waits for connection_init, as for the end of tokens: graphql-ws has a timer for each socket.
    connectionInitWaitTimeout: 0,
    onConnect: connect,
    ...createSocketOperations(options),
  });

  async function connect(context: SocketContext): Promise<true> {
    const { extra: socket, connectionParams } = context;
    const authorization = authorizationOf(connectionParams, socket.authorization);
    if (authorization === undefined) {
      throw new SocketRefusal(CloseCode.Unauthorized, 'Unauthorized: send { "authorization": "Bearer …" }.');
    }
    try {
      const { viewer, expiresAt } = await authenticate(authorization, verifyAccessToken);
      socket.authenticated({ viewer: withSharedPermissions(viewer), expiresAt });
    } catch (error) {
      const masked = mask(error);
      const isRefused = 'extensions' in masked && hasCode(masked.extensions, 'UNAUTHENTICATED');
      throw new SocketRefusal(isRefused ? CloseCode.Unauthorized : CloseCode.InternalServerError, masked.message);
    }
    // A token that was read is kept nowhere.
    Object.assign(context, { connectionParams: undefined });
    return true;
  }

  function opened(socket: ListenedSocket, stream: Duplex, request: IncomingMessage): void {
    const initBeforeMilliseconds = options.clock.now().getTime() + connectionInitMilliseconds;
    const opening = new OpenSocket(socket, stream, request, initBeforeMilliseconds, terms);
    metrics.sockets.inc();
    open.add(opening);
    opening.letGo = server.opened(opening, opening);
  }

  function onClosed(socket: OpenSocket, code: number, reason: string): void {
    metrics.sockets.dec();
    open.delete(socket);
    socket.letGo?.(code, reason).catch((error: unknown) => log.warn({ error }, 'A WebSocket could not be let go.'));
  }

  function onBroken(error: Error): void {
    log.debug({ error }, 'A WebSocket broke.');
  }

  function refuse(socket: OpenSocket, error: unknown): void {
    if (error instanceof SocketRefusal) return socket.close(error.code, error.message);
    socket.close(CloseCode.InternalServerError, mask(error).message);
  }

  return {
    upgrade(request, stream, head) {
      sockets.handleUpgrade(request, stream, head, (socket) => opened(socket, stream, request));
    },
    async drain() {
      open.stopKeepAlive();
      // From here on upgrades are refused.
      sockets.close();
      for (const socket of open) socket.close(1012, 'Service restart: connect again.');
      await open.whenEmpty();
    },
  };
}

function hasCode(extensions: unknown, code: string): boolean {
  return typeof extensions === 'object' && extensions !== null && 'code' in extensions && extensions.code === code;
}
