import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../../src/app/embedded-postgres.ts';
import { migrateDatabase } from '../../src/app/migrate-database.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { databaseUrl, template } from './database-url.ts';

/** Nothing here has to survive a crash. */
const settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  shared_buffers: '64MB',
  max_connections: '300',
};

/** One PostgreSQL for the whole run with a migrated template, from which `testDatabase` clones. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'tributary-test-'));
  const removeFiles = () => rm(dataDirectory, { recursive: true, force: true });
  try {
    // When root runs the tests, the server's own account must be able to enter.
    await chmod(dataDirectory, 0o755);
    const server = await startEmbeddedPostgres({ dataDirectory, log: silentLog, settings });
    project.provide('serverUrl', server.url);
    await makeTemplate(server.url);
    return () => server.stop().then(removeFiles);
  } catch (error) {
    await removeFiles();
    throw error;
  }
}

async function makeTemplate(serverUrl: string): Promise<void> {
  const sql = postgres(serverUrl, { max: 1 });
  await sql`create database ${sql(template)}`;
  await sql.end();
  await migrateDatabase(databaseUrl(serverUrl, template), silentLog);
}

declare module 'vitest' {
  interface ProvidedContext {
    serverUrl: string;
  }
}
