import type { PsuContext } from '../connectors/connector.ts';
import type { UserScope } from '../domain/viewer.ts';
import type { ConnectionId, SyncId } from '../kernel/id.ts';
import { inUserTransaction, type UserTransaction } from '../store/log.ts';
import { extendLease } from '../store/syncs.ts';
import type { SyncContext } from './context.ts';

/** A sync that this worker holds the lease of. */
export interface Run {
  readonly context: SyncContext;
  readonly scope: UserScope;
  readonly syncId: SyncId;
  readonly connectionId: ConnectionId;
  /** The fencing token: a worker that holds an older attempt can commit nothing any more. */
  readonly attempt: number;
  /** How many attempts before this one ended in order. */
  readonly pauseCount: number;
  /** False when the connection is for balances alone. */
  readonly isWithTransactions: boolean;
  readonly psu: PsuContext | null;
  /** Aborted when the worker must stop: the sync is then handed back between two commits; and when the lease is lost. */
  readonly signal: AbortSignal;
  /** Aborts `signal` when the worker finds, while the bank is asked, that it must stop: the lease is lost, say. */
  readonly lost: AbortController;
}

/**
 * How long a worker may be silent before another one takes over. It is extended before every call of a bank and, since
 * retries and a bank that is busy may take longer, again and again while one is pending.
 */
export const leaseMilliseconds = 120_000;
/** Two extensions may fail before the lease runs out. */
export const extensionMilliseconds = leaseMilliseconds / 3;

/** Another worker has taken this sync over, or its connection is gone: stop, and touch nothing. */
export class LeaseLost extends Error {
  constructor() {
    super('The lease of the sync is lost.');
    this.name = 'LeaseLost';
  }
}

/** When a lease that is taken or extended now runs out. */
export function leaseEnd(now: Date): Date {
  return new Date(now.getTime() + leaseMilliseconds);
}

/** One short transaction of the sync. It commits only while this worker holds the lease, which it extends. */
export async function commit(
  run: Run,
  work: (transaction: UserTransaction, now: Date) => Promise<void>,
): Promise<void> {
  await inUserTransaction(run.context.database, run.scope, async (transaction) => {
    const now = run.context.clock.now();
    if (!(await extendLease(run.scope, transaction.tx, run, leaseEnd(now)))) throw new LeaseLost();
    await work(transaction, now);
  });
}

/** Extends the lease before something that takes time; throws when it is lost or when the worker must stop. */
export async function keepLease(run: Run): Promise<void> {
  run.signal.throwIfAborted();
  const until = leaseEnd(run.context.clock.now());
  if (!(await extendLease(run.scope, run.context.database.db, run, until))) throw new LeaseLost();
}
