import { randomBytes } from 'node:crypto';
import type { Clock } from '../../kernel/clock.ts';

/** How far one browser has come with one authorisation. Lives in memory only: a restart begins again at the login. */
export interface Progress {
  readonly csrf: string;
  readonly expiresAt: Date;
  readonly login: string | null;
  /** What the person's phone was asked; null when nothing is open. */
  readonly challengeId: string | null;
  readonly isAuthenticated: boolean;
}

export interface Sessions {
  newId(): string;
  /** The progress of a browser, begun when there is none. */
  progress(sessionId: string, authorisationId: string): Progress;
  save(sessionId: string, authorisationId: string, change: Partial<Progress>): void;
  end(sessionId: string, authorisationId: string): void;
  clear(): void;
}

const progressKeptMax = 5000;
const lifetimeMilliseconds = 3_600_000;

export function sessions(clock: Clock): Sessions {
  const kept = new Map<string, Progress>();
  const keyOf = (sessionId: string, authorisationId: string) => `${sessionId}|${authorisationId}`;
  function begin(key: string): Progress {
    const progress: Progress = {
      csrf: randomBytes(18).toString('base64url'),
      expiresAt: new Date(clock.now().getTime() + lifetimeMilliseconds),
      login: null,
      challengeId: null,
      isAuthenticated: false,
    };
    kept.set(key, progress);
    for (const oldest of kept.keys()) {
      if (kept.size <= progressKeptMax) break;
      kept.delete(oldest);
    }
    return progress;
  }
  return {
    newId: () => randomBytes(18).toString('base64url'),
    progress(sessionId, authorisationId) {
      const key = keyOf(sessionId, authorisationId);
      const known = kept.get(key);
      return known && clock.now() < known.expiresAt ? known : begin(key);
    },
    save(sessionId, authorisationId, change) {
      const key = keyOf(sessionId, authorisationId);
      const known = kept.get(key);
      if (known) kept.set(key, { ...known, ...change });
    },
    end: (sessionId, authorisationId) => kept.delete(keyOf(sessionId, authorisationId)),
    clear: () => kept.clear(),
  };
}
