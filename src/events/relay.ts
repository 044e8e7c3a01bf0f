import { isUserScope, widened, type Scope } from '../domain/viewer.ts';
import type { Log } from '../kernel/log.ts';
import type { Database } from '../store/database.ts';
import { movedSince } from '../store/log-moved.ts';
import type { Place } from '../store/log-place.ts';
import { listenForWakes } from '../store/log-wake.ts';

/** Who is woken: the streams that somebody in this process reads. */
export interface RelayTarget {
  /** The streams that are open now. */
  scopes(): Iterable<Scope>;
  /** Reads what is new in this stream, if it is open and has not come as far as `end`. */
  wake(scope: Scope, end?: Place): void;
}

interface RelayOptions {
  readonly database: Database;
  readonly target: RelayTarget;
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
  const { database, target, log, pollMilliseconds } = options;
  // Before any stream is opened: what is committed from now on is found by the first look.
  let { snapshot } = await movedSince(database, [], null);
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
    const moved = await movedSince(database, [...clientIds], snapshot);
    for (const { scope, end } of moved.streams) target.wake(scope, end);
    // A client's stream may also wait for a transaction that has ended without an event.
    for (const scope of open) if (!isUserScope(scope)) target.wake(scope);
    ({ snapshot } = moved);
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
