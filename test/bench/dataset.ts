import type postgres from 'postgres';

/** What the read benchmarks run on: 1k users with 3 accounts each, and 1M transactions spread over them. */
export const size = { users: 1000, accountsPerUser: 3, transactions: 1_000_000 };

/** A time-ordered id like the product's own, made by PostgreSQL: the prefix and 26 characters that sort by number. */
function id(prefix: string, number: string): string {
  return `'${prefix}_' || lpad((${number})::text, 26, '0')`;
}

/**
 * Fills an empty, migrated database with one client's users, connections, accounts and transactions by set-based
 * statements, then gathers statistics, so that both sides of a comparison read the same well-kept tables.
 */
export async function fillDataset(sql: postgres.Sql): Promise<void> {
  const now = `timestamptz '2026-01-01 12:00:00Z'`;
  const accounts = size.users * size.accountsPerUser;
  await sql.unsafe(`
    insert into clients (id, oauth_client_id, name, permissions, is_client_mode_allowed, created_at)
      values (${id('cli', '1')}, 'bench', 'Bench', '{}', true, ${now});
    insert into providers (id, slug, name, country, created_at, updated_at)
      values (${id('prv', '1')}, 'bench', 'Bench bank', 'FR', ${now}, ${now});
    insert into channel_definitions (id, provider_id, kind, dialect, base_url, account_types)
      values (${id('chd', '1')}, ${id('prv', '1')}, 'REDIRECT', 'berlin-group', 'http://127.0.0.1:9/', '{CHECKINGS}');
    insert into users (id, client_id, email, password_hash, created_at, updated_at)
      select ${id('usr', 'u')}, ${id('cli', '1')}, 'user' || u || '@example.com', 'x', ${now}, ${now}
      from generate_series(1, ${size.users}) u;
    insert into connections (id, user_id, client_id, provider_id, status, created_at, updated_at)
      select ${id('con', 'u')}, ${id('usr', 'u')}, ${id('cli', '1')}, ${id('prv', '1')}, 'ACTIVE', ${now}, ${now}
      from generate_series(1, ${size.users}) u;
    insert into channels (id, user_id, client_id, connection_id, channel_definition_id, kind, status, created_at, updated_at)
      select ${id('chn', 'u')}, ${id('usr', 'u')}, ${id('cli', '1')}, ${id('con', 'u')}, ${id('chd', '1')}, 'REDIRECT',
             'ACTIVE', ${now}, ${now}
      from generate_series(1, ${size.users}) u;
    insert into accounts (id, user_id, client_id, connection_id, channel_id, bank_account_id, iban, currency, name, type,
                          status, balance_amount, balance_type, created_at, updated_at)
      select ${id('acc', 'a')}, ${id('usr', `(a - 1) / ${size.accountsPerUser} + 1`)}, ${id('cli', '1')},
             ${id('con', `(a - 1) / ${size.accountsPerUser} + 1`)}, ${id('chn', `(a - 1) / ${size.accountsPerUser} + 1`)},
             'bank-' || a, null, 'EUR', 'Account ' || a, 'CHECKINGS', 'ACTIVE', 1234.56, 'INTERIM_BOOKED',
             ${now} + a * interval '1 second', ${now}
      from generate_series(1, ${accounts}) a;
    insert into transactions (id, user_id, client_id, account_id, status, type, amount, currency, dated_on, booked_on,
                              label, bank_text, category_key, created_at, updated_at)
      select ${id('txn', 't')}, ${id('usr', `((t - 1) % ${accounts}) / ${size.accountsPerUser} + 1`)}, ${id('cli', '1')},
             ${id('acc', `(t - 1) % ${accounts} + 1`)}, 'BOOKED', 'POINT_OF_SALE',
             round((-1 - (t * 7919 % 20000) / 100.0)::numeric, 2), 'EUR',
             date '2024-01-01' + (t / ${accounts})::int, date '2024-01-01' + (t / ${accounts})::int,
             'Merchant ' || t % 500, 'CARTE 01/01 MERCHANT ' || t % 500 || ' CB*1234',
             (array(select key from categories where parent_key is not null order by key))[t % 100 + 1], ${now}, ${now}
      from generate_series(1, ${size.transactions}) t;
  `);
  await sql.unsafe('vacuum analyze');
}

/** The ids that the benchmarks ask for, spread over the data so that no single row stays hot. */
export function idOf(prefix: string, number: number): string {
  return `${prefix}_${String(number).padStart(26, '0')}`;
}
