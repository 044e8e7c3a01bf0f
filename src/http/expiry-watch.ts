import type { Clock } from '../kernel/clock.ts';

/** What must not outlive an instant, such as the end of its access token. */
export interface Expiring {
  readonly expiresAtMilliseconds: number;
  expire(): void;
}

/** Ends what must not outlive its access token. */
export interface ExpiryWatch {
  /** Calls `expire` once the clock has passed the instant. */
  add(entry: Expiring): void;
  /** Takes it off the watch, if it is on it. */
  delete(entry: Expiring): void;
  close(): void;
}

/**
 * One look at the clock for all sockets, every `intervalMilliseconds`, in place of a timer for each. An entry is the
 * object that ends itself, because there are ten thousand of them.
 */
export function startExpiryWatch(clock: Clock, intervalMilliseconds: number): ExpiryWatch {
  const watched = new Set<Expiring>();
  const timer = setInterval(() => {
    const now = clock.now().getTime();
    for (const entry of watched) {
      if (entry.expiresAtMilliseconds > now) continue;
      watched.delete(entry);
      entry.expire();
    }
  }, intervalMilliseconds);
  timer.unref();
  return {
    add: (entry) => void watched.add(entry),
    delete: (entry) => void watched.delete(entry),
    close: () => clearInterval(timer),
  };
}
