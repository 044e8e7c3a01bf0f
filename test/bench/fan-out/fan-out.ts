import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../../src/app/embedded-postgres.ts';
import { migrateDatabase } from '../../../src/app/migrate-database.ts';
import { silentLog } from '../../../src/kernel/log.ts';
import { openDatabase } from '../../../src/store/database.ts';
import type { Benchmark, Figure } from '../benchmark.ts';
import { compare, deliveriesPerRound } from './compare.ts';
import { insertMembers } from './log-of-many.ts';

const sizes = [1000, 5000, 10_000];

/** Deliveries of events over WebSockets, against bare sends of the same bytes. */
export const fanOut: Benchmark = {
  name: 'fan-out',
  about: 'events to 1k, 5k and 10k subscribers over WebSockets, against bare ws sends of the same bytes',
  async run({ rounds, tell }) {
    const directory = await mkdtemp(join(tmpdir(), 'tributary-bench-fan-out-'));
    await chmod(directory, 0o755);
    const server = await startEmbeddedPostgres({
      dataDirectory: directory,
      log: silentLog,
      settings: { fsync: 'off' },
    });
    try {
      await migrateDatabase(server.url, silentLog);
      const database = openDatabase({ url: server.url, maxConnections: 2 });
      const members = await insertMembers(database.sql, Math.max(...sizes));
      const figures: Figure[] = [];
      for (const sockets of sizes) {
        for (const kind of ['to all', 'per user'] as const) {
          tell(`fan-out: ${sockets} sockets, an event ${kind}`);
          figures.push(...(await compare({ kind, sockets, databaseUrl: server.url, database, members, rounds })));
        }
      }
      await database.close();
      return { columns, figures, notes };
    } finally {
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    }
  },
};

const columns = [
  { key: 'sockets', title: 'sockets', digits: 0 },
  { key: 'event', title: 'an event' },
  { key: 'server', title: 'server' },
  { key: 'perSecond', title: 'deliveries per second', digits: 0 },
  { key: 'ratio', title: 'ratio', digits: 2 },
  { key: 'ratioSpread', title: 'of the rounds' },
  { key: 'p99Milliseconds', title: 'p99 ms', digits: 0 },
  { key: 'cpuMicroseconds', title: 'server µs', digits: 1 },
  { key: 'liveKilobytesPerSocket', title: 'live kB', digits: 1 },
  { key: 'liveRatio', title: 'ratio', digits: 2 },
  { key: 'residentKilobytesPerSocket', title: 'resident kB', digits: 1 },
  { key: 'residentRatio', title: 'ratio', digits: 2 },
];

const notes = [
  'raw: a bare ws server that sends the same bytes to the same number of sockets, told to by one request.',
  'gateway: from the commit of the events in one statement, through notification, log, execution and socket.',
  'Both servers are open with all of their sockets, each with receivers in a process of their own; rounds are in turn.',
  'p99 ms: from that moment to the receipt, of 99 in 100 deliveries; all of a round are sent at once, so it is mostly the length of the round.',
  'server µs: processor time of the server for one delivery.',
  'live kB, resident kB: growth for each socket, after collecting the garbage, of the heap with its buffers and of the process (RSS).',
  `About ${deliveriesPerRound} deliveries a round. Ten thousand sockets need \`ulimit -n\` of at least 11000.`,
];
