import type { Database } from '../../src/store/database.ts';

/** A digest of every table, by its name: two dumps are equal when no row of any differs. */
export async function dump({ sql }: Database): Promise<Record<string, string>> {
  const tables = await sql<{ name: string }[]>`
    select format('%I.%I', table_schema, table_name) as name from information_schema.tables
    where table_type = 'BASE TABLE' and table_schema in ('public', 'graphile_worker') order by 1`;
  const one = tables
    .map(
      ({ name }) =>
        `select '${name}' as name, md5(coalesce(string_agg(t::text, E'\\n' order by t::text), '')) as digest from ${name} t`,
    )
    .join(' union all ');
  const rows = await sql.unsafe<{ name: string; digest: string }[]>(one);
  return Object.fromEntries(rows.map(({ name, digest }) => [name, digest]));
}
