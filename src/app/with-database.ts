import { openDatabase, type Database } from '../store/database.ts';
import { createLog } from './log.ts';
import { readConfig, type Config } from './config.ts';
import { openInstallationDatabase } from './open-database.ts';
import { prepareSchema } from './prepare-schema.ts';

/** Runs a command's work on the installation's database, beside a running one or alone, and lets go of it. */
export async function withDatabase<Result>(
  work: (database: Database, config: Config) => Promise<Result>,
): Promise<Result> {
  const config = readConfig();
  const log = createLog(config.logLevel === 'info' ? 'warn' : config.logLevel);
  const installation = await openInstallationDatabase(config, log);
  const database = openDatabase({ url: installation.url, maxConnections: 2 });
  try {
    await prepareSchema(config, installation.url, database, log);
    return await work(database, config);
  } finally {
    await database.close();
    await installation.close();
  }
}
