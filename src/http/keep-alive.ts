import type { WebSocket, WebSocketServer } from 'ws';

/**
 * Pings every socket and cuts those that did not answer the last ping: a peer that vanished without a word would hold
 * its subscriptions for ever. One timer serves all sockets.
 */
export function startKeepAlive(server: WebSocketServer, intervalMilliseconds: number): { close(): void } {
  const silent = new WeakSet<WebSocket>();
  const timer = setInterval(() => {
    for (const socket of server.clients) {
      if (silent.has(socket)) {
        socket.terminate();
        continue;
      }
      silent.add(socket);
      socket.once('pong', () => silent.delete(socket));
      socket.ping();
    }
  }, intervalMilliseconds);
  timer.unref();
  return { close: () => clearInterval(timer) };
}
