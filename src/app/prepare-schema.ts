import type { Log } from '../kernel/log.ts';
import type { Database } from '../store/database.ts';
import { schemaState } from '../store/migrate.ts';
import type { Config } from './config.ts';
import { migrateDatabase } from './migrate-database.ts';

/**
 * Sees to it that the tables are this program's: a sandbox migrates by itself; production refuses to start on an
 * outdated schema, because there somebody decides when it changes.
 */
export async function prepareSchema(config: Config, url: string, database: Database, log: Log): Promise<void> {
  if (config.environment === 'sandbox') {
    await migrateDatabase(url, log).catch((cause: unknown) => {
      throw new Error(`The database ${whereOf(url)} could not be prepared.`, { cause });
    });
    return;
  }
  const state = await schemaState(database).catch((cause: unknown) => {
    throw new Error(`The database ${whereOf(url)} cannot be used: is it running, and is DATABASE_URL right?`, {
      cause,
    });
  });
  if (state.kind === 'outdated') {
    throw new Error(`The schema of the database is outdated (${state.missing.join(', ')}). Run: tributary migrate`);
  }
  if (state.kind === 'ahead') {
    throw new Error(`The database was migrated by a newer Tributary (${state.unknown.join(', ')}). Update this one.`);
  }
}

/** Host and database without user and password. */
function whereOf(url: string): string {
  const { host, pathname } = new URL(url);
  return `at ${host}${pathname}`;
}
