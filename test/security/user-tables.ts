import { getTableColumns, getTableName, is } from 'drizzle-orm';
import { PgTable } from 'drizzle-orm/pg-core';
import * as tables from '../../src/store/schema/tables.ts';

/** The tables of user data: all that carry a user, and the users themselves. Found in the schema, so none is forgotten. */
export const userTables: ReadonlySet<string> = new Set(
  Object.values(tables)
    .filter((table) => is(table, PgTable))
    .filter((table) => 'userId' in getTableColumns(table) || table === tables.users)
    .map((table) => getTableName(table)),
);
