import type { OpenSocket } from './open-socket.ts';

/** How many parts the sockets are looked at in: all at once would hold up whoever else waits. */
const slices = 16;

/** The open sockets of a door. */
export interface OpenSockets extends Iterable<OpenSocket> {
  add(socket: OpenSocket): void;
  delete(socket: OpenSocket): void;
  /** Looks at no socket any more. */
  stopKeepAlive(): void;
  /** Settles when none is open. */
  whenEmpty(): Promise<void>;
}

/**
 * Holds the open sockets and pings each of them every `keepAliveMilliseconds`; one that has not answered its last ping is
 * cut: a peer that vanished without a word would hold its subscriptions for ever. One timer serves all, and each of its
 * ticks a part of them.
 */
export function createOpenSockets(keepAliveMilliseconds: number): OpenSockets {
  const parts = Array.from({ length: slices }, () => new Set<OpenSocket>());
  let added = 0;
  let tick = 0;
  let onEmpty: (() => void) | null = null;
  const timer = setInterval(() => {
    tick = (tick + 1) % slices;
    for (const socket of parts[tick] ?? []) socket.checkAlive();
  }, keepAliveMilliseconds / slices);
  timer.unref();

  function* all(): Generator<OpenSocket, void, void> {
    for (const part of parts) yield* part;
  }

  function isEmpty(): boolean {
    return parts.every(({ size }) => size === 0);
  }

  return {
    add(socket) {
      socket.slice = added % slices;
      added += 1;
      parts[socket.slice]?.add(socket);
    },
    delete(socket) {
      parts[socket.slice]?.delete(socket);
      if (onEmpty && isEmpty()) onEmpty();
    },
    stopKeepAlive: () => clearInterval(timer),
    whenEmpty: () => new Promise((resolve) => (isEmpty() ? resolve() : (onEmpty = resolve))),
    [Symbol.iterator]: all,
  };
}
