import { isUserScope, type Scope } from '../domain/viewer.ts';
import type { ClientId } from '../kernel/id.ts';
import type { RelayTarget } from './relay.ts';
import { openTail, type Tail, type TailTerms } from './tail.ts';

/** One tail for each stream that somebody in this process follows. */
export interface Tails extends RelayTarget {
  /** The tail of this stream, to be released once; opens it for the first who asks. */
  acquire(scope: Scope): Promise<Tail>;
  /** Closes the tail when nobody holds it any more. */
  release(tail: Tail): void;
}

export function createTails(terms: TailTerms): Tails {
  // By client and, within, by user: a key made of both would be a text for each of ten thousand tails.
  const clients = new Map<ClientId, Map<string, Tail>>();
  const opening = new Map<string, Promise<Tail>>();

  function find({ clientId, userId }: Scope): Tail | undefined {
    return clients.get(clientId)?.get(userId ?? clientId);
  }

  function keep(tail: Tail): void {
    const { clientId, userId } = tail.scope;
    let ofClient = clients.get(clientId);
    if (!ofClient) clients.set(clientId, (ofClient = new Map()));
    ofClient.set(userId ?? clientId, tail);
  }

  function* all(): Generator<Tail, void, void> {
    for (const ofClient of clients.values()) yield* ofClient.values();
  }

  async function open(scope: Scope, key: string): Promise<Tail> {
    try {
      const tail = await openTail(terms, scope);
      keep(tail);
      // Something may have been committed, and its wake-up missed, while the tail was being opened.
      tail.wake();
      return tail;
    } finally {
      opening.delete(key);
    }
  }

  return {
    async acquire(scope) {
      let tail = find(scope);
      if (!tail) {
        const key = `${scope.clientId} ${scope.userId ?? ''}`;
        let opened = opening.get(key);
        if (!opened) opening.set(key, (opened = open(scope, key)));
        tail = await opened;
        // Who came in between may have let go of it already.
        if (find(scope) !== tail) return this.acquire(scope);
      }
      tail.holders += 1;
      return tail;
    },
    release(tail) {
      tail.holders -= 1;
      if (tail.holders > 0) return;
      tail.close();
      const { clientId, userId } = tail.scope;
      const ofClient = clients.get(clientId);
      if (ofClient?.get(userId ?? clientId) !== tail) return;
      ofClient.delete(userId ?? clientId);
      if (ofClient.size === 0) clients.delete(clientId);
    },
    clientIds: () => clients.keys(),
    wakeAll() {
      for (const tail of all()) tail.wake();
    },
    looked(earlier, now) {
      for (const tail of all()) {
        if (isUserScope(tail.scope)) tail.settle(earlier, now);
        // A client's stream may also wait for a transaction that has ended without an event.
        else tail.wake();
      }
    },
    moved({ clientId, userIds }) {
      const ofClient = clients.get(clientId);
      if (!ofClient) return;
      for (const userId of userIds) ofClient.get(userId)?.wake();
      ofClient.get(clientId)?.wake();
    },
    wake({ clientId, ownerId, xid }) {
      clients.get(clientId)?.get(ownerId)?.wake(xid);
    },
  };
}
