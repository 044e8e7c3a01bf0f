import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import { migrate as applyMigrations } from 'drizzle-orm/postgres-js/migrator';
import type { Database, Db, Tx } from './database.ts';
import { missingCategories, seedCategories } from './seed-categories.ts';

const migrationsFolder = fileURLToPath(new URL('migrations', import.meta.url));
const serverMajorVersionMin = 16;

/** How the tables stand to this program: `outdated` lists what `migrate` would do, `ahead` what a newer program did. */
export type SchemaState =
  | { readonly kind: 'current' }
  | { readonly kind: 'outdated'; readonly missing: readonly string[] }
  | { readonly kind: 'ahead'; readonly unknown: readonly string[] };

interface MigrateOptions {
  /** Makes the tables of the job queue (jobs/install.ts), under the same lock but on a connection of its own. */
  readonly installJobs?: () => Promise<void>;
}

/**
 * Brings the tables and the seeded categories up to this program's version. One transaction holds an advisory lock all
 * the while: of several processes one works, the others wait and find nothing to do, and a failure changes nothing.
 * Throws when the server is older than PostgreSQL 16 or when a newer program has migrated it.
 */
export async function migrate(database: Database, options: MigrateOptions = {}): Promise<void> {
  await requireServerVersion(database);
  await database.db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('tributary migrate', 0))`);
    const { unknown } = await compareMigrations(tx);
    if (unknown.length > 0) {
      throw new Error(
        `The database has been migrated by a newer Tributary (${unknown.join(', ')}). Update this one; nothing was changed.`,
      );
    }
    await applyMigrations(tx, { migrationsFolder });
    await seedCategories(tx);
    await options.installJobs?.();
  });
}

/** Compares the tables with this program, without changing anything. */
export async function schemaState(database: Database): Promise<SchemaState> {
  await requireServerVersion(database);
  const { missing, unknown } = await compareMigrations(database.db);
  if (unknown.length > 0) return { kind: 'ahead', unknown };
  if (missing.length > 0) return { kind: 'outdated', missing };
  const keys = await missingCategories(database.db);
  return keys.length > 0 ? { kind: 'outdated', missing: keys.map((key) => `category ${key}`) } : { kind: 'current' };
}

async function compareMigrations(db: Db | Tx): Promise<{ missing: string[]; unknown: string[] }> {
  const own = readdirSync(migrationsFolder).filter((name) => existsSync(`${migrationsFolder}/${name}/migration.sql`));
  const [table] = await db.execute<{ exists: boolean }>(
    sql`select to_regclass('drizzle.__drizzle_migrations') is not null as "exists"`,
  );
  const rows = table?.exists
    ? await db.execute<{ name: string }>(sql`select name from drizzle.__drizzle_migrations`)
    : [];
  const applied = new Set(rows.map((row) => row.name));
  return {
    missing: own.filter((name) => !applied.has(name)).toSorted(),
    unknown: [...applied].filter((name) => !own.includes(name)).toSorted(),
  };
}

async function requireServerVersion(database: Database): Promise<void> {
  const [row] = await database.db.execute<{ major: number }>(
    sql`select current_setting('server_version_num')::int / 10000 as major`,
  );
  const major = Number(row?.major ?? 0);
  if (major < serverMajorVersionMin) {
    throw new Error(`The database is PostgreSQL ${major}; Tributary needs ${serverMajorVersionMin} or newer.`);
  }
}
