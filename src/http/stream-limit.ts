import { requestError } from '../graphql/request-error.ts';
import type { Authentication } from './authentication.ts';

/** How many subscriptions one client, for itself, and each of its users may have open in this process. */
export interface SubscriptionsMax {
  readonly client: number;
  readonly user: number;
}

/** Counts the subscriptions that are open. */
export interface StreamLimit {
  /** Notes that a viewer opens a subscription; throws RATE_LIMITED for one too many. */
  enter(viewer: Authentication['viewer']): void;
  /** Notes that it has ended: once for each that was opened. */
  leave(viewer: Authentication['viewer']): void;
}

/** Counts the open subscriptions of each viewer, over whichever transport; null limits nobody. */
export function createStreamLimit(subscriptionsMax: SubscriptionsMax | null): StreamLimit {
  const open = new Map<string, number>();
  return {
    enter(viewer) {
      if (!subscriptionsMax || viewer.kind === 'anonymous') return;
      const limit = subscriptionsMax[viewer.kind];
      const subject = subjectOf(viewer);
      const count = open.get(subject) ?? 0;
      if (count >= limit) {
        const message = `This ${viewer.kind} may have ${limit} subscriptions open at once. End one that is not needed.`;
        throw requestError('RATE_LIMITED', message, { limit });
      }
      open.set(subject, count + 1);
    },
    leave(viewer) {
      if (!subscriptionsMax || viewer.kind === 'anonymous') return;
      const subject = subjectOf(viewer);
      const left = (open.get(subject) ?? 1) - 1;
      if (left > 0) open.set(subject, left);
      else open.delete(subject);
    },
  };
}

function subjectOf(viewer: Exclude<Authentication['viewer'], { kind: 'anonymous' }>): string {
  return viewer.kind === 'user' ? viewer.userId : viewer.clientId;
}
