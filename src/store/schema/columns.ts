import { sql, type SQL } from 'drizzle-orm';
import { bigint, check, customType, timestamp, type AnyPgColumn } from 'drizzle-orm/pg-core';
import type { Id, IdKind } from '../../kernel/id.ts';

/**
 * A column of ids of one kind. Collation "C" makes ids sort by their bytes, on every server alike, and cheapens the
 * comparison in an index.
 */
export function idColumn<Kind extends IdKind>() {
  return customType<{ data: Id<Kind>; driverData: string }>({ dataType: () => 'text COLLATE "C"' })();
}

/** A text that sorts by its bytes, so that an index finds what it begins with. */
export const byteText = customType<{ data: string; driverData: string }>({ dataType: () => 'text COLLATE "C"' });

/** Bytes, for what the vault has sealed. */
export const bytes = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' });

/** A transaction id of PostgreSQL in 64 bits; it never wraps around. */
export const xid8 = customType<{ data: string; driverData: string }>({ dataType: () => 'xid8' });

/** An instant in milliseconds. A finer precision would be lost in a Date, and a cursor made of it would skip rows. */
export function instant() {
  return timestamp({ precision: 3, withTimezone: true, mode: 'date' });
}

/** A 64-bit number. */
export function int64() {
  return bigint({ mode: 'bigint' });
}

/** A check that a text column holds one of the values of a domain enumeration. */
export function oneOf(name: string, column: AnyPgColumn, values: readonly string[]) {
  const list: SQL[] = values.map((value) => sql.raw(`'${value.replaceAll("'", "''")}'`));
  return check(name, sql`${column} in (${sql.join(list, sql.raw(', '))})`);
}
