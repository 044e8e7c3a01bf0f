import { systemClock } from '../../../src/kernel/clock.ts';
import type { Database } from '../../../src/store/database.ts';
import { generatedConnector, generatedWorld, type GeneratedWorld } from '../../support/generated-bank.ts';
import type { Figure, RunOptions } from '../benchmark.ts';
import { postgresCpuSeconds } from '../cpu-time.ts';
import { median, spread } from '../statistics.ts';

const connections = 100;
const atOnce = 8;
const transactionsEach = 30;

/** The daily case: many connections of few transactions, of which nothing is new. */
export async function measureConnections(database: Database, { rounds, tell }: RunOptions): Promise<Figure> {
  const today = systemClock.now().toISOString().slice(0, 10);
  const connector = generatedConnector({ today, count: transactionsEach, days: 30, pageSize: 100 });
  const worlds: GeneratedWorld[] = [];
  tell(`ingest: linking ${connections} connections`);
  for (let index = 0; index < connections; index += 1) {
    worlds.push(await generatedWorld(database, connector, systemClock, `connection-${index}`));
  }
  await syncAll(worlds);
  const perSecond: number[] = [];
  const milliseconds: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    tell(`ingest: connections, round ${round} of ${rounds}`);
    const cpuBefore = await cpuSeconds(database);
    const began = performance.now();
    await syncAll(worlds);
    perSecond.push((connections * 1000) / (performance.now() - began));
    milliseconds.push((((await cpuSeconds(database)) - cpuBefore) * 1000) / connections);
  }
  const what = `connections synced, ${transactionsEach} known transactions each`;
  return { what, perSecond: median(perSecond), spread: spread(perSecond, 0), cpu: median(milliseconds) };
}

async function syncAll(worlds: readonly GeneratedWorld[]): Promise<void> {
  const waiting = [...worlds];
  const work = async () => {
    for (let world = waiting.pop(); world; world = waiting.pop()) {
      const result = await world.sync();
      if (result !== 'SUCCEEDED') throw new Error(`A sync ended as ${result}.`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

/** Of this process and of PostgreSQL. */
async function cpuSeconds({ sql }: Database): Promise<number> {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6 + ((await postgresCpuSeconds(sql)) ?? Number.NaN);
}
