import { installJobs } from '../jobs/install.ts';
import type { Log } from '../kernel/log.ts';
import { openDatabase } from '../store/database.ts';
import { migrate } from '../store/migrate.ts';

/** Brings everything in this database up to this program's version: tables, categories and the job queue. */
export async function migrateDatabase(url: string, log: Log): Promise<void> {
  const database = openDatabase({ url, maxConnections: 1 });
  try {
    await migrate(database, { installJobs: () => installJobs(url, log) });
  } finally {
    await database.close();
  }
}
