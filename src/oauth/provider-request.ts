import type { IncomingMessage } from 'node:http';
import type { Provider } from 'oidc-provider';

/**
 * Prepares a request for oidc-provider: it takes its addresses from these headers, which are the public ones whatever
 * the sender says; and it finds no session, because nobody stays logged in here.
 */
export function withoutSession(provider: Provider, request: IncomingMessage, publicUrl: string): void {
  const { protocol, host } = new URL(publicUrl);
  request.headers['x-forwarded-proto'] = protocol.slice(0, -1);
  request.headers['x-forwarded-host'] = host;
  delete request.headers['forwarded'];
  const name = provider.cookieName('session');
  const kept = (request.headers.cookie ?? '')
    .split(';')
    .map((cookie) => cookie.trim())
    .filter((cookie) => cookie !== '' && !cookie.startsWith(`${name}=`) && !cookie.startsWith(`${name}.`));
  if (kept.length > 0) request.headers.cookie = kept.join('; ');
  else delete request.headers.cookie;
}

/** Takes back the cookie of the session, which oidc-provider hands out to carry a login to the end of one request. */
export function keepNoSession(provider: Provider): void {
  const name = provider.cookieName('session');
  provider.use(async (ctx, next) => {
    await next();
    const cookies = ctx.res.getHeader('set-cookie');
    if (!Array.isArray(cookies)) return;
    const kept = cookies.filter((cookie) => !cookie.startsWith(`${name}=`) && !cookie.startsWith(`${name}.`));
    if (kept.length > 0) ctx.res.setHeader('set-cookie', kept);
    else ctx.res.removeHeader('set-cookie');
  });
}
