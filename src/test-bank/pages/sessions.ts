import { randomBytes } from 'node:crypto';
import type { Clock } from '../../kernel/clock.ts';
import type { Language } from './texts.ts';

/** How far one browser has come with one authorisation. Lives in memory only: a restart begins again at the login. */
export interface Progress {
  readonly csrf: string;
  readonly expiresAt: Date;
  readonly language: Language;
  readonly login: string | null;
  readonly challenge: Challenge | null;
  readonly isAuthenticated: boolean;
}

export interface Challenge {
  readonly code: string;
  readonly expiresAt: Date;
  readonly attemptsLeft: number;
}

export interface Sessions {
  newId(): string;
  /** The progress of a browser, begun when there is none. */
  progress(sessionId: string, authorisationId: string, language: Language): Progress;
  save(sessionId: string, authorisationId: string, change: Partial<Progress>): void;
  end(sessionId: string, authorisationId: string): void;
}

const progressKeptMax = 5000;
const lifetimeMilliseconds = 3_600_000;

export function sessions(clock: Clock): Sessions {
  const kept = new Map<string, Progress>();
  const keyOf = (sessionId: string, authorisationId: string) => `${sessionId}|${authorisationId}`;
  function begin(key: string, language: Language): Progress {
    const progress: Progress = {
      csrf: randomBytes(18).toString('base64url'),
      expiresAt: new Date(clock.now().getTime() + lifetimeMilliseconds),
      language,
      login: null,
      challenge: null,
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
    progress(sessionId, authorisationId, language) {
      const key = keyOf(sessionId, authorisationId);
      const known = kept.get(key);
      return known && clock.now() < known.expiresAt ? known : begin(key, language);
    },
    save(sessionId, authorisationId, change) {
      const key = keyOf(sessionId, authorisationId);
      const known = kept.get(key);
      if (known) kept.set(key, { ...known, ...change });
    },
    end: (sessionId, authorisationId) => kept.delete(keyOf(sessionId, authorisationId)),
  };
}
