import { readConfig } from '../app/config.ts';
import { createLog } from '../app/log.ts';
import { migrateDatabase } from '../app/migrate-database.ts';
import { openInstallationDatabase } from '../app/open-database.ts';

/** Brings the installation's database up to this version; safe to run beside a running one and beside itself. */
export async function migrateCommand(): Promise<void> {
  const config = readConfig();
  const log = createLog(config.logLevel);
  const installation = await openInstallationDatabase(config, log);
  try {
    await migrateDatabase(installation.url, log);
    process.stdout.write('The database is up to date.\n');
  } finally {
    await installation.close();
  }
}
