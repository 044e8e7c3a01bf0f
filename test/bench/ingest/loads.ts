import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { CreatedTransaction } from '../../../src/domain/change-set.ts';
import type { AccountId } from '../../../src/kernel/id.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { applyChangeSet } from '../../../src/store/apply-change-set.ts';
import type { Database } from '../../../src/store/database.ts';
import { inUserTransaction } from '../../../src/store/log.ts';
import { prepareChangeSet } from '../../../src/store/prepare-change-set.ts';
import { categorize } from '../../../src/sync/categorize.ts';
import {
  generatedConnector,
  generatedEntries,
  generatedWorld,
  type GeneratedWorld,
} from '../../support/generated-bank.ts';
import type { Figure } from '../benchmark.ts';
import { median, ratios, spread } from '../statistics.ts';
import { peakMemoryOf } from './memory.ts';

interface LoadOptions {
  readonly count: number;
  readonly name: string;
  /** Where the rows for COPY may lie. */
  readonly directory: string;
  readonly rounds: number;
  readonly tell: (line: string) => void;
}

const rowsPerTransaction = 5_000;
const daysOfHistory = 85;

/** Loads as many new transactions into the empty table in three ways, in turn, and reads the last ones again. */
export async function measureLoads(database: Database, options: LoadOptions): Promise<Figure[]> {
  const { count, name, directory, rounds, tell } = options;
  const file = join(directory, `${name}.copy`);
  const today = systemClock.now().toISOString().slice(0, 10);
  const history = { today, count, days: daysOfHistory, pageSize: 1_000 };
  const connector = generatedConnector(history);
  const seconds = { copy: [] as number[], store: [] as number[], whole: [] as number[], again: [] as number[] };
  const memory: number[] = [];
  // What is copied belongs to an account of its own; its rows are written once by a sync.
  const copied = await generatedWorld(database, connector, systemClock, `copied-${name}`);
  tell(`ingest: ${name}, the rows for COPY`);
  await empty(database);
  await expectSuccess(copied);
  await pipeline(copyLines(database), createWriteStream(file));
  const accountId = await accountOf(database, copied);
  for (let round = 1; round <= rounds; round += 1) {
    tell(`ingest: ${name}, round ${round} of ${rounds}`);
    const world = await generatedWorld(database, connector, systemClock, `${name}-${round}`);
    const ways = {
      copy: async () => copyFile(database, file),
      store: async () => writeChangeSets(database, copied, accountId, history),
      whole: async () => timed(async () => memory.push(await peakMemoryOf(() => expectSuccess(world)))),
    };
    const names = ['copy', 'store', 'whole'] as const;
    for (const [index] of names.entries()) {
      const way = names[(index + round) % names.length] ?? 'copy';
      await empty(database);
      seconds[way].push(await ways[way]());
      await expectRows(database, count);
      if (way !== 'whole') continue;
      await database.sql`analyze transactions`;
      const before = await fingerprint(database);
      seconds.again.push(await timed(async () => memory.push(await peakMemoryOf(() => expectSuccess(world)))));
      if ((await fingerprint(database)) !== before) throw new Error('A row was rewritten though nothing had changed.');
    }
  }
  const figure = (what: string, key: keyof typeof seconds, base: keyof typeof seconds) => {
    const shares = ratios(seconds[base], seconds[key]);
    return {
      what: `${name} ${what}`,
      perSecond: count / median(seconds[key]),
      ratio: median(shares),
      spread: spread(shares, 2),
    };
  };
  return [
    figure('new, COPY', 'copy', 'copy'),
    figure('new, store only', 'store', 'copy'),
    { ...figure('new, end to end', 'whole', 'copy'), memory: `${Math.max(...memory).toFixed(0)} MB` },
    figure('again, times the first load', 'again', 'whole'),
  ];
}

/**
 * All rows as COPY reads them, in the order of the account's index; there is nothing in them that must be escaped. Not by
 * COPY TO: postgres.js may leave the connection paused at its end.
 */
async function* copyLines({ sql }: Database): AsyncGenerator<string> {
  const columns = await sql<{ name: string }[]>`
    select quote_ident(attname) as name from pg_attribute
    where attrelid = 'transactions'::regclass and attnum > 0 and not attisdropped order by attnum`;
  const fields = columns.map(({ name }) => `coalesce(${name}::text, '\\N')`).join(', ');
  const lines = sql.unsafe<{ line: string }[]>(
    `select concat_ws(e'\\t', ${fields}) as line from transactions order by account_id, dated_on, id`,
  );
  for await (const rows of lines.cursor(rowsPerTransaction)) yield `${rows.map(({ line }) => line).join('\n')}\n`;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

async function copyFile({ sql }: Database, file: string): Promise<number> {
  return timed(async () => pipeline(createReadStream(file), await sql`copy transactions from stdin`.writable()));
}

/** So many change sets are made before they are timed, and held. */
const changeSetsAtOnce = 10;

/**
 * As a sync of a large account writes them (sync/write-account.ts): the oldest days first, and while PostgreSQL writes one
 * change set the next one is prepared. The making of the entries is not timed.
 */
async function writeChangeSets(
  database: Database,
  { scope, connectionId }: GeneratedWorld,
  accountId: AccountId,
  history: Parameters<typeof generatedEntries>[0],
): Promise<number> {
  const starts = Array.from(
    { length: Math.ceil(history.count / rowsPerTransaction) },
    (_, n) => n * rowsPerTransaction,
  );
  starts.reverse();
  const write = async (created: readonly CreatedTransaction[], former: Promise<void>) => {
    const changes = { created, updated: [], voided: [], unchanged: 0 };
    const prepared = await prepareChangeSet(scope, accountId, changes, systemClock.now());
    await former;
    return {
      written: inUserTransaction(database, scope, async ({ tx, append }) => {
        const now = systemClock.now();
        const { counts, oldestChangedOn } = await applyChangeSet(tx, prepared, now);
        const facts = { connectionId, accountId, counts, oldestChangedOn };
        await append(now, { type: 'transactions.changed', facts });
      }),
    };
  };
  let seconds = 0;
  for (let first = 0; first < starts.length; first += changeSetsAtOnce) {
    const sets = starts.slice(first, first + changeSetsAtOnce).map((start) => createdFrom(history, start));
    seconds += await timed(async () => {
      let former = Promise.resolve();
      for (const created of sets) ({ written: former } = await write(created, former));
      await former;
    });
  }
  return seconds;
}

function createdFrom(history: Parameters<typeof generatedEntries>[0], start: number): CreatedTransaction[] {
  return generatedEntries(history, start, start + rowsPerTransaction).map((bank) => ({
    bank,
    datedOn: bank.bookedOn ?? history.today,
    category: categorize(bank),
  }));
}

async function empty({ sql }: Database): Promise<void> {
  await sql`truncate transactions`;
  await sql`checkpoint`;
}

async function expectSuccess(world: GeneratedWorld): Promise<void> {
  const result = await world.sync();
  if (result !== 'SUCCEEDED') throw new Error(`The sync ended as ${result}.`);
}

async function expectRows({ sql }: Database, count: number): Promise<void> {
  const [row] = await sql<{ n: number }[]>`select count(*)::int as n from transactions`;
  if (row?.n !== count) throw new Error(`There are ${row?.n} rows, not ${count}.`);
}

/** Changes when any row is written anew: each write has a transaction and a place of its own. */
async function fingerprint({ sql }: Database): Promise<string | undefined> {
  const [row] = await sql<
    { sum: string }[]
  >`select sum(hashtextextended(xmin::text || ctid::text, 0))::text as sum from transactions`;
  return row?.sum;
}

async function accountOf({ sql }: Database, { scope }: GeneratedWorld): Promise<AccountId> {
  const [row] = await sql<{ id: AccountId }[]>`select id from accounts where user_id = ${scope.userId}`;
  if (!row) throw new Error('The sync has listed no account.');
  return row.id;
}
