import {
  BrokenCircuitError,
  BulkheadRejectedError,
  bulkhead,
  circuitBreaker,
  ConsecutiveBreaker,
  handleWhenResult,
  wrap,
} from 'cockatiel';
import { Failure } from '../domain/failure.ts';
import type { Clock } from '../kernel/clock.ts';

export interface BankGuardOptions {
  readonly clock: Clock;
  /** Calls to one bank at the same time; more wait their turn. */
  readonly callsPerBankMax: number;
  readonly waitingCallsPerBankMax: number;
  /** Signs of a dead bank in a row after which it is left alone. */
  readonly deadAnswersMax: number;
  readonly deadForMilliseconds: number;
}

/** Bounds what is asked of each bank, and asks none that has just shown itself dead. */
export interface BankGuard<Outcome> {
  /**
   * Calls `attempt` in turn. Throws BANK_UNAVAILABLE with `retryAt` while the bank is taken for dead, and without when too
   * many calls wait already.
   */
  call(origin: string, attempt: () => Promise<Outcome>, signal: AbortSignal): Promise<Outcome>;
}

// More banks than any list of providers has; a bank that is forgotten begins anew.
const banksMax = 5000;

/**
 * One guard for all banks, by origin. What it knows is advice of this process alone: another process, or this one after
 * a restart, learns anew from a few calls, and no state of a connection depends on it. Budgets are the ledger's business.
 */
export function createBankGuard<Outcome>(
  options: BankGuardOptions,
  isDead: (outcome: Outcome) => boolean,
): BankGuard<Outcome> {
  function open() {
    let aliveAgainAt: Date | null = null;
    const breaker = circuitBreaker(
      // Typed as unknown by the library; nothing but outcomes of our attempts comes here.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
      handleWhenResult((outcome) => isDead(outcome as Outcome)),
      { halfOpenAfter: options.deadForMilliseconds, breaker: new ConsecutiveBreaker(options.deadAnswersMax) },
    );
    breaker.onBreak(() => {
      aliveAgainAt = new Date(options.clock.now().getTime() + options.deadForMilliseconds);
    });
    const inTurn = bulkhead(options.callsPerBankMax, options.waitingCallsPerBankMax);
    return { policy: wrap(inTurn, breaker), aliveAgainAt: () => aliveAgainAt };
  }
  const banks = new Map<string, ReturnType<typeof open>>();

  function bankAt(origin: string) {
    const known = banks.get(origin) ?? open();
    banks.delete(origin);
    banks.set(origin, known);
    const [oldest] = banks.keys();
    if (banks.size > banksMax && oldest !== undefined) banks.delete(oldest);
    return known;
  }

  return {
    async call(origin, attempt, signal) {
      const bank = bankAt(origin);
      try {
        return await bank.policy.execute(attempt, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof BrokenCircuitError) {
          const retryAt = bank.aliveAgainAt();
          throw new Failure('BANK_UNAVAILABLE', { ...(retryAt ? { retryAt } : {}), cause: error });
        }
        if (error instanceof BulkheadRejectedError)
          throw new Failure('BANK_UNAVAILABLE', { message: 'Too many calls wait for this bank.', cause: error });
        throw error;
      }
    },
  };
}
