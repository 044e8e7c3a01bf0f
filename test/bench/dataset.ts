import { installSandboxClient } from '../../src/actions/install-sandbox-client.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { openDatabase } from '../../src/store/database.ts';
import type { DatasetSize } from './dataset-size.ts';

/** An inner id by its number: sorted by time like those that the product makes. */
export function numberedId(prefix: string, number: number): string {
  return `${prefix}_${String(number).padStart(26, '0')}`;
}

/** The same id as an SQL expression over a number. */
function idOf(prefix: string, number: string): string {
  return `'${prefix}_' || lpad((${number})::text, 26, '0')`;
}

/**
 * The statements that fill an empty, migrated database: the users, connections, accounts and transactions of the
 * sandbox client. Ids count up, and the rows of an account lie apart in the table, as they do when banks are synced in
 * turn.
 */
export function datasetStatements({ users, accountsPerUser, transactions }: DatasetSize): string[] {
  const now = `timestamptz '2026-01-01 12:00:00Z'`;
  const accounts = users * accountsPerUser;
  const client = `(select id from clients where oauth_client_id = 'sandbox')`;
  const owner = (account: string) => `(${account} - 1) / ${accountsPerUser} + 1`;
  const account = `(t - 1) % ${accounts} + 1`;
  const day = `date '2024-01-01' + (t / ${accounts})::int`;
  return [
    `insert into providers (id, slug, name, country, created_at, updated_at)
       values (${idOf('prv', '1')}, 'bench', 'Bench bank', 'FR', ${now}, ${now})`,
    `insert into channel_definitions (id, provider_id, kind, dialect, base_url, account_types)
       values (${idOf('chd', '1')}, ${idOf('prv', '1')}, 'REDIRECT', 'berlin-group', 'http://127.0.0.1:9/', '{CHECKINGS}')`,
    `insert into users (id, client_id, email, password_hash, created_at, updated_at)
       select ${idOf('usr', 'u')}, ${client}, 'user' || u || '@example.com', 'x', ${now}, ${now}
       from generate_series(1, ${users}) u`,
    `insert into connections (id, user_id, client_id, provider_id, status, created_at, updated_at)
       select ${idOf('con', 'u')}, ${idOf('usr', 'u')}, ${client}, ${idOf('prv', '1')}, 'ACTIVE', ${now}, ${now}
       from generate_series(1, ${users}) u`,
    `insert into channels (id, user_id, client_id, connection_id, channel_definition_id, kind, status, created_at, updated_at)
       select ${idOf('chn', 'u')}, ${idOf('usr', 'u')}, ${client}, ${idOf('con', 'u')}, ${idOf('chd', '1')}, 'REDIRECT',
              'ACTIVE', ${now}, ${now}
       from generate_series(1, ${users}) u`,
    `insert into accounts (id, user_id, client_id, connection_id, channel_id, bank_account_id, currency, name, type,
                           status, balance_amount, balance_type, created_at, updated_at)
       select ${idOf('acc', 'a')}, ${idOf('usr', owner('a'))}, ${client}, ${idOf('con', owner('a'))},
              ${idOf('chn', owner('a'))}, 'bank-' || a, 'EUR', 'Account ' || a, 'CHECKINGS', 'ACTIVE', 1234.56,
              'INTERIM_BOOKED', ${now} + a * interval '1 second', ${now}
       from generate_series(1, ${accounts}) a`,
    `insert into transactions (id, user_id, client_id, account_id, status, type, amount, currency, dated_on, booked_on,
                               label, bank_text, category_key, category_source, created_at, updated_at)
       select ${idOf('txn', 't')}, ${idOf('usr', owner(`(${account})`))}, ${client}, ${idOf('acc', account)}, 'BOOKED',
              'POINT_OF_SALE', round((-1 - (t::bigint * 7919 % 20000) / 100.0)::numeric, 2), 'EUR', ${day}, ${day},
              'Merchant ' || t % 500, 'CARTE 01/01 MERCHANT ' || t % 500 || ' CB*1234', leaves.keys[t % leaves.count + 1],
              'MODEL', ${now}, ${now}
       from generate_series(1, ${transactions}) t,
            (select array_agg(key order by key) as keys, count(*) as count from categories where parent_key is not null)
              as leaves`,
  ];
}

/** Fills an empty, migrated database and gathers statistics, so that all sides read the same well-kept tables. */
export async function fillDataset(url: string, size: DatasetSize): Promise<void> {
  const database = openDatabase({ url, maxConnections: 1 });
  try {
    await installSandboxClient({ database, clock: systemClock });
    await database.sql.begin(async (sql) => {
      for (const statement of datasetStatements(size)) await sql.unsafe(statement);
    });
    await database.sql.unsafe('vacuum analyze');
    await database.sql.unsafe('checkpoint');
  } finally {
    await database.close();
  }
}
