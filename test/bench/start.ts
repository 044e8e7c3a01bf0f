import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Benchmark, Figure } from './benchmark.ts';
import { startChildServer } from './child-server.ts';
import { median, spread } from './statistics.ts';

const product = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const emptyProgram = `console.log('http://127.0.0.1/')`;

export const start: Benchmark = {
  name: 'start',
  about: 'from the start of the process to ready to serve, in sandbox with the embedded PostgreSQL',
  async run({ rounds, tell }) {
    const times = { empty: [] as number[], first: [] as number[], later: [] as number[] };
    for (let round = 1; round <= rounds; round += 1) {
      tell(`start: round ${round} of ${rounds}`);
      const dataDirectory = await mkdtemp(join(tmpdir(), 'tributary-bench-start-'));
      try {
        // When root runs the benchmark, PostgreSQL's own account must be able to enter.
        await chmod(dataDirectory, 0o755);
        times.empty.push(await secondsToReady(['-e', emptyProgram], dataDirectory));
        times.first.push(await secondsToReady([product, 'serve'], dataDirectory));
        times.later.push(await secondsToReady([product, 'serve'], dataDirectory));
      } finally {
        await rm(dataDirectory, { recursive: true, force: true });
      }
    }
    return {
      columns: [
        { key: 'start', title: 'start' },
        { key: 'seconds', title: 'seconds', digits: 2 },
        { key: 'spread', title: 'of the rounds' },
        { key: 'ratio', title: 'times an empty program', digits: 1 },
      ],
      figures: [
        figure('an empty program', times.empty, times.empty),
        figure('the first start', times.first, times.empty),
        figure('a later start', times.later, times.empty),
      ],
      notes: [
        'The first start makes the database cluster, all tables, the categories and the sandbox client.',
        `Gateway, worker and test bank in one process; medians of ${rounds} rounds, each in a new data directory.`,
      ],
    };
  },
};

/** Runs a program until it prints an address, which it does when it serves, and asks a server whether it is ready. */
async function secondsToReady(program: readonly string[], dataDirectory: string): Promise<number> {
  const began = performance.now();
  const server = await startChildServer({
    program,
    environment: {
      TRIBUTARY_ENV: 'sandbox',
      DATABASE_URL: '',
      TRIBUTARY_DATA_DIR: dataDirectory,
      HOST: '127.0.0.1',
      PORT: '0',
      TEST_BANK_PORT: '0',
      PUBLIC_URL: '',
      LOG_LEVEL: 'warn',
    },
  });
  const seconds = (performance.now() - began) / 1000;
  try {
    if (program.includes('serve')) await checkReady(server.url);
  } finally {
    await server.stop();
  }
  return seconds;
}

async function checkReady(url: string): Promise<void> {
  const { status } = await fetch(`${url}/health/ready`);
  if (status !== 200) throw new Error(`${url} said that it was ready and answered ${status} at /health/ready.`);
}

function figure(name: string, seconds: readonly number[], empty: readonly number[]): Figure {
  return { start: name, seconds: median(seconds), spread: spread(seconds, 2), ratio: median(seconds) / median(empty) };
}
