import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../../src/app/embedded-postgres.ts';
import { migrateDatabase } from '../../../src/app/migrate-database.ts';
import { silentLog } from '../../../src/kernel/log.ts';
import { openDatabase } from '../../../src/store/database.ts';
import type { Benchmark, Figure } from '../benchmark.ts';
import { measureConnections } from './connections.ts';
import { measureLoads } from './loads.ts';

const sizes = process.env['QUICK']
  ? [{ count: 100_000, name: '100k' }]
  : [
      { count: 100_000, name: '100k' },
      { count: 1_000_000, name: '1M' },
    ];

/** How fast transactions come in, against the fastest that PostgreSQL can: a COPY of the same rows. */
export const ingest: Benchmark = {
  name: 'ingest',
  about: 'new transactions as ratios to COPY, the same again, and connections synced per second',
  async run(options) {
    const directory = await mkdtemp(join(tmpdir(), 'tributary-bench-ingest-'));
    await chmod(directory, 0o755);
    const server = await startEmbeddedPostgres({ dataDirectory: directory, log: silentLog, settings });
    const database = openDatabase({ url: server.url, maxConnections: 10 });
    try {
      await migrateDatabase(server.url, silentLog);
      const figures: Figure[] = [await measureConnections(database, options)];
      for (const { count, name } of sizes) {
        // A million takes minutes in every way: once is enough beside the rounds of the smaller size.
        const rounds = count > 100_000 ? 1 : options.rounds;
        figures.push(...(await measureLoads(database, { count, name, directory, rounds, tell: options.tell })));
      }
      return { columns, figures, notes };
    } finally {
      await database.close();
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    }
  },
};

/** What may be lost need not be safe; both sides write into the same table with the same settings. */
const settings = { fsync: 'off', autovacuum: 'off', shared_buffers: '1GB', max_wal_size: '8GB' };

const columns = [
  { key: 'what', title: 'what' },
  { key: 'perSecond', title: 'per second', digits: 0 },
  { key: 'ratio', title: 'ratio to COPY', digits: 2 },
  { key: 'spread', title: 'of the rounds' },
  { key: 'cpu', title: 'processor time', digits: 2 },
  { key: 'memory', title: 'peak resident memory' },
];

const notes = [
  'COPY: the same rows, written before, into the same table with its indexes, keys and trigger, in one statement.',
  'store only: change sets of 5,000 new rows, each with its event, in a transaction of its own that holds the lock of the user.',
  'They come as a sync of a large account writes them: oldest days first, the next one prepared while one is written.',
  'end to end: a sync over a bank that answers at once: pages, comparison, categories, change sets, steps and events.',
  'again: the bank shows all of it once more. The ratio is to the first load, and the run fails if a row was rewritten.',
  'processor time: milliseconds of Node and PostgreSQL together for one; a core syncs 1000 of that many in a second.',
];
