import DataLoader from 'dataloader';
import { isUserScope, type Scope } from '../domain/viewer.ts';
import type { Database } from '../store/database.ts';
import { readUserLogs, type UserLogRead } from '../store/log-of-users.ts';
import { readLog, type LogPage } from '../store/log-reader.ts';

const pageSize = 500;
const readsPerStatement = 250;

/** Reads the next page of a stream for its tail. */
export type ReadTail = (scope: Scope, after: string) => Promise<LogPage>;

/**
 * The reads of all tails of this process: those of users that come in the same turn are one statement, because when a
 * nightly sync moves thousands of streams, a statement for each would be the bottleneck.
 */
export function createTailReads(database: Database): ReadTail {
  const ofUsers = new DataLoader<UserLogRead, LogPage>((reads) => readUserLogs(database, reads, pageSize), {
    cache: false,
    maxBatchSize: readsPerStatement,
    batchScheduleFn: (run) => void setImmediate(run),
  });
  return (scope, after) =>
    isUserScope(scope) ? ofUsers.load({ scope, after }) : readLog(database, scope, { after, limit: pageSize });
}
