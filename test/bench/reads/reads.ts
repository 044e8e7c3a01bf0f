import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import type { Benchmark, Figure, Report, RunOptions } from '../benchmark.ts';
import { startChildServer, type ChildServer } from '../child-server.ts';
import { describeSize, fullSize, type DatasetSize } from '../dataset-size.ts';
import { openBenchDatabase } from '../kept-database.ts';
import { bareRequest, checkEqual, gatewayRequest, issueToken, subjectsOf } from './contender.ts';
import { compareRounds, type Side } from './rounds.ts';
import { questions, type Question } from './questions.ts';

const connections = 16;
const bareServer = fileURLToPath(new URL('bare-server.ts', import.meta.url));
const product = fileURLToPath(new URL('../../../src/main.ts', import.meta.url));

export const reads: Benchmark = {
  name: 'reads',
  about: 'queries through the gateway over HTTP, against a bare endpoint of one hand-written SQL statement each',
  async run(options) {
    const database = await openBenchDatabase(fullSize, options.tell);
    try {
      return await measureReads({ ...options, database, size: fullSize });
    } finally {
      await database.stop();
    }
  },
};

interface ReadsOptions extends RunOptions {
  readonly size: DatasetSize;
  /** `directory` keeps the key that seals the gateway's signing keys in this database. */
  readonly database: { readonly url: string; readonly directory: string };
}

/** Starts both servers on a filled database, makes sure that they answer alike, and measures them in turn. */
export async function measureReads(options: ReadsOptions): Promise<Report> {
  const { database, size } = options;
  const servers: ChildServer[] = [];
  const sql = postgres(database.url, { max: 1 });
  try {
    const bare = await startChildServer({ program: [bareServer], environment: { DATABASE_URL: database.url } });
    servers.push(bare);
    const gateway = await startChildServer({
      program: [product, 'serve', '--role', 'gateway'],
      environment: {
        TRIBUTARY_ENV: 'sandbox',
        DATABASE_URL: database.url,
        TRIBUTARY_DATA_DIR: database.directory,
        HOST: '127.0.0.1',
        PORT: '0',
        PUBLIC_URL: '',
        LOG_LEVEL: 'warn',
      },
    });
    servers.push(gateway);
    const figures: Figure[] = [];
    for (const question of questions) figures.push(...(await answerQuestion(question, bare, gateway, sql, options)));
    return { columns, figures, notes: notesOn(size, options) };
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
    await sql.end();
  }
}

async function answerQuestion(
  question: Question,
  bare: ChildServer,
  gateway: ChildServer,
  sql: postgres.Sql,
  { size, rounds, secondsPerRound, tell }: ReadsOptions,
): Promise<Figure[]> {
  const token = await issueToken(gateway.url);
  const subjects = subjectsOf(question, size);
  const sides: [Side, Side] = [
    { name: 'bare', server: bare, requests: subjects.map((id) => bareRequest(question, id)) },
    { name: 'gateway', server: gateway, requests: subjects.map((id) => gatewayRequest(question, id, token)) },
  ];
  const bytes = { bare: 0, gateway: 0 };
  for (const [index] of subjects.entries()) {
    const [left, right] = sides.map(({ server, requests }) => ({ url: server.url, request: requests[index]! }));
    const found = await checkEqual(left!, right!);
    bytes.bare += found.bare / subjects.length;
    bytes.gateway += found.gateway / subjects.length;
  }
  tell(
    `${question.name}: ${subjects.length} answers are equal; measuring ${rounds} rounds of ${secondsPerRound} s each.`,
  );
  const measured = await compareRounds(sides, { rounds, secondsPerRound, connections, sql });
  return measured.map((figure) => ({
    read: question.name,
    ...figure,
    kilobytes: bytes[figure.server] / 1000,
  }));
}

const columns = [
  { key: 'read', title: 'read' },
  { key: 'server', title: 'server' },
  { key: 'perSecond', title: 'per second', digits: 0 },
  { key: 'ratio', title: 'ratio', digits: 3 },
  { key: 'ratioSpread', title: 'of the rounds' },
  { key: 'latencyMilliseconds', title: 'median ms', digits: 1 },
  { key: 'nodeMilliseconds', title: 'Node ms', digits: 2 },
  { key: 'postgresMilliseconds', title: 'PostgreSQL ms', digits: 2 },
  { key: 'kilobytes', title: 'kB', digits: 1 },
];

function notesOn(size: DatasetSize, { rounds, secondsPerRound }: RunOptions): string[] {
  return [
    ...questions.map(({ name, about }) => `${name}: ${about}.`),
    `Data: ${describeSize(size)}, in memory. Every answer was compared before it was measured.`,
    `Load: ${connections} connections from this machine, ${rounds} interleaved rounds of ${secondsPerRound} s; medians.`,
    'ratio: requests per second over those of the bare endpoint in the same round. Only ratios compare across machines.',
    'Node ms and PostgreSQL ms: processor time of the server and of the database for one answer.',
  ];
}
