import { parseId } from '../kernel/id.ts';
import { scopeOfOwner, type Scope } from '../domain/viewer.ts';
import type { Database } from './database.ts';

// The channel of LISTEN. A notification is a hint: a reader that misses one polls.
const channel = 'tributary_events';

/** Hears of streams that have moved, until closed. */
export interface WakeListener {
  close(): Promise<void>;
}

/**
 * Tells every process that a stream has moved, a user's or the client's own. It comes after the commit and outside of it: NOTIFY inside a
 * busy transaction would make all commits queue for one lock. The events are committed already, so whatever goes wrong
 * here only delays readers until they poll, and is no failure of the caller.
 */
export async function wakeReaders(database: Database, scope: Scope): Promise<void> {
  await database.sql.notify(channel, `${scope.clientId} ${scope.userId ?? ''}`).catch(() => {});
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
  const subscription = await database.sql.listen(
    channel,
    (payload) => {
      const [client = '', user = ''] = payload.split(' ');
      const clientId = parseId('client', client);
      if (clientId) onMoved(scopeOfOwner({ clientId, userId: parseId('user', user) }));
    },
    onConnected,
  );
  return { close: () => subscription.unlisten() };
}
