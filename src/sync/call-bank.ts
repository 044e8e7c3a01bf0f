import { Failure } from '../domain/failure.ts';
import { systemTimer } from '../kernel/timer.ts';
import { extendLease } from '../store/syncs.ts';
import { extensionMilliseconds, keepLease, leaseEnd, LeaseLost, type Run } from './run.ts';

/**
 * One call of a connector, outside of any transaction. It throws a Failure for whatever goes wrong at the bank; a
 * connector that throws anything else has a bug, which is the operator's to read in the log and must not take the
 * other accounts down. A worker that must stop throws its own reason through. The lease is held for as long as the call
 * takes; when it is lost all the same, the call is aborted.
 */
export async function callBank<Result>(run: Run, call: () => Promise<Result>): Promise<Result> {
  await keepLease(run);
  const letGo = holdLease(run);
  try {
    return await call();
  } catch (error) {
    run.signal.throwIfAborted();
    if (error instanceof Failure) throw error;
    run.context.log.error({ syncId: run.syncId, error }, 'A connector failed in an unforeseen way.');
    throw new Failure('CONNECTOR_BUG', { cause: error });
  } finally {
    await letGo();
  }
}

/** Extends the lease by a timer until it is let go; after that nothing of it is under way. */
function holdLease(run: Run): () => Promise<void> {
  const { database, clock, log, timer = systemTimer } = run.context;
  let extending: Promise<void> | null = null;
  const extend = async (): Promise<void> => {
    try {
      if (await extendLease(run.scope, database.db, run, leaseEnd(clock.now()))) return;
      run.lost.abort(new LeaseLost());
    } catch (error) {
      log.warn({ syncId: run.syncId, error }, 'The lease could not be extended for now.');
    } finally {
      extending = null;
    }
  };
  const stop = timer.every(extensionMilliseconds, () => {
    extending ??= extend();
  });
  return async () => {
    stop();
    await extending;
  };
}
