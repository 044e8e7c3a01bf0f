import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { expect, onTestFinished, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { seedFullWorld } from './house.ts';
import { userTables } from './user-tables.ts';

/** A connection of a role that owns nothing and may read and write every table. */
async function asRole(database: TestDatabase): Promise<postgres.Sql> {
  const role = `reader_${randomBytes(6).toString('hex')}`;
  await database.sql.unsafe(`create role ${role} login password 'x'; grant usage on schema public to ${role};
    grant select, insert, update, delete on all tables in schema public to ${role}`);
  const url = new URL(database.url);
  url.username = role;
  url.password = 'x';
  const sql = postgres(url.href, { max: 1, onnotice: () => {} });
  onTestFinished(async () => {
    await sql.end();
    await database.sql.unsafe(`drop owned by ${role}; drop role ${role}`);
  });
  return sql;
}

async function visible(sql: postgres.Sql): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of userTables) {
    const [row] = await sql`select count(*)::int as count from ${sql(table)}`;
    if (row?.['count'] > 0) counts[table] = row?.['count'];
  }
  return counts;
}

test('every table of user data has the second wall', async () => {
  const database = await testDatabase();
  const rows = await database.sql<{ name: string }[]>`
    select c.relname as name from pg_class c join pg_policy p on p.polrelid = c.oid
    where c.relrowsecurity and c.relnamespace = 'public'::regnamespace`;
  const walled = new Set(rows.map(({ name }) => name));
  expect([...userTables].filter((table) => !walled.has(table))).toEqual([]);
});

test('behind it a role sees nothing without a scope, and only what is in it with one', async () => {
  const database = await testDatabase();
  const victim = await seedFullWorld(database, 'victim');
  const stranger = await seedFullWorld(database, 'stranger');
  const sql = await asRole(database);
  expect(await visible(sql)).toEqual({});
  await sql`select set_config('tributary.client_id', ${stranger.clientId}, false)`;
  const ofStranger = await visible(sql);
  expect(ofStranger).toMatchObject({ users: 1, accounts: 2, transactions: 3, connections: 1 });
  expect(await sql`select id from users`).toEqual([{ id: stranger.userId }]);
  // A user of one client under another's is nobody.
  await sql`select set_config('tributary.user_id', ${victim.userId}, false)`;
  expect(await visible(sql)).toEqual({});
  await expect(
    sql`insert into event_streams (user_id, client_id, sequence) values (${victim.userId}, ${victim.clientId}, 1)`,
  ).rejects.toThrow('row-level security');
  expect((await sql`update accounts set name = 'x'`).count).toBe(0);
});
