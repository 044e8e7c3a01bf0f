import type { ClientId } from '../kernel/id.ts';
import type { Log } from '../kernel/log.ts';
import type { Database } from '../store/database.ts';
import { movedSince, type MovedStream } from '../store/log-moved.ts';
import { listenForWakes, type MovedStreams } from '../store/log-wake.ts';
import type { Looks } from './tail-reads.ts';

/** Who is woken: the streams that somebody in this process reads. */
export interface RelayTarget {
  /** The clients of the streams that are open now. */
  clientIds(): Iterable<ClientId>;
  /** Reads what is new in the streams of these users and in their client's, which holds them too, where they are open. */
  moved(streams: MovedStreams): void;
  /** Reads what is new in this stream, if it is open and has nothing of its transaction, whose events appear at once. */
  wake(stream: MovedStream): void;
  wakeAll(): void;
  /** Whatever became visible between the two snapshots: the stream was woken of every user who has got some of it. */
  looked(earlier: string, now: string): void;
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

  async function poll(): Promise<void> {
    const clientIds = [...target.clientIds()];
    const earlier = looks.latest;
    const { streams, snapshot } = await movedSince(database, clientIds, earlier);
    for (const stream of streams) target.wake(stream);
    looks.earlier = earlier;
    looks.latest = snapshot;
    target.looked(earlier, snapshot);
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

  const listener = await listenForWakes(
    database,
    (streams) => target.moved(streams),
    () => target.wakeAll(),
  );
  schedule();
  return {
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await listener.close();
    },
  };
}
