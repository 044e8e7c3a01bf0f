import type { ServerResponse } from 'node:http';
import { requestError } from '../graphql/request-error.ts';
import type { Authentication } from './authentication.ts';

interface Permit {
  readonly isAllowed: boolean;
  readonly policy: string;
  readonly limit: number;
  readonly remaining: number;
  readonly resetsInSeconds: number;
}

/** Counts one request of a viewer; null for who is not limited. */
export type TakePermit = (viewer: Authentication['viewer']) => Promise<Permit | null>;

/** Throws RATE_LIMITED when the viewer has no request left in this minute. */
export async function countRequest(
  { viewer }: Authentication,
  takePermit: TakePermit | undefined,
): Promise<Permit | null> {
  const permit = takePermit ? await takePermit(viewer) : null;
  if (permit && !permit.isAllowed) {
    const { policy, limit, resetsInSeconds } = permit;
    const message = `This ${policy} may send ${limit} requests a minute. Try again in ${resetsInSeconds} seconds.`;
    throw requestError('RATE_LIMITED', message, { limit, retryInSeconds: resetsInSeconds });
  }
  return permit;
}

/** The same for a request that has an answer of its own, whose headers tell what is left (draft-ietf-httpapi-ratelimit-headers). */
export async function limitRate(
  response: ServerResponse,
  authentication: Authentication,
  takePermit: TakePermit | undefined,
): Promise<void> {
  await countRequest(authentication, async (viewer) => {
    const permit = takePermit ? await takePermit(viewer) : null;
    if (!permit) return null;
    const { policy, limit, remaining, resetsInSeconds, isAllowed } = permit;
    response.setHeader('ratelimit-policy', `"${policy}";q=${limit};w=60`);
    response.setHeader('ratelimit', `"${policy}";r=${remaining};t=${resetsInSeconds}`);
    if (!isAllowed) response.setHeader('retry-after', String(resetsInSeconds));
    return permit;
  });
}
