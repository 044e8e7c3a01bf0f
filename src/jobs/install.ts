import { Logger, runMigrations } from 'graphile-worker';
import type { Log } from '../kernel/log.ts';

/** Makes or updates the tables of the job queue; it does nothing where they are up to date. */
export async function installJobs(databaseUrl: string, log: Log): Promise<void> {
  const logger = new Logger(() => (level, message) => {
    if (level === 'error') log.error({}, message);
    else log.debug({}, message);
  });
  await runMigrations({ connectionString: databaseUrl, logger });
}
