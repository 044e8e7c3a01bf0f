/** Where the time comes from. Nothing reads the time in place, so that a test drives expiry, retries and schedules. */
export interface Clock {
  now(): Date;
}

/** The machine's own time. */
export const systemClock: Clock = { now: () => new Date() };

/** A clock that stands still until it is moved. */
export interface ManualClock extends Clock {
  /** Moves the clock to this instant. */
  set(at: Date): void;
  /** Moves the clock on by this many milliseconds. */
  advance(milliseconds: number): void;
}

/** A clock for tests and for the test bank: it shows `start` until somebody moves it. */
export function manualClock(start: Date): ManualClock {
  let current = start.getTime();
  return {
    now: () => new Date(current),
    set(at) {
      current = at.getTime();
    },
    advance(milliseconds) {
      current += milliseconds;
    },
  };
}

export const millisecondsPerSecond = 1000;
export const millisecondsPerDay = 86_400_000;
