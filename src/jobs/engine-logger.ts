import { Logger } from 'graphile-worker';
import type { Log } from '../kernel/log.ts';

/** The job engine's own messages, in our log; its routine ones at the level for debugging. */
export function engineLogger(log: Log): Logger {
  return new Logger(() => (level, message) => {
    if (level === 'error') log.error({}, message);
    else if (level === 'warning') log.warn({}, message);
    else log.debug({}, message);
  });
}
