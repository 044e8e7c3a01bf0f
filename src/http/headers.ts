import type { IncomingMessage, ServerResponse } from 'node:http';

// An API answers with data only: nothing of it may be run, framed, guessed at or kept.
const securityHeaders = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

/** Sets the headers that every answer of ours carries; a page of its own replaces what it needs otherwise. */
export function setSecurityHeaders(response: ServerResponse, isHttps: boolean): void {
  for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
  if (isHttps) response.setHeader('strict-transport-security', 'max-age=31536000');
}

/** Which web pages may call `/graphql` from a browser: `*` for any, else these origins. */
export type AllowedOrigins = '*' | readonly string[];

/**
 * Sets the CORS headers (Fetch standard). Any origin is a safe default: the gateway knows no cookies, so a page can do
 * nothing without a token of its own.
 */
export function setCorsHeaders(request: IncomingMessage, response: ServerResponse, allowed: AllowedOrigins): void {
  const origin = request.headers.origin;
  if (allowed === '*') response.setHeader('access-control-allow-origin', '*');
  else {
    response.setHeader('vary', 'origin');
    if (origin && allowed.includes(origin)) response.setHeader('access-control-allow-origin', origin);
  }
  if (request.method !== 'OPTIONS') return;
  response.setHeader('access-control-allow-methods', 'GET, POST, OPTIONS');
  response.setHeader(
    'access-control-allow-headers',
    'authorization, content-type, accept, accept-language, graphql-cost, psu-ip-address, psu-user-agent',
  );
  response.setHeader('access-control-max-age', '86400');
}

/**
 * Whether a WebSocket may be opened by a page of this origin. CORS does not hold WebSockets, so the door does; who sends
 * no Origin is no browser, and our own pages may always.
 */
export function isOriginAllowed(request: IncomingMessage, allowed: AllowedOrigins, publicUrl: string): boolean {
  const { origin } = request.headers;
  if (origin === undefined || allowed === '*' || allowed.includes(origin)) return true;
  return origin === URL.parse(publicUrl)?.origin;
}
