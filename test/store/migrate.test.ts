import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { migrateDatabase } from '../../src/app/migrate-database.ts';
import { categoryCatalogue } from '../../src/domain/category-catalogue.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { migrate, schemaState } from '../../src/store/migrate.ts';
import { testDatabase } from '../support/database.ts';

const migrationNames = readdirSync('src/store/migrations').toSorted();

test('brings an empty database to the current schema, with categories and job queue', async () => {
  await using database = await testDatabase({ kind: 'empty' });
  expect(await schemaState(database)).toEqual({ kind: 'outdated', missing: migrationNames });
  await migrateDatabase(database.url, silentLog);
  expect(await schemaState(database)).toEqual({ kind: 'current' });
  const [count] = await database.sql`select count(*)::int as categories from categories`;
  expect(count).toEqual({ categories: categoryCatalogue.length });
  const [job] = await database.sql`select attempts from graphile_worker.add_job('run-sync', '{}')`;
  expect(job).toEqual({ attempts: 0 });
});

test('several processes at once migrate once', async () => {
  await using database = await testDatabase({ kind: 'empty' });
  await Promise.all([1, 2, 3, 4].map(() => migrateDatabase(database.url, silentLog)));
  const applied = await database.sql`select name from drizzle.__drizzle_migrations order by name`;
  expect(applied.map((row) => String(row['name']))).toEqual(migrationNames);
  expect(await schemaState(database)).toEqual({ kind: 'current' });
});

test('a second run changes nothing that is up to date and repairs the labels of categories', async () => {
  await using database = await testDatabase();
  await database.sql`update categories set label_fr = 'faux' where key = 'HOUSING_RENT'`;
  await migrate(database);
  const rows = await database.sql`select label_fr from categories where key = 'HOUSING_RENT'`;
  expect([...rows]).toEqual([{ label_fr: 'Loyer' }]);
});

test('a category that the table does not have yet makes the schema outdated', async () => {
  await using database = await testDatabase();
  await database.sql`delete from categories where key = 'HOUSING_RENT'`;
  expect(await schemaState(database)).toEqual({ kind: 'outdated', missing: ['category HOUSING_RENT'] });
});

test('a database of a newer program is reported as ahead and is not touched', async () => {
  await using database = await testDatabase();
  await database.sql`insert into drizzle.__drizzle_migrations (hash, created_at, name) values ('x', 1, '29990101_new')`;
  await database.sql`delete from categories where key = 'HOUSING_RENT'`;
  expect(await schemaState(database)).toEqual({ kind: 'ahead', unknown: ['29990101_new'] });
  await expect(migrate(database)).rejects.toThrow(/migrated by a newer Tributary \(29990101_new\)/);
  const rows = await database.sql`select key from categories where key = 'HOUSING_RENT'`;
  expect(rows).toHaveLength(0);
});

test('a failure while migrating leaves the database as it was', async () => {
  await using database = await testDatabase({ kind: 'empty' });
  const installJobs = () => Promise.reject(new Error('no job queue'));
  await expect(migrate(database, { installJobs })).rejects.toThrow('no job queue');
  expect(await schemaState(database)).toEqual({ kind: 'outdated', missing: migrationNames });
});

test('the committed migrations say what the tables say', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-migrations-'));
  try {
    cpSync('src/store/migrations', folder, { recursive: true });
    const args = ['generate', '--dialect=postgresql', '--schema=./src/store/schema/tables.ts', `--out=${folder}`];
    execFileSync('node_modules/.bin/drizzle-kit', args, { stdio: 'pipe' });
    expect(readdirSync(folder).toSorted()).toEqual(migrationNames);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
