import type { Clock } from '../kernel/clock.ts';

/** Ends what must not outlive its access token. */
export interface ExpiryWatch {
  /** Calls `onExpired` once the clock has passed the instant; the result takes it off the watch. */
  add(expiresAt: Date, onExpired: () => void): () => void;
  close(): void;
}

interface Watched {
  readonly expiresAtMilliseconds: number;
  readonly onExpired: () => void;
}

/** One look at the clock for all sockets, every `intervalMilliseconds`, in place of a timer for each. */
export function startExpiryWatch(clock: Clock, intervalMilliseconds: number): ExpiryWatch {
  const watched = new Set<Watched>();
  const timer = setInterval(() => {
    const now = clock.now().getTime();
    for (const entry of watched) {
      if (entry.expiresAtMilliseconds > now) continue;
      watched.delete(entry);
      entry.onExpired();
    }
  }, intervalMilliseconds);
  timer.unref();
  return {
    add(expiresAt, onExpired) {
      const entry = { expiresAtMilliseconds: expiresAt.getTime(), onExpired };
      watched.add(entry);
      return () => watched.delete(entry);
    },
    close: () => clearInterval(timer),
  };
}
