import { isUserScope, widened, type Scope } from '../domain/viewer.ts';
import type { Log } from '../kernel/log.ts';
import type { Database } from '../store/database.ts';
import { movedSince } from '../store/log-moved.ts';
import type { Place } from '../store/log-place.ts';
import { listenForWakes } from '../store/log-wake.ts';
import type { Looks } from './tail.ts';

/** Who is woken: the streams that somebody in this process reads. */
export interface RelayTarget {
  /** The streams that are open now. */
  scopes(): Iterable<Scope>;
  /** Reads what is new in this stream, if it is open and has not come as far as `end`. */
  wake(scope: Scope, end?: Place): void;
  /** What of this stream became visible between the two snapshots has been read, or its stream was woken. */
  settle(scope: Scope, earlier: string, now: string): void;
}

interface RelayOptions {
  readonly database: Database;
  readonly target: RelayTarget;
  /** Where it notes what it has looked at. */
  readonly looks: Looks;
  readonly log: Log;
  /** How long a wake-up that nobody heard may stay unnoticed. */
  readonly pollMilliseconds: number;
}

/**
 * Wakes the open streams of this process after each commit: by one LISTEN connection for all of them, and, since a
 * notification can be lost (a process that dies after its commit, a listener that reconnects), by a look at what the log
 * has got since the last look, every `pollMilliseconds`.
 */
export async function startRelay(options: RelayOptions): Promise<{ close(): Promise<void> }> {
  const { database, target, looks, log, pollMilliseconds } = options;
  // Before any stream is opened: what is committed from now on is found by the first look.
  looks.latest = (await movedSince(database, [], null)).snapshot;
  let isClosed = false;
  let timer: NodeJS.Timeout;

  function onMoved(moved: Scope): void {
    target.wake(moved);
    if (isUserScope(moved)) target.wake(widened(moved));
  }

  function wakeAll(): void {
    for (const scope of target.scopes()) target.wake(scope);
  }

  async function poll(): Promise<void> {
    const open = [...target.scopes()];
    const clientIds = new Set(open.map((scope) => scope.clientId));
    const earlier = looks.latest;
    const { streams, snapshot } = await movedSince(database, [...clientIds], earlier);
    for (const { scope, end } of streams) target.wake(scope, end);
    looks.earlier = earlier;
    looks.latest = snapshot;
    for (const scope of open) {
      if (isUserScope(scope)) target.settle(scope, earlier, snapshot);
      // A client's stream may also wait for a transaction that has ended without an event.
      else target.wake(scope);
    }
  }

  function schedule(): void {
    if (isClosed) return;
    timer = setTimeout(() => {
      poll()
        .catch((error: unknown) => log.warn({ error }, 'The event streams could not be polled; trying again.'))
        .finally(schedule);
    }, pollMilliseconds);
    timer.unref();
  }

  const listener = await listenForWakes(database, onMoved, wakeAll);
  schedule();
  return {
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await listener.close();
    },
  };
}
