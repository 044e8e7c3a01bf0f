import { expect, test } from 'vitest';
import { createGateway } from '../../src/http/gateway.ts';
import { listen } from '../../src/http/listen.ts';
import { openGateway } from '../support/gateway.ts';

async function get(url: string, init: RequestInit = {}) {
  const response = await fetch(url, { redirect: 'manual', ...init });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

test('leads each path to its door', async () => {
  const { url } = await openGateway();
  expect((await get(`${url}/oauth/token?a=1`)).text).toBe('oauth /oauth/token?a=1');
  expect((await get(`${url}/.well-known/oauth-authorization-server`)).text).toContain('oauth /.well-known');
  expect(await get(`${url}/widget/return`, { method: 'POST', body: 'code=1' })).toMatchObject({
    status: 201,
    text: 'widget POST code=1',
  });
  expect(JSON.parse((await get(`${url}/health/live`)).text)).toEqual({ status: 'ok' });
  expect(JSON.parse((await get(`${url}/health/ready`)).text)).toEqual({ status: 'ok', checks: { database: 'ok' } });
  expect((await get(`${url}/metrics`)).text).toContain('tributary_http_request_duration_seconds_bucket');
});

test('names the doors at a path that is none, and sends a browser to GraphiQL', async () => {
  const { url } = await openGateway();
  const { status, text } = await get(`${url}/graphqll`);
  expect(status).toBe(404);
  expect(JSON.parse(text)).toMatchInlineSnapshot(`
    {
      "error": "not_found",
      "message": "There is nothing at this path.",
      "paths": [
        "/graphql",
        "/oauth/",
        "/.well-known/oauth-authorization-server",
        "/widget/",
        "/health/live",
        "/health/ready",
        "/metrics",
      ],
    }
  `);
  const root = await get(url, { headers: { accept: 'text/html' } });
  expect([root.status, root.headers.get('location')]).toEqual([302, '/graphql']);
});

test('refuses a method that a door does not know, and says which it knows', async () => {
  const { url } = await openGateway();
  const answer = await get(`${url}/health/live`, { method: 'DELETE' });
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  const graphql = await get(`${url}/graphql`, { method: 'DELETE' });
  expect([graphql.status, graphql.headers.get('allow')]).toEqual([405, 'GET, POST']);
});

test('is not ready while something is missing, and says what', async () => {
  const { url } = await openGateway({
    readiness: async () => ({ isReady: false, checks: { schema: 'outdated: run tributary migrate' } }),
  });
  const { status, text } = await get(`${url}/health/ready`);
  expect([status, JSON.parse(text)]).toEqual([
    503,
    { status: 'unavailable', checks: { schema: 'outdated: run tributary migrate' } },
  ]);
});

test('every answer carries the security headers; GraphiQL has a policy of its own and loads nothing from elsewhere', async () => {
  const { url } = await openGateway();
  for (const path of ['/graphql?query={__typename}', '/health/live', '/nowhere', '/metrics']) {
    const { headers } = await get(`${url}${path}`);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
  }
  const page = await get(`${url}/graphql`, { headers: { accept: 'text/html' } });
  expect(page.headers.get('content-type')).toContain('text/html');
  expect(page.headers.get('content-security-policy')).toContain("connect-src 'self'");
  expect(page.text).not.toMatch(/<(script|link)[^>]+(src|href)="https?:/);
  expect(page.text).toContain('/oauth/token');
});

test('lets any web page ask with a token of its own, or only the named ones', async () => {
  const preflight = {
    method: 'OPTIONS',
    headers: { origin: 'https://app.example', 'access-control-request-method': 'POST' },
  };
  const open = await openGateway();
  const answer = await get(`${open.url}/graphql`, preflight);
  expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
  expect(answer.headers.get('access-control-allow-headers')).toContain('authorization');
  const closed = await openGateway({ allowedOrigins: ['https://other.example'] });
  expect((await get(`${closed.url}/graphql`, preflight)).headers.get('access-control-allow-origin')).toBeNull();
});

test('says which port is taken and what to do', async () => {
  const { url } = await openGateway();
  const port = Number(new URL(url).port);
  const gateway = {} as ReturnType<typeof createGateway>;
  await expect(listen(gateway, { host: '127.0.0.1', port })).rejects.toThrow(
    new RegExp(`^Port ${port} on 127.0.0.1 is taken .* PORT=0`),
  );
});
