import { isUserScope, type Scope } from '../domain/viewer.ts';
import type { Database } from '../store/database.ts';
import { readAddedLogs } from '../store/log-added.ts';
import { readUserLogs, type UserLogRead } from '../store/log-of-users.ts';
import { readLog, type LogPage } from '../store/log-reader.ts';
import type { Looks } from './tail.ts';

const pageSize = 500;
/** Below it each stream is looked up by itself, above it all that the log has got lately is read in one go. */
const addedReadsMin = 100;
const readsPerStatement = 250;
const readsPerBatch = 5000;
/** While so many are under way, what comes waits and is read together. */
const batchesAtOnce = 2;

/** Reads the next page of a stream for its tail, which has all that was visible in the snapshot `seen`. */
export type ReadTail = (scope: Scope, after: string, seen: string) => Promise<LogPage>;

interface Waiting extends UserLogRead {
  readonly seen: string;
  readonly page: PromiseWithResolvers<LogPage>;
}

/**
 * The reads of all tails of this process: those of users that come in the same turn, or while others are under way, are
 * one statement, because when a nightly sync moves thousands of streams, a statement for each would be the bottleneck.
 */
export function createTailReads(database: Database, looks: Looks): ReadTail {
  let waiting: Waiting[] = [];
  let batches = 0;
  let isScheduled = false;

  function schedule(): void {
    if (isScheduled || batches >= batchesAtOnce || waiting.length === 0) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      const batch = waiting.slice(0, readsPerBatch);
      waiting = waiting.slice(readsPerBatch);
      batches += 1;
      void readBatch(batch).finally(() => {
        batches -= 1;
        schedule();
      });
      schedule();
    });
  }

  async function readBatch(batch: readonly Waiting[]): Promise<void> {
    const bySnapshot = Map.groupBy(batch, ({ seen }) => (isRecent(seen) ? seen : null));
    const reads = [...bySnapshot].map(([seen, some]) => settled(some, readMany(some, seen)));
    await Promise.all(reads);
  }

  function isRecent(seen: string): boolean {
    return seen === looks.latest || seen === looks.earlier;
  }

  async function readMany(reads: readonly UserLogRead[], seen: string | null): Promise<readonly LogPage[]> {
    const added =
      seen !== null && reads.length >= addedReadsMin ? await readAddedLogs(database, reads, seen, pageSize) : null;
    if (added) return added;
    const parts: Promise<LogPage[]>[] = [];
    for (let first = 0; first < reads.length; first += readsPerStatement) {
      parts.push(readUserLogs(database, reads.slice(first, first + readsPerStatement), pageSize));
    }
    return (await Promise.all(parts)).flat();
  }

  return (scope, after, seen) => {
    if (!isUserScope(scope)) return readLog(database, scope, { after, limit: pageSize });
    const page = Promise.withResolvers<LogPage>();
    waiting.push({ scope, after, seen, page });
    schedule();
    return page.promise;
  };
}

async function settled(reads: readonly Waiting[], read: Promise<readonly LogPage[]>): Promise<void> {
  try {
    const pages = await read;
    for (const [index, { page }] of reads.entries()) {
      const found = pages[index];
      if (found) page.resolve(found);
      else page.reject(new Error('A read of the log has no page.'));
    }
  } catch (error) {
    for (const { page } of reads) page.reject(error);
  }
}
