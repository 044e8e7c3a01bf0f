import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../kernel/log.ts';
import { openDatabase } from '../store/database.ts';
import type { Config } from './config.ts';
import { openInstallationDatabase, type InstallationDatabase } from './open-database.ts';

/**
 * The database of the installation for a command that runs beside it: the embedded one of a server that is running is
 * used and left running; otherwise as `openInstallationDatabase`.
 */
export async function joinInstallationDatabase(config: Config, log: Log): Promise<InstallationDatabase> {
  const url = config.databaseUrl === null ? await runningUrl(config.dataDirectory) : null;
  if (url === null) return openInstallationDatabase(config, log);
  return { url, description: `the running PostgreSQL in ${config.dataDirectory}`, close: () => Promise.resolve() };
}

/** Where the embedded server listens (the fourth line of postmaster.pid), when it answers. */
async function runningUrl(dataDirectory: string): Promise<string | null> {
  const read = (...path: string[]) => readFile(join(dataDirectory, ...path), 'utf8').catch(() => '');
  const port = (await read('postgres', 'postmaster.pid')).split('\n')[3]?.trim() ?? '';
  const password = (await read('postgres-password')).trim();
  if (!/^\d+$/.test(port) || password === '') return null;
  const url = `postgres://tributary:${password}@127.0.0.1:${port}/postgres`;
  const database = openDatabase({ url, maxConnections: 1 });
  try {
    await database.sql`select 1`;
    return url;
  } catch {
    return null;
  } finally {
    await database.close();
  }
}
