import type { Log } from '../kernel/log.ts';

/** What has been started, and how each part ends: the last started ends first. */
export interface Shutdown {
  /** Adds the end of a part. */
  add(name: string, close: () => Promise<void>): void;
  /** Ends every part, even when one of them fails; further calls wait for the same end. */
  run(): Promise<void>;
}

/** An empty stack of ends. */
export function createShutdown(log: Log): Shutdown {
  const parts: { name: string; close: () => Promise<void> }[] = [];
  let running: Promise<void> | undefined;
  async function closeAll(): Promise<void> {
    for (const part of parts.reverse()) {
      try {
        await part.close();
      } catch (cause) {
        log.error({ err: cause, part: part.name }, 'A part did not stop cleanly');
      }
    }
  }
  return {
    add(name, close) {
      parts.push({ name, close });
    },
    run() {
      running ??= closeAll();
      return running;
    },
  };
}

/** Waits for SIGINT or SIGTERM, then ends everything; a second signal ends the process at once. */
export async function waitForSignal(shutdown: Shutdown, log: Log): Promise<void> {
  const signal = await new Promise<NodeJS.Signals>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  const now = () => process.exit(1);
  process.once('SIGINT', now);
  process.once('SIGTERM', now);
  log.info({ signal }, 'Stopping');
  await shutdown.run();
}
