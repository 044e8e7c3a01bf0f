import { Failure } from '../domain/failure.ts';
import { keepLease, type Run } from './run.ts';

/**
 * One call of a connector, outside of any transaction. It throws a Failure for whatever goes wrong at the bank; a
 * connector that throws anything else has a bug, which is the operator's to read in the log and must not take the
 * other accounts down. A worker that must stop throws its own reason through.
 */
export async function callBank<Result>(run: Run, call: () => Promise<Result>): Promise<Result> {
  await keepLease(run);
  try {
    return await call();
  } catch (error) {
    run.signal.throwIfAborted();
    if (error instanceof Failure) throw error;
    run.context.log.error({ syncId: run.syncId, error }, 'A connector failed in an unforeseen way.');
    throw new Failure('CONNECTOR_BUG', { cause: error });
  }
}
