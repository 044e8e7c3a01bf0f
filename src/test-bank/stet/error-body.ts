import { STATUS_CODES } from 'node:http';
import type { Refusal } from '../refusal.ts';

const textMax = 140;

/** ErrorModel: the shape of Spring, for the standard has no list of codes; ours is told in the message. */
export function stetError(refusal: Refusal, path: string, at: Date): Response {
  const headers = new Headers({ 'content-type': 'application/json' });
  if (refusal.retryAfterSeconds !== null) headers.set('retry-after', String(refusal.retryAfterSeconds));
  if (refusal.code.startsWith('TOKEN_')) headers.set('www-authenticate', 'Bearer error="invalid_token"');
  const body = {
    timestamp: at.toISOString(),
    status: refusal.status,
    error: STATUS_CODES[refusal.status] ?? 'Error',
    message: `${refusal.code}: ${refusal.message}`.slice(0, textMax),
    path: path.slice(0, textMax),
  };
  return new Response(JSON.stringify(body), { status: refusal.status, headers });
}
