import { and, asc, eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { applyCategoryRules } from '../../src/actions/apply-category-rules.ts';
import { createCategoryRule } from '../../src/actions/create-category-rule.ts';
import { scopeOfRow } from '../../src/domain/viewer.ts';
import { newId } from '../../src/kernel/id.ts';
import { events, transactions } from '../../src/store/schema/tables.ts';
import { testDatabase } from '../support/database.ts';
import { dyingAt } from '../support/dying-database.ts';
import {
  clientScope,
  seedAccount,
  seedConnection,
  seededAt,
  seedTransactions,
  seedUser,
  seedWorld,
} from '../support/fixtures.ts';
import { houseContext } from '../support/house-context.ts';
import { applyRuleJobs } from './rule-support.ts';

const running = () => new AbortController().signal;

/** Two users of one client, one of them with more than two batches of transactions, and a stranger; a third of them says Robot. */
async function city() {
  const context = await houseContext();
  const { database } = context;
  const world = await seedWorld(database);
  const stranger = await seedWorld(database, { name: 'stranger' });
  const neighbour = scopeOfRow({
    clientId: world.clientId,
    userId: await seedUser(database, world.clientId, 'b@x.fr'),
  });
  const connection = await seedConnection(database, neighbour, world.provider);
  const seeds = Array.from({ length: 2_100 }, (_, index) => ({ label: index % 3 === 0 ? 'Robot' : 'Human' }));
  await seedTransactions(database, neighbour, await seedAccount(database, neighbour, connection), seeds);
  for (const { scope, accountId } of [world, stranger]) {
    await seedTransactions(database, scope, accountId, [{ label: 'Robot' }]);
  }
  const client = clientScope(world.clientId);
  const rule = { text: 'robot', categoryKey: 'SHOPPING', direction: null };
  return {
    context,
    database,
    neighbour,
    payload: async () => ({
      clientId: world.clientId,
      userId: null,
      afterUserId: null,
      ruleId: await createCategoryRule(context, client, rule),
    }),
    ruled: async () =>
      (
        await database.db
          .select({ userId: transactions.userId, label: transactions.label })
          .from(transactions)
          .where(and(eq(transactions.categorySource, 'CLIENT_RULE'), eq(transactions.categoryKey, 'SHOPPING')))
      ).reduce<Record<string, number>>((counts, { userId, label }) => {
        const whose = userId === neighbour.userId ? 'neighbour' : userId === world.userId ? 'user' : 'stranger';
        return { ...counts, [`${whose} ${label}`]: (counts[`${whose} ${label}`] ?? 0) + 1 };
      }, {}),
    told: async () => {
      const rows = await database.db
        .select()
        .from(events)
        .where(eq(events.type, 'transactions.changed'))
        .orderBy(asc(events.id));
      return rows.reduce((sum, { facts }) => sum + (facts as { counts: { updated: number } }).counts.updated, 0);
    },
  };
}

const all = { 'neighbour Robot': 700, 'user Robot': 1 };

it('a rule of the client reaches every user of it and nobody else, batch by batch', async () => {
  const { context, payload, ruled, told } = await city();
  await payload();
  expect(await applyRuleJobs(context)).toBe(1);
  expect(await ruled()).toEqual(all);
  expect(await told()).toBe(701);
});

it('a job that dies at any commit is done again, and tells each change once', async () => {
  const { context, database, payload, ruled, told } = await city();
  const given = await payload();
  let isDone = false;
  // One transaction for the user of few entries, three for the other.
  for (const commits of [1, 2, 3, 4]) {
    for (const when of ['before', 'after'] as const) {
      const dying = { ...context, database: dyingAt(database, commits, when) };
      await applyCategoryRules(dying, given, running()).then(
        () => (isDone = true),
        () => {},
      );
    }
  }
  expect(isDone).toBe(false);
  await applyCategoryRules(context, given, running());
  expect(await ruled()).toEqual(all);
  expect(await told()).toBe(701);
});

it('two at once do what one does', async () => {
  const { context, payload, ruled, told } = await city();
  const given = await payload();
  await Promise.all([applyCategoryRules(context, given, running()), applyCategoryRules(context, given, running())]);
  expect(await ruled()).toEqual(all);
  expect(await told()).toBe(701);
});

it('one that must stop leaves one job that goes on, however often it is stopped', async () => {
  const { context, database, payload, ruled } = await city();
  const given = await payload();
  await database.sql`delete from graphile_worker._private_jobs`;
  const stopped = AbortSignal.abort();
  await applyCategoryRules(context, given, stopped);
  await applyCategoryRules(context, given, stopped);
  expect(await ruled()).toEqual({});
  expect(await applyRuleJobs(context)).toBe(1);
  expect(await ruled()).toEqual(all);
});

it('many rules that come at once are one job', async () => {
  const { context, payload } = await city();
  await payload();
  await payload();
  expect(await applyRuleJobs(context)).toBe(1);
});

it('a client of many users is walked in parts', async () => {
  const { context, database, payload, ruled } = await city();
  const { clientId } = await payload();
  const at = seededAt.toISOString();
  await database.sql`
    insert into users (id, client_id, email, password_hash, created_at, updated_at)
    select 'usr_' || lpad(i::text, 26, '0'), ${clientId}, i || '@many.example', '!', ${at}, ${at}
    from generate_series(1, 250) as i`;
  expect(await applyRuleJobs(context)).toBe(2);
  expect(await ruled()).toEqual(all);
});

it('of a user who is gone there is nothing to do', async () => {
  const { context, payload } = await city();
  const given = { ...(await payload()), userId: newId('user', seededAt) };
  await expect(applyCategoryRules(context, given, running())).resolves.toBeUndefined();
});

it('a database without rules is left as it is', async () => {
  const database = await testDatabase();
  const { scope } = await seedWorld(database);
  const read = () => database.db.select().from(transactions).orderBy(asc(transactions.id));
  const before = await read();
  const payload = { ...scope, afterUserId: null, ruleId: newId('categoryRule', seededAt) };
  await applyCategoryRules(await houseContext({ database }), payload, running());
  expect(await read()).toEqual(before);
});
