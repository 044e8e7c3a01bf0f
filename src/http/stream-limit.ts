import { requestError } from '../graphql/request-error.ts';
import type { Authentication } from './authentication.ts';

/** How many subscriptions one client, for itself, and each of its users may have open in this process. */
export interface SubscriptionsMax {
  readonly client: number;
  readonly user: number;
}

/** Notes that a viewer opens a subscription and gives what notes its end; throws RATE_LIMITED for one too many. */
export type EnterStream = (viewer: Authentication['viewer']) => () => void;

/** Counts the open subscriptions of each viewer, over whichever transport; null limits nobody. */
export function createStreamLimit(subscriptionsMax: SubscriptionsMax | null): EnterStream {
  const open = new Map<string, number>();
  return (viewer) => {
    if (!subscriptionsMax || viewer.kind === 'anonymous') return () => {};
    const subject = viewer.kind === 'user' ? viewer.userId : viewer.clientId;
    const limit = subscriptionsMax[viewer.kind];
    const count = open.get(subject) ?? 0;
    if (count >= limit) {
      const message = `This ${viewer.kind} may have ${limit} subscriptions open at once. End one that is not needed.`;
      throw requestError('RATE_LIMITED', message, { limit });
    }
    open.set(subject, count + 1);
    let isLeft = false;
    return () => {
      if (isLeft) return;
      isLeft = true;
      const left = (open.get(subject) ?? 1) - 1;
      if (left > 0) open.set(subject, left);
      else open.delete(subject);
    };
  };
}
