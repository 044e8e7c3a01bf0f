import { runMigrations } from 'graphile-worker';
import type { Log } from '../kernel/log.ts';
import { engineLogger } from './engine-logger.ts';

/** Makes or updates the tables of the job queue; it does nothing where they are up to date. */
export async function installJobs(databaseUrl: string, log: Log): Promise<void> {
  await runMigrations({ connectionString: databaseUrl, logger: engineLogger(log) });
}
