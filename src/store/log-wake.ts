import { parseId } from '../kernel/id.ts';
import { scopeOfOwner, type Scope } from '../domain/viewer.ts';
import type { Database } from './database.ts';

// The channel of LISTEN. A notification is a hint: a reader that misses one polls.
const channel = 'tributary_events';

/** Hears of streams that have moved, until closed. */
export interface WakeListener {
  close(): Promise<void>;
}

/** How processes tell each other that a stream has moved. A hint that is lost delays readers, no more. */
export interface Wakes {
  notify(scope: Scope): Promise<void>;
  listen(onMoved: (scope: Scope) => void, onConnected: () => void): Promise<WakeListener>;
}

/**
 * Tells every process that a stream has moved, a user's or the client's own. It comes after the commit and outside of
 * it: NOTIFY inside a busy transaction would make all commits queue for one lock. The events are committed already, so
 * whatever goes wrong here only delays readers until they poll, and is no failure of the caller.
 */
export async function wakeReaders(database: Database, scope: Scope): Promise<void> {
  await wakesOf(database)
    .notify(scope)
    .catch(() => {});
}

/**
 * Calls `onMoved` when a stream has moved, and `onConnected` when the listening connection is (again) there: what moved
 * in between was not heard. Takes one connection of its own and reconnects by itself.
 */
export async function listenForWakes(
  database: Database,
  onMoved: (scope: Scope) => void,
  onConnected: () => void,
): Promise<WakeListener> {
  return wakesOf(database).listen(onMoved, onConnected);
}

function wakesOf({ wakes, sql }: Database): Wakes {
  return (
    wakes ?? {
      async notify(scope) {
        await sql.notify(channel, wakePayload(scope));
      },
      async listen(onMoved, onConnected) {
        const subscription = await sql.listen(
          channel,
          (payload) => {
            const scope = scopeOfPayload(payload);
            if (scope) onMoved(scope);
          },
          onConnected,
        );
        return { close: () => subscription.unlisten() };
      },
    }
  );
}

/** What is told: whose stream it is. */
export function wakePayload({ clientId, userId }: Scope): string {
  return `${clientId} ${userId ?? ''}`;
}

/** Whose stream a notification is about; null for one that is none of ours. */
export function scopeOfPayload(payload: string): Scope | null {
  const [client = '', user = ''] = payload.split(' ');
  const clientId = parseId('client', client);
  return clientId && scopeOfOwner({ clientId, userId: parseId('user', user) });
}
