import { setTimeout as pause } from 'node:timers/promises';
import type { Scope } from '../domain/viewer.ts';
import { parseId, type ClientId } from '../kernel/id.ts';
import type { Database } from './database.ts';

// The channel of LISTEN. A notification is a hint: a reader that misses one polls.
const channel = 'tributary_events';

/** A notification of PostgreSQL holds less than 8000 bytes, an id of ours 30. */
const usersPerPayload = 250;
/** A notification that is not through by then, on a connection that is dead, holds up no others. */
const gatheredMillisecondsMax = 100;

/** Streams of one client that have moved: those of these users, and the client's own, which holds them all. */
export interface MovedStreams {
  readonly clientId: ClientId;
  /** As they were told, unchecked. */
  readonly userIds: readonly string[];
}

/** Hears of streams that have moved, until closed. */
export interface WakeListener {
  close(): Promise<void>;
}

/** How processes tell each other that streams have moved. A hint that is lost delays readers, no more. */
export interface Wakes {
  notify(payloads: readonly string[]): Promise<void>;
  listen(onPayload: (payload: string) => void, onConnected: () => void): Promise<WakeListener>;
}

type Teller = (scope: Scope) => Promise<void>;
const tellers = new WeakMap<Database, Teller>();

/**
 * Tells every process that a stream has moved, a user's or the client's own. It comes after the commit and outside of
 * it: NOTIFY inside a busy transaction would make all commits queue for one lock. The events are committed already, so
 * whatever goes wrong here only delays readers until they poll, and is no failure of the caller. What moves while this
 * process is telling is told of together, in the next statement: many commits at once cost few notifications.
 */
export function wakeReaders(database: Database, scope: Scope): Promise<void> {
  let tell = tellers.get(database);
  if (!tell) tellers.set(database, (tell = createTeller(wakesOf(database))));
  return tell(scope);
}

function createTeller(wakes: Wakes): Teller {
  let waiting: Scope[] = [];
  let next: Promise<void> | null = null;
  let telling: Promise<unknown> = Promise.resolve();

  async function tellAll(): Promise<void> {
    const scopes = waiting;
    waiting = [];
    next = null;
    const told = wakes.notify(payloadsOf(scopes)).catch(() => {});
    telling = Promise.race([told, pause(gatheredMillisecondsMax, undefined, { ref: false })]);
    await told;
  }

  return (scope) => {
    waiting.push(scope);
    next ??= telling.then(tellAll);
    return next;
  };
}

/**
 * Calls `onMoved` when streams have moved, and `onConnected` when the listening connection is (again) there: what moved
 * in between was not heard. Takes one connection of its own and reconnects by itself.
 */
export async function listenForWakes(
  database: Database,
  onMoved: (moved: MovedStreams) => void,
  onConnected: () => void,
): Promise<WakeListener> {
  return wakesOf(database).listen((payload) => {
    const moved = movedOf(payload);
    if (moved) onMoved(moved);
  }, onConnected);
}

function wakesOf({ wakes, sql }: Database): Wakes {
  return (
    wakes ?? {
      async notify(payloads) {
        await sql`select pg_notify(${channel}, payload) from unnest(${payloads}::text[]) as payload`;
      },
      async listen(onPayload, onConnected) {
        const subscription = await sql.listen(channel, onPayload, onConnected);
        return { close: () => subscription.unlisten() };
      },
    }
  );
}

/** What is told of these streams: of each client its id and those of its users, as many as fit. */
function payloadsOf(scopes: readonly Scope[]): string[] {
  return [...Map.groupBy(scopes, ({ clientId }) => clientId)].flatMap(([clientId, ofClient]) => {
    const users = [...new Set(ofClient.flatMap(({ userId }) => userId ?? []))];
    const parts = Math.max(1, Math.ceil(users.length / usersPerPayload));
    return Array.from({ length: parts }, (_, part) =>
      [clientId, ...users.slice(part * usersPerPayload, (part + 1) * usersPerPayload)].join(' '),
    );
  });
}

/** What a notification tells; null for one that is none of ours. */
function movedOf(payload: string): MovedStreams | null {
  const [client = '', ...userIds] = payload.split(' ');
  const clientId = parseId('client', client);
  return clientId && { clientId, userIds };
}
