import { isUserScope, widened, type Scope } from '../domain/viewer.ts';
import type { UserId } from '../kernel/id.ts';
import type { Log } from '../kernel/log.ts';
import type { Database } from '../store/database.ts';
import { sequencesOf } from '../store/log-reader.ts';
import { listenForWakes } from '../store/log-wake.ts';

const usersPerPoll = 1000;

/** Who is woken: the streams that somebody in this process reads. */
export interface RelayTarget {
  /** The streams that are open now. */
  scopes(): Iterable<Scope>;
  /** Reads what is new in this stream, if it is open. */
  wake(scope: Scope): void;
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
 * notification can be lost (a process that dies after its commit, a listener that reconnects), by a look at the
 * counters of the open users' streams every `pollMilliseconds`.
 */
export async function startRelay(options: RelayOptions): Promise<{ close(): Promise<void> }> {
  const { database, target, log, pollMilliseconds } = options;
  let seen = new Map<UserId, bigint>();
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
    const users = open.filter(isUserScope);
    const now = new Map<UserId, bigint>();
    for (let first = 0; first < users.length; first += usersPerPoll) {
      const userIds = users.slice(first, first + usersPerPoll).map((scope) => scope.userId);
      // oxlint-disable-next-line no-await-in-loop -- one statement at a time: polling must not crowd out the readers
      for (const [userId, sequence] of await sequencesOf(database, userIds)) now.set(userId, sequence);
    }
    for (const scope of users) {
      if (now.get(scope.userId) !== seen.get(scope.userId)) target.wake(scope);
    }
    for (const scope of open) if (!scope.userId) target.wake(scope);
    seen = now;
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
