import type { ServerResponse } from 'node:http';

/**
 * The operations of a door that wait for something to happen: each has a signal that aborts when nobody waits for its
 * answer any more, because the caller has gone or the door is being closed. Made when asked for, because few ask.
 */
export interface Waits {
  /** Gives the signal of an operation that this response answers, the same one each time. */
  ofResponse(response: ServerResponse): () => AbortSignal;
  /** Ends all waits, and each that comes. */
  end(): void;
}

export function createWaits(): Waits {
  const waiting = new Set<AbortController>();
  let isEnded = false;
  return {
    ofResponse(response) {
      let controller: AbortController | undefined;
      return () => {
        if (controller) return controller.signal;
        const wait = new AbortController();
        controller = wait;
        if (isEnded || response.closed) wait.abort();
        waiting.add(wait);
        response.once('close', () => {
          waiting.delete(wait);
          wait.abort();
        });
        return wait.signal;
      };
    },
    end() {
      isEnded = true;
      for (const wait of waiting) wait.abort();
    },
  };
}

/** The signal of what nobody in particular waits for. */
export const neverGone = (): AbortSignal => never;
const never = new AbortController().signal;
