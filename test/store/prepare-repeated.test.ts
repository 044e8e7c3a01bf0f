import { eq, sql } from 'drizzle-orm';
import { beforeAll, expect, test } from 'vitest';
import { categories } from '../../src/store/schema/tables.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;

beforeAll(async () => {
  // One connection, because PostgreSQL keeps prepared statements for each.
  database = await testDatabase({ maxConnections: 1 });
});

/** What the connection has prepared over this table. */
async function preparedOver(table: string): Promise<string[]> {
  const rows = await database.sql<{ statement: string }[]>`
    select statement from pg_prepared_statements where strpos(statement, ${`"${table}"`}) > 0
  `;
  return rows.map(({ statement }) => statement);
}

test('a read that comes again is prepared, and answers as before', async () => {
  const read = (key: string) => database.db.query.categories.findFirst({ columns: { key: true }, where: { key } });
  expect(await read('GROCERIES')).toEqual({ key: 'GROCERIES' });
  expect(await preparedOver('categories')).toEqual([]);
  expect(await read('INCOME')).toEqual({ key: 'INCOME' });
  expect(await read('NONE')).toBeUndefined();
  expect(await preparedOver('categories')).toHaveLength(1);
});

test('the same holds within a transaction and a savepoint', async () => {
  const place = sql<number>`${categories.position} + ${1}`;
  await database.db.transaction(async (tx) => {
    const read = () => tx.select({ place }).from(categories).where(eq(categories.key, 'GROCERIES'));
    expect(await read()).toEqual(await read());
    await tx.transaction(async (inner) => {
      await inner.update(categories).set({ position: 1 }).where(eq(categories.key, 'NONE'));
      await inner.update(categories).set({ position: 2 }).where(eq(categories.key, 'NONE'));
    });
  });
  const texts = await preparedOver('categories');
  expect(texts.filter((text) => text.startsWith('select'))).toHaveLength(2);
  expect(texts.filter((text) => text.startsWith('update'))).toHaveLength(1);
});

test('long texts, and texts without parameters, are not prepared', async () => {
  const many = () =>
    database.db.execute(sql`select ${sql.raw(`'${'x'.repeat(10_000)}'`)} as "consents", ${1}::int as one`);
  await many();
  await many();
  const several = () => database.db.execute(sql.raw(`select 1 as "consents"; select 2 as "consents"`));
  await several();
  await several();
  expect(await preparedOver('consents')).toEqual([]);
});
