import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { prepareRepeated } from './prepare-repeated.ts';
import type { Wakes } from './log-wake.ts';
import { relations } from './schema/relations.ts';

interface DatabaseOptions {
  readonly url: string;
  readonly maxConnections?: number;
  /** Sees the text of every statement, so that a test can pin how many there are. */
  readonly onStatement?: (text: string) => void;
  /** How processes tell each other of new events; PostgreSQL's NOTIFY when absent. */
  readonly wakes?: Wakes;
}

function connect(client: postgres.Sql, onStatement: DatabaseOptions['onStatement']) {
  return drizzle({
    client: prepareRepeated(client),
    relations,
    ...(onStatement ? { logger: { logQuery: onStatement } } : {}),
  });
}

/** The query builder, outside of a transaction. */
export type Db = ReturnType<typeof connect>;
/** The query builder, inside of a transaction. */
export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0];

/** One pool of connections to PostgreSQL. */
export interface Database {
  readonly db: Db;
  /** postgres.js itself, for COPY, LISTEN and statements that the builder cannot say. */
  readonly sql: postgres.Sql;
  readonly wakes?: Wakes;
  close(): Promise<void>;
}

/** Opens a pool; no connection is made before the first statement. */
export function openDatabase(options: DatabaseOptions): Database {
  const sql = postgres(options.url, {
    max: options.maxConnections ?? 10,
    onnotice: () => {},
    connection: { application_name: 'tributary', TimeZone: 'UTC' },
  });
  return {
    sql,
    ...(options.wakes ? { wakes: options.wakes } : {}),
    db: connect(sql, options.onStatement),
    close: () => sql.end({ timeout: 5 }),
  };
}
