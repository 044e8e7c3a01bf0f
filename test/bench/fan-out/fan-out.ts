import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type postgres from 'postgres';
import { startEmbeddedPostgres } from '../../../src/app/embedded-postgres.ts';
import { migrateDatabase } from '../../../src/app/migrate-database.ts';
import { silentLog } from '../../../src/kernel/log.ts';
import { openDatabase } from '../../../src/store/database.ts';
import type { Benchmark, Figure, RunOptions } from '../benchmark.ts';
import { startChildServer, type ChildServer } from '../child-server.ts';
import { cpuSecondsOf } from '../cpu-time.ts';
import { median, ratios, spread } from '../statistics.ts';
import { openAudience, type Audience } from './audience.ts';
import { appendForMany, insertMembers, type Members } from './log-of-many.ts';
import { memoryProbe } from './memory.ts';

const programs = {
  raw: fileURLToPath(new URL('raw-child.ts', import.meta.url)),
  gateway: fileURLToPath(new URL('../../http/gateway-child.ts', import.meta.url)),
};
const sizes = [1000, 5000, 10_000];
const deliveriesPerRound = 20_000;
/** Above it this process cannot hold the sockets of both sides within the usual limit of open files (`ulimit -n`). */
const interleavedSocketsMax = 5000;
const query =
  'subscription { events { cursor ... on Event { id sequence occurredAt } ... on AccountUpdatedEvent { changed } } }';

type Kind = 'to all' | 'per user';

/** Deliveries of events over WebSockets, against bare sends of the same bytes. */
export const fanOut: Benchmark = {
  name: 'fan-out',
  about: 'events to 1k, 5k and 10k subscribers over WebSockets, against bare ws sends of the same bytes',
  async run(options) {
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
          options.tell(`fan-out: ${sockets} sockets, an event ${kind}`);
          figures.push(...(await compare(kind, sockets, server.url, database.sql, members, options)));
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

interface Round {
  readonly perSecond: number;
  readonly p99Milliseconds: number;
  readonly cpuMicroseconds: number;
}

interface Side {
  readonly name: 'raw' | 'gateway';
  readonly child: ChildServer;
  readonly audience: Audience;
  readonly kilobytesPerSocket: number;
  readonly rounds: Round[];
  readonly act: (each: number, begin: () => void) => Promise<void>;
}

async function compare(
  kind: Kind,
  sockets: number,
  databaseUrl: string,
  sql: postgres.Sql,
  members: Members,
  { rounds }: RunOptions,
): Promise<Figure[]> {
  const users = kind === 'to all' ? 1 : sockets;
  const each = Math.max(1, Math.round(deliveriesPerRound / sockets));
  const tokenOf = (index: number) => `${members.clientId}.${members.userIds[index % users] ?? ''}`;
  const gateway = await openSide('gateway', [programs.gateway, databaseUrl], sockets, (index) => [
    JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${tokenOf(index)}` } }),
    JSON.stringify({ id: crypto.randomUUID(), type: 'subscribe', payload: { query } }),
  ]);
  await untilSubscribed(gateway.child, sockets);
  const act = (count: number, begin: () => void) => appendForMany(sql, members, users, count, begin);
  await act(1, () => {});
  while (gateway.audience.sample() === '') await new Promise((resolve) => setTimeout(resolve, 10));
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const text = gateway.audience.sample();
  const gatewaySide: Side = { ...gateway, act, rounds: [] };
  const isInterleaved = sockets <= interleavedSocketsMax;
  if (!isInterleaved) {
    await measureRounds([gatewaySide], each, sockets, rounds);
    await close(gatewaySide);
  }
  const raw = await openSide('raw', [programs.raw], sockets, null);
  const isEach = kind === 'per user';
  const send = async (count: number, begin: () => void) => {
    begin();
    const texts = Array.from({ length: isEach ? 1 : count }, () => text);
    for (let sent = 0; sent < (isEach ? count : 1); sent += 1) {
      await fetch(raw.child.url, { method: 'POST', body: JSON.stringify({ texts, isEach }) });
    }
  };
  const rawSide: Side = { ...raw, act: send, rounds: [] };
  const sides = [rawSide, gatewaySide];
  await measureRounds(isInterleaved ? sides : [rawSide], each, sockets, rounds);
  await close(rawSide);
  if (isInterleaved) await close(gatewaySide);
  const bases = (sides[0]?.rounds ?? []).map(({ perSecond }) => perSecond);
  return sides.map(({ name, rounds: measured, kilobytesPerSocket }) => {
    const overBase = ratios(
      measured.map(({ perSecond }) => perSecond),
      bases,
    );
    return {
      sockets,
      event: kind,
      server: name,
      perSecond: median(measured.map(({ perSecond }) => perSecond)),
      ratio: median(overBase),
      ratioSpread: spread(overBase, 2),
      p99Milliseconds: median(measured.map(({ p99Milliseconds }) => p99Milliseconds)),
      cpuMicroseconds: median(measured.map(({ cpuMicroseconds }) => cpuMicroseconds)),
      kilobytesPerSocket,
    };
  });
}

async function measureRounds(sides: readonly Side[], each: number, sockets: number, rounds: number): Promise<void> {
  for (const side of sides) await measure(side, each, sockets);
  for (let round = 0; round < rounds; round += 1) {
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
      side.rounds.push(await measure(side, each, sockets));
    }
  }
}

async function close({ audience, child }: Side): Promise<void> {
  await audience.close();
  await child.stop();
}

async function openSide(
  name: Side['name'],
  program: readonly string[],
  sockets: number,
  greeting: ((index: number) => readonly [string, string]) | null,
): Promise<Omit<Side, 'act' | 'rounds'>> {
  const probe = memoryProbe();
  const child = await startChildServer({ program: [...probe.flags, ...program], environment: probe.environment });
  const url = `${child.url.replace('http', 'ws')}/graphql`;
  // The first sockets load code; they are not counted.
  const first = await openAudience({ url, sockets: 100, greeting });
  if (greeting) await untilSubscribed(child, 100);
  const before = await probe.liveBytes(child);
  const audience = await openAudience({ url, sockets, greeting });
  if (greeting) await untilSubscribed(child, sockets + 100);
  const after = await probe.liveBytes(child);
  await first.close();
  return { name, child, audience, kilobytesPerSocket: (after - before) / sockets / 1000 };
}

async function untilSubscribed({ url }: ChildServer, count: number): Promise<void> {
  for (;;) {
    const text = await (await fetch(`${url}/metrics`)).text();
    if (text.includes(`tributary_graphql_subscriptions{transport="ws"} ${count}\n`)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function measure({ child, audience, act }: Side, each: number, sockets: number): Promise<Round> {
  const before = await cpuSecondsOf(child.pid);
  const delays = await audience.receive(each * sockets, (begin) => act(each, begin));
  const after = await cpuSecondsOf(child.pid);
  const sorted = delays.toSorted();
  const last = sorted.at(-1) ?? Number.NaN;
  return {
    perSecond: (delays.length * 1000) / last,
    p99Milliseconds: sorted[Math.floor(delays.length * 0.99)] ?? Number.NaN,
    cpuMicroseconds: before === null || after === null ? Number.NaN : ((after - before) * 1e6) / delays.length,
  };
}

const columns = [
  { key: 'sockets', title: 'sockets', digits: 0 },
  { key: 'event', title: 'an event' },
  { key: 'server', title: 'server' },
  { key: 'perSecond', title: 'deliveries per second', digits: 0 },
  { key: 'ratio', title: 'ratio', digits: 2 },
  { key: 'ratioSpread', title: 'of the rounds' },
  { key: 'p99Milliseconds', title: 'p99 ms', digits: 0 },
  { key: 'cpuMicroseconds', title: 'server µs', digits: 1 },
  { key: 'kilobytesPerSocket', title: 'kB per socket', digits: 1 },
];

const notes = [
  'raw: a bare ws server that sends the same bytes to the same number of sockets, told to by one request.',
  'gateway: from the commit of the events in one statement, through notification, log, execution and socket.',
  'p99 ms: from that moment to the receipt, of 99 in 100 deliveries; all of a round are sent at once, so it is mostly the length of the round.',
  'At 10k sockets the sides are measured one after the other, not in turn; it needs `ulimit -n` of at least 11000.',
  'server µs: processor time of the server for one delivery. kB per socket: growth of its live memory, after collecting the garbage.',
  `About ${deliveriesPerRound} deliveries a round; the receiving sockets are in this process, on the same machine.`,
];
