import { chmod, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmbeddedPostgres } from '../../src/app/embedded-postgres.ts';
import { migrateDatabase } from '../../src/app/migrate-database.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { datasetStatements, fillDataset } from './dataset.ts';
import { describeSize, type DatasetSize } from './dataset-size.ts';
import { fingerprint, textsBelow } from './fingerprint.ts';

/** What may be lost need not be safe; the rest is large enough that the data is read from memory, on all sides. */
const settings = { fsync: 'off', autovacuum: 'off', shared_buffers: '1GB', max_connections: '100' };

const migrations = fileURLToPath(new URL('../../src/store/migrations', import.meta.url));

/** A running PostgreSQL with the dataset in it. */
export interface BenchDatabase {
  readonly url: string;
  /** Where the data lies; what else belongs to this data may be kept there. */
  readonly directory: string;
  stop(): Promise<void>;
}

/**
 * The dataset of this size, built at the first call and kept under the system's directory for temporary files. It is
 * built anew when its statements or the migrations have changed; the old one is then removed.
 */
export async function openBenchDatabase(size: DatasetSize, tell: (line: string) => void): Promise<BenchDatabase> {
  const name = `data-${fingerprint([...datasetStatements(size), ...(await textsBelow(migrations))])}`;
  const home = join(tmpdir(), `tributary-bench-${userInfo().username}`);
  const directory = join(home, name);
  const mark = join(directory, 'is-complete');
  const isKept = await exists(mark);
  if (!isKept) await removeOthers(home, directory);
  await mkdir(directory, { recursive: true });
  // When root runs the benchmark, PostgreSQL's own account must be able to enter.
  for (const path of [home, directory]) await chmod(path, 0o755);
  const server = await startEmbeddedPostgres({ dataDirectory: directory, log: silentLog, settings });
  try {
    if (!isKept) {
      tell(`Building ${describeSize(size)} in ${directory}; the next run finds them there.`);
      await migrateDatabase(server.url, silentLog);
      await fillDataset(server.url, size);
      await writeFile(mark, '');
    }
    return { url: server.url, directory, stop: () => server.stop() };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Removes data that no benchmark reads any longer, and what an interrupted run left. */
async function removeOthers(home: string, directory: string): Promise<void> {
  const names = await readdir(home).catch(() => []);
  const stale = names.filter((name) => name.startsWith('data-')).map((name) => join(home, name));
  for (const path of stale) {
    if (path === directory || !(await isServed(path))) await rm(path, { recursive: true, force: true });
  }
}

function isServed(path: string): Promise<boolean> {
  return exists(join(path, 'postgres', 'postmaster.pid'));
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
