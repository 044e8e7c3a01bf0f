import type { Log } from '../kernel/log.ts';
import type { Config } from './config.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';

/** The database of the installation, reachable. */
export interface InstallationDatabase {
  /** Holds a password. */
  readonly url: string;
  /** Where it is, fit for a screen. */
  readonly description: string;
  close(): Promise<void>;
}

/** The database that DATABASE_URL names, else a PostgreSQL of our own under the data directory. */
export async function openInstallationDatabase(config: Config, log: Log): Promise<InstallationDatabase> {
  if (config.databaseUrl !== null) {
    const { hostname, port, pathname } = new URL(config.databaseUrl);
    const description = `PostgreSQL at ${hostname}:${port || '5432'}${pathname}`;
    return { url: config.databaseUrl, description, close: () => Promise.resolve() };
  }
  const embedded = await startEmbeddedPostgres({ dataDirectory: config.dataDirectory, log });
  return {
    url: embedded.url,
    description: `PostgreSQL 18 in ${config.dataDirectory}`,
    close: () => embedded.stop(),
  };
}
