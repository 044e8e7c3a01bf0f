import type { Viewer } from '../domain/viewer.ts';
import { leasePermits } from '../store/rate-windows.ts';
import type { ActionContext } from './context.ts';

const windowMilliseconds = 60_000;
/** A process takes its permits by so many parts of the limit: fewer statements, and little is lost when it dies. */
const leasesPerLimit = 20;
const subjectsMax = 100_000;

/** How a subject stands in the running window. */
export interface RateState {
  readonly isAllowed: boolean;
  readonly policy: 'client' | 'user';
  readonly limit: number;
  /** Requests that are left, as far as this process knows. */
  readonly remaining: number;
  readonly resetsInSeconds: number;
}

export interface RateLimiter {
  /** Counts one request of this viewer; null for nobody, whose requests read nothing. */
  take(viewer: Viewer): Promise<RateState | null>;
}

interface Held {
  readonly windowStart: number;
  permits: number;
  left: number;
  lease?: Promise<void> | undefined;
}

/**
 * So many requests a minute for each client and each user, in windows of the clock, over all gateways together. The
 * counts are PostgreSQL's; a process leases a part of what is left, so that most requests need no statement.
 */
export function createRateLimiter(
  { database, clock }: Pick<ActionContext, 'database' | 'clock'>,
  limits: { readonly client: number; readonly user: number },
): RateLimiter {
  const held = new Map<string, Held>();

  async function lease(subject: string, mine: Held, limit: number): Promise<void> {
    const { granted, left } = await leasePermits(database.db, {
      subject,
      windowStart: new Date(mine.windowStart),
      wanted: Math.max(1, Math.ceil(limit / leasesPerLimit)),
      limit,
    });
    mine.permits += granted;
    mine.left = left;
  }

  return {
    async take(viewer) {
      if (viewer.kind === 'anonymous') return null;
      const subject = viewer.kind === 'user' ? viewer.userId : viewer.clientId;
      const limit = limits[viewer.kind];
      const now = clock.now().getTime();
      const windowStart = now - (now % windowMilliseconds);
      let mine = held.get(subject);
      if (!mine || mine.windowStart !== windowStart) {
        if (held.size >= subjectsMax) held.clear();
        mine = { windowStart, permits: 0, left: limit };
        held.set(subject, mine);
      }
      // Several requests may wait for one lease, and find less in it than they are: the next one leases again.
      while (mine.permits === 0 && mine.left > 0) {
        const leasing = mine;
        leasing.lease ??= lease(subject, leasing, limit).finally(() => (leasing.lease = undefined));
        // oxlint-disable-next-line no-await-in-loop -- a lease may be used up by those who waited before
        await leasing.lease;
      }
      const isAllowed = mine.permits > 0;
      if (isAllowed) mine.permits -= 1;
      return {
        isAllowed,
        policy: viewer.kind,
        limit,
        remaining: mine.permits + mine.left,
        resetsInSeconds: Math.ceil((windowStart + windowMilliseconds - now) / 1000),
      };
    },
  };
}
