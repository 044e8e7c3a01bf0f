import { connect as openSocket, type Socket } from 'node:net';
import { drizzle, PostgresJsSession } from 'drizzle-orm/postgres-js';
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

/** postgres.js on the connection of a transaction, for COPY. */
export function clientOf(tx: Tx): postgres.TransactionSql {
  const session: unknown = Reflect.get(tx, 'session');
  if (!(session instanceof PostgresJsSession)) throw new Error('The transaction has no session of postgres.js.');
  const client: postgres.TransactionSql = session.client;
  return client;
}

/**
 * Sends small packets at once: COPY ends with one, which Nagle's algorithm would hold back for 40 ms until PostgreSQL
 * acknowledges what came before. What postgres.js writes while the socket still connects waits in it. Of several hosts
 * each connection tries the next.
 */
function withoutDelay(): (target: { host: string[]; port: number[]; path?: string | false }) => Socket {
  let tried = 0;
  return ({ host, port, path }) => {
    const place = tried % host.length;
    tried += 1;
    if (path) return openSocket({ path });
    const address = { host: host[place] ?? 'localhost', port: port[place] ?? 5432 };
    return Object.assign(openSocket({ ...address, noDelay: true }), address);
  };
}

/** Opens a pool; no connection is made before the first statement. */
export function openDatabase(options: DatabaseOptions): Database {
  // A constant of its own, because the option is missing from the types of postgres.js.
  const sockets = { socket: withoutDelay() };
  const sql = postgres(options.url, {
    ...sockets,
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
