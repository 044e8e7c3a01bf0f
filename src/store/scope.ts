import { and, eq, type SQL } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import type { Scope } from '../domain/viewer.ts';
import type { Db } from './database.ts';

/** What a query needs of the database: the pool, or the caller's transaction. */
export type Executor = Pick<Db, 'select' | 'selectDistinct' | 'insert' | 'update' | 'delete' | 'execute'>;

/** A table of user data. */
interface OfUser {
  readonly clientId: AnyPgColumn;
  readonly userId: AnyPgColumn;
}

/** The condition that keeps a statement inside a scope: every statement over user data has it. */
export function inScope(table: OfUser, scope: Scope): SQL | undefined {
  return and(eq(table.clientId, scope.clientId), scope.userId ? eq(table.userId, scope.userId) : undefined);
}
