import { randomBytes } from 'node:crypto';
import type { Clock } from '../../kernel/clock.ts';
import type { Interstitial } from '../scenario/portal.ts';

/** One browser at the portal. In memory only: after a restart the person signs in again. */
export interface PortalSession {
  readonly id: string;
  readonly csrf: string;
  /** By the clock of the bank; moves on with every page. */
  readonly expiresAt: Date;
  /** The digit at each position of the keypad, new for each try. */
  readonly keypad: string;
  /** Set when the password was right. */
  readonly login: string | null;
  /** The bank that the person named by the address of a scenario; null for the house's. */
  readonly guestId: string | null;
  /** The person has several ways to prove himself, and has not said which one he takes. */
  readonly isChoosing: boolean;
  /** What still has to be passed; null when nothing of the kind. */
  readonly challengeId: string | null;
  /** What a failure login passed in this session. */
  readonly passed: readonly Interstitial[];
}

export interface PortalSessions {
  begin(lifetimeSeconds: number): PortalSession;
  /** The session and whether it had run out. */
  find(id: string | undefined): { session: PortalSession | null; isExpired: boolean };
  /** Changes what is kept of a session; null when it has ended meanwhile, and then nothing is kept. */
  change(id: string, change: Partial<PortalSession>): PortalSession | null;
  end(id: string): void;
  clear(): void;
}

const keptMax = 5000;

export function portalSessions(clock: Clock): PortalSessions {
  const kept = new Map<string, PortalSession>();
  return {
    begin(lifetimeSeconds) {
      const session: PortalSession = {
        id: token(),
        csrf: token(),
        expiresAt: new Date(clock.now().getTime() + lifetimeSeconds * 1000),
        keypad: shuffledDigits(),
        login: null,
        guestId: null,
        isChoosing: false,
        challengeId: null,
        passed: [],
      };
      kept.set(session.id, session);
      for (const oldest of kept.keys()) {
        if (kept.size <= keptMax) break;
        kept.delete(oldest);
      }
      return session;
    },
    find(id) {
      const session = id === undefined ? undefined : kept.get(id);
      if (!session) return { session: null, isExpired: false };
      if (clock.now() < session.expiresAt) return { session, isExpired: false };
      return { session: null, isExpired: session.login !== null };
    },
    change(id, change) {
      const session = kept.get(id);
      if (!session) return null;
      const changed = { ...session, ...change };
      kept.set(id, changed);
      return changed;
    },
    end: (id) => kept.delete(id),
    clear: () => kept.clear(),
  };
}

function token(): string {
  return randomBytes(18).toString('base64url');
}

/** The ten digits in an order that nobody can foresee. */
export function shuffledDigits(): string {
  const weights = randomBytes(40);
  return '0123456789'
    .split('')
    .map((digit, index) => ({ digit, weight: weights.readUInt32LE(index * 4) }))
    .toSorted((left, right) => left.weight - right.weight)
    .map(({ digit }) => digit)
    .join('');
}
