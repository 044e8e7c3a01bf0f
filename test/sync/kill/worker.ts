import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ManualClock } from '../../../src/kernel/clock.ts';
import type { TestDatabase } from '../../support/database.ts';

const child = fileURLToPath(new URL('child.ts', import.meta.url));
/** Whoever died held a lease of two minutes. */
const pastEveryLeaseMilliseconds = 130_000;

interface Workplace {
  readonly database: TestDatabase;
  readonly clock: ManualClock;
  /** The key ring, as text. */
  readonly keys: string;
}

/** Starts a worker that takes up what is open; kills it after so many milliseconds of work, or lets it finish. */
export async function work({ database, clock, keys }: Workplace, killAfterMilliseconds: number | null): Promise<void> {
  clock.advance(pastEveryLeaseMilliseconds);
  const worker = spawn(process.execPath, [child, database.url, keys, clock.now().toISOString()], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(worker, 'exit');
  await Promise.race([once(worker.stdout, 'data'), exit]);
  if (killAfterMilliseconds !== null) {
    await Promise.race([wait(killAfterMilliseconds), exit]);
    worker.kill('SIGKILL');
  }
  await exit;
}
