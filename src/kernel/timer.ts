/** What is done again and again by the machine's time. Nothing sets an interval in place, so that a test drives it. */
export interface Timer {
  /** Calls `work` each time so many milliseconds have passed, until what it gives back is called. */
  every(milliseconds: number, work: () => void): () => void;
}

/** The machine's own; it keeps no process alive. */
export const systemTimer: Timer = {
  every(milliseconds, work) {
    const interval = setInterval(work, milliseconds).unref();
    return () => clearInterval(interval);
  },
};
