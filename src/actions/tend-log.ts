import { extendLog, strayEvents } from '../store/log-partitions.ts';
import type { ActionContext } from './context.ts';

/** Makes the next partition of the log ahead of time, and says aloud when events came before it was there. */
export async function tendLog({
  database,
  clock,
  log,
}: Pick<ActionContext, 'database' | 'clock' | 'log'>): Promise<void> {
  const partition = await extendLog(database, clock.now());
  if (partition !== null) log.info({ partition }, 'The log has a new partition.');
  const count = await strayEvents(database);
  if (count > 0) {
    log.warn(
      { count },
      'Events stand in the partition of the rest, which is slower to clean: was the clean-up stopped for long?',
    );
  }
}
