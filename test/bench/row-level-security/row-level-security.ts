import postgres from 'postgres';
import type { Benchmark, Report, RunOptions } from '../benchmark.ts';
import { fullSize } from '../dataset-size.ts';
import { openBenchDatabase } from '../kept-database.ts';
import { questions, type Question } from '../reads/questions.ts';
import { median, ratios, spread } from '../statistics.ts';

const readsPerRound = 300;
const role = 'bench_behind_policies';

export const rowLevelSecurity: Benchmark = {
  name: 'row-level-security',
  about: 'what the policies cost a read: to a role behind them, with its scope set once or before each statement',
  run: measureRowLevelSecurity,
};

interface Side {
  readonly name: string;
  read(question: Question, id: string): Promise<unknown>;
}

/** The statements of the bare endpoint, one after the other on one connection for each side, in interleaved rounds. */
async function measureRowLevelSecurity({ rounds, tell }: RunOptions): Promise<Report> {
  const database = await openBenchDatabase(fullSize, tell);
  const connect = (url: string) => postgres(url, { max: 1, connection: { TimeZone: 'UTC' }, onnotice: () => {} });
  const owner = connect(database.url);
  const behind = connect(await urlOfRole(owner, database.url));
  const perStatement = connect(await urlOfRole(owner, database.url));
  try {
    const [client] = await owner<{ id: string }[]>`select client_id as id from users limit 1`;
    const clientId = client?.id ?? '';
    await behind`select set_config('tributary.client_id', ${clientId}, false)`;
    const ask = (sql: postgres.Sql | postgres.TransactionSql, { statement }: Question, id: string) =>
      sql.unsafe(statement, [id, clientId], { prepare: true });
    const sides: Side[] = [
      { name: 'owner', read: (question, id) => ask(owner, question, id) },
      { name: 'policies', read: (question, id) => ask(behind, question, id) },
      {
        name: 'policies, scope set each time',
        read: (question, id) =>
          perStatement.begin(async (sql) => {
            await sql`select set_config('tributary.client_id', ${clientId}, true)`;
            return ask(sql, question, id);
          }),
      },
    ];
    const figures = [];
    for (const question of questions) {
      tell(`Reading ${question.name} ${readsPerRound} times a side in each of ${rounds} rounds.`);
      const ids = await idsOf(owner, question);
      const times = new Map(sides.map(({ name }) => [name, [] as number[]]));
      for (let round = -1; round < rounds; round += 1) {
        for (const side of sides) {
          const started = performance.now();
          for (let count = 0; count < readsPerRound; count += 1) {
            await side.read(question, ids[count % ids.length] ?? '');
          }
          if (round >= 0) times.get(side.name)?.push((performance.now() - started) / readsPerRound);
        }
      }
      const bases = times.get('owner') ?? [];
      for (const [side, values] of times) {
        const costs = ratios(values, bases).map((ratio) => 100 * (ratio - 1));
        figures.push({
          read: question.name,
          side,
          milliseconds: median(values),
          cost: side === 'owner' ? null : median(costs),
          spread: side === 'owner' ? null : spread(costs, 0),
        });
      }
    }
    return {
      columns: [
        { key: 'read', title: 'read' },
        { key: 'side', title: 'as' },
        { key: 'milliseconds', title: 'ms', digits: 2 },
        { key: 'cost', title: 'cost in %', digits: 0 },
        { key: 'spread', title: 'of the rounds' },
      ],
      figures,
      notes: ['The goal for keeping the gateway behind the policies was under 5 %.'],
    };
  } finally {
    await Promise.all([owner.end(), behind.end(), perStatement.end()]);
    await database.stop();
  }
}

/** A role that may read and owns nothing, so the policies hold for it. */
async function urlOfRole(owner: postgres.Sql, ownerUrl: string): Promise<string> {
  await owner.unsafe(`do $$ begin
      if not exists (select from pg_roles where rolname = '${role}') then
        create role ${role} login password '${role}';
        grant usage on schema public to ${role};
      end if;
      grant select on all tables in schema public to ${role};
    end $$`);
  const url = new URL(ownerUrl);
  url.username = role;
  url.password = role;
  return url.href;
}

async function idsOf(owner: postgres.Sql, { subject }: Question): Promise<string[]> {
  const table = subject === 'User' ? 'users' : 'accounts';
  const rows = await owner<{ id: string }[]>`select id from ${owner(table)} order by id limit 100`;
  return rows.map(({ id }) => id);
}
