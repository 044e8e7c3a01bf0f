import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../../src/app/embedded-postgres.ts';
import { migrateDatabase } from '../../../src/app/migrate-database.ts';
import { scopeOfRow } from '../../../src/domain/viewer.ts';
import { silentLog } from '../../../src/kernel/log.ts';
import { applyChangeSet } from '../../../src/store/apply-change-set.ts';
import { openDatabase, type Database } from '../../../src/store/database.ts';
import { inUserTransaction, type UserTransaction } from '../../../src/store/log.ts';
import { readLog } from '../../../src/store/log-reader.ts';
import { prepareChangeSet } from '../../../src/store/prepare-change-set.ts';
import { createdTransactions } from './rows.ts';
import { seedAccountsOf } from './seed.ts';
import type { Benchmark, Figure, RunOptions } from '../benchmark.ts';
import { appendForMany } from '../fan-out/log-of-many.ts';
import { median, spread } from '../statistics.ts';

const rowsPerTransaction = 100;
const transactionsPerRound = 50;
const replayed = 1_000_000;
const now = new Date('2026-03-02T09:00:00Z');

/** What the log costs those who write and those who read it again. */
export const logCost: Benchmark = {
  name: 'log',
  about: 'the cost of an event for ingest, and a replay of a million events',
  async run(options) {
    const directory = await mkdtemp(join(tmpdir(), 'tributary-bench-log-'));
    await chmod(directory, 0o755);
    const server = await startEmbeddedPostgres({
      dataDirectory: directory,
      log: silentLog,
      settings: { fsync: 'off' },
    });
    const database = openDatabase({ url: server.url, maxConnections: 2 });
    try {
      await migrateDatabase(server.url, silentLog);
      return { columns, figures: [...(await ingest(database, options)), await replay(database, options)], notes };
    } finally {
      await database.close();
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    }
  },
};

/** Transactions of a hundred new rows each, with and without the event that tells of them, in turn. */
async function ingest(database: Database, { rounds, tell }: RunOptions): Promise<Figure[]> {
  const { scope, accountId, connectionId } = await seedAccountsOf(database, 'ingest');
  const seconds = { without: [] as number[], with: [] as number[] };
  const write = async (hasEvent: boolean): Promise<number> => {
    const work = async ({ tx, append }: UserTransaction) => {
      const changes = { created: createdTransactions(rowsPerTransaction), updated: [], voided: [], unchanged: 0 };
      const prepared = await prepareChangeSet(scope, accountId, changes, now);
      const { counts, oldestChangedOn } = await applyChangeSet(tx, prepared, now);
      if (!hasEvent) return;
      await append(now, { type: 'transactions.changed', facts: { connectionId, accountId, counts, oldestChangedOn } });
    };
    const began = performance.now();
    for (let count = 0; count < transactionsPerRound; count += 1) await inUserTransaction(database, scope, work);
    return (performance.now() - began) / 1000;
  };
  await write(true);
  for (let round = 0; round < rounds; round += 1) {
    tell(`log: ingest, round ${round + 1} of ${rounds}`);
    for (const hasEvent of round % 2 === 0 ? [false, true] : [true, false]) {
      seconds[hasEvent ? 'with' : 'without'].push(await write(hasEvent));
    }
  }
  const shares = seconds.with.map((one, round) => 1 - (seconds.without[round] ?? Number.NaN) / one);
  const rows = rowsPerTransaction * transactionsPerRound;
  return [
    { what: 'ingest without events', perSecond: rows / median(seconds.without) },
    {
      what: 'ingest with an event for each 100 rows',
      perSecond: rows / median(seconds.with),
      share: median(shares),
      shareSpread: spread(shares, 2),
    },
  ];
}

/** A million events of one user, read page by page as a resuming subscriber does. */
async function replay(database: Database, { tell }: RunOptions): Promise<Figure> {
  tell(`log: writing ${replayed} events`);
  const { scope } = await seedAccountsOf(database, 'replay');
  const members = { clientId: scope.clientId, userIds: [scope.userId] };
  for (let written = 0; written < replayed; written += 100_000) {
    await appendForMany(database, members, 1, 100_000, () => {});
  }
  await database.sql`analyze events`;
  tell('log: reading them again');
  let after: string | null = null;
  let count = 0;
  const heaps: number[] = [];
  const began = performance.now();
  for (;;) {
    const page = await readLog(database, scopeOfRow(scope), { after, limit: 200 });
    count += page.events.length;
    after = page.events.at(-1)?.cursor ?? after;
    if (count % 100_000 === 0) heaps.push(process.memoryUsage().rss / 1e6);
    if (!page.hasMore) break;
  }
  if (count !== replayed) throw new Error(`${count} events were replayed, not ${replayed}.`);
  const perSecond = (count * 1000) / (performance.now() - began);
  return { what: 'replay of 1M events', perSecond, memory: `${spread(heaps, 0)} MB` };
}

const columns = [
  { key: 'what', title: 'what' },
  { key: 'perSecond', title: 'rows or events per second', digits: 0 },
  { key: 'share', title: 'share of the log', digits: 2 },
  { key: 'shareSpread', title: 'of the rounds' },
  { key: 'memory', title: 'resident memory on the way' },
];

const notes = [
  `Ingest: transactions of ${rowsPerTransaction} new rows through the functions that a sync uses, one connection.`,
  'share: how much of the time goes into the event, its sequence and the notification.',
];
