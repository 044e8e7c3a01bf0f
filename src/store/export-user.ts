import { getTableColumns, getTableName, is } from 'drizzle-orm';
import { PgTable, type PgColumn } from 'drizzle-orm/pg-core';
import type { UserScope } from '../domain/viewer.ts';
import type { Database } from './database.ts';
import * as tables from './schema/tables.ts';

const rowsPerRead = 500;

/** What is kept of a secret only to check it is no data of the person's, and would help who steals an archive. */
const checksOnly = new Set(['password_hash', 'state_hash', 'request_hash']);

/** Every table that holds rows of users: found in the schema, so that none is forgotten. */
export const exportedTables: readonly string[] = Object.values(tables)
  .filter((table) => is(table, PgTable))
  .filter((table) => table === tables.users || 'userId' in getTableColumns(table))
  .map((table) => getTableName(table))
  .concat(getTableName(tables.auditEntries), getTableName(tables.idempotencyKeys));

/**
 * Every row that is kept about a user, table by table, each as one line of JSON with the columns' own names; amounts are
 * texts. All of it is as it was at one instant. Sealed bytes and hashes of secrets are left out. Few rows are in memory
 * at a time, whatever the user has.
 */
export async function readUserRows(
  database: Database,
  scope: UserScope,
  take: (table: string, row: string) => Promise<void>,
): Promise<void> {
  await database.sql.begin('isolation level repeatable read read only', async (transaction) => {
    for (const table of Object.values(tables)) {
      if (!is(table, PgTable) || !exportedTables.includes(getTableName(table))) continue;
      const name = getTableName(table);
      const { sql: text, params } = statementOf(table, scope);
      // oxlint-disable-next-line no-await-in-loop -- one table after another, in one snapshot
      const cursor = transaction.unsafe<{ row: string }[]>(text, params).cursor(rowsPerRead);
      for await (const rows of cursor) for (const { row } of rows) await take(name, row);
    }
  });
}

function statementOf(table: PgTable, { clientId, userId }: UserScope): { sql: string; params: string[] } {
  const columns: Record<string, PgColumn> = getTableColumns(table);
  const own = [`client_id = $1`, `${ownerOf(table)} = $2`].join(' and ');
  const shown = Object.values(columns).filter(
    (column) => column.getSQLType() !== 'bytea' && !checksOnly.has(column.name),
  );
  const pairs = shown.map((column) => {
    const isExact = column.getSQLType().startsWith('numeric') || column.getSQLType() === 'bigint';
    return `'${column.name}', "${column.name}"${isExact ? '::text' : ''}`;
  });
  return {
    sql: `select json_build_object(${pairs.join(', ')})::text as row from "${getTableName(table)}" where ${own}`,
    params: [clientId, userId],
  };
}

/** How a table names the user whom a row is of. */
function ownerOf(table: PgTable): string {
  if (table === tables.users) return 'id';
  if (table === tables.idempotencyKeys) return 'subject';
  return table === tables.auditEntries ? `subject ->> 'userId'` : 'user_id';
}
