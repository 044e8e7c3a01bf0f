import { beforeAll, afterAll, describe, expect, it } from 'vitest';
import { houseContext } from '../support/house-context.ts';
import { serveOauth, testClient, tokenFor, type TestAuthorizationServer, type TestClient } from '../support/oauth.ts';

const logged: unknown[] = [];
const note = (fields: object, message: string) => void logged.push(fields, message);
const context = await houseContext({ log: { debug: note, info: note, warn: note, error: note } });
let served: TestAuthorizationServer;
let client: TestClient;
beforeAll(async () => {
  served = await serveOauth(context);
  client = await testClient(context);
});
afterAll(() => served[Symbol.asyncDispose]());

function basic(): string {
  return `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}`;
}

async function call(path: string, init: RequestInit) {
  const answer = await fetch(served.publicUrl + path, init);
  return { status: answer.status, type: answer.headers.get('content-type'), body: await answer.json(), answer };
}

function post(form: Record<string, string> | string, headers: Record<string, string> = {}) {
  const type = 'application/x-www-form-urlencoded';
  const body = typeof form === 'string' ? form : new URLSearchParams(form).toString();
  return call('/oauth/token', {
    method: 'POST',
    headers: { 'Content-Type': type, Authorization: basic(), Accept: 'text/html', ...headers },
    body,
  });
}

describe('the token endpoint refuses, in JSON even where a browser asks for HTML,', () => {
  it.each(['implicit', 'urn:ietf:params:oauth:grant-type:device_code', 'x'])('the grant %s', async (grantType) => {
    expect(await post({ grant_type: grantType })).toMatchObject({
      status: 400,
      type: expect.stringContaining('application/json'),
      body: { error: 'unsupported_grant_type' },
    });
  });

  it('no grant, a parameter given twice, another resource', async () => {
    expect((await post({})).body).toMatchObject({ error: 'invalid_request' });
    expect((await post('grant_type=client_credentials&grant_type=password')).body).toMatchObject({
      error: 'invalid_request',
    });
    expect((await post('grant_type=client_credentials&scope=users_read&scope=x')).body).toMatchObject({
      error: 'invalid_request',
    });
    expect((await post({ grant_type: 'client_credentials', resource: 'https://other.example/' })).body).toMatchObject({
      error: 'invalid_target',
    });
  });

  it('a body that is no form', async () => {
    const type = { 'Content-Type': 'application/json' };
    expect(await post('{"grant_type":"client_credentials"}', type)).toMatchObject({
      status: 400,
      body: { error: 'invalid_request', error_description: expect.stringContaining('x-www-form-urlencoded') },
    });
    expect(await post('%%%=%zz&&&=')).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  });

  it.each(['Basic !!!', 'Basic', 'Bearer abc', `Basic ${Buffer.from('nocolon').toString('base64')}`])(
    'the authorization header %s',
    async (Authorization) => {
      const answer = await post({ grant_type: 'client_credentials' }, { Authorization });
      expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    },
  );

  it('two ways to authenticate at once', async () => {
    const form = { grant_type: 'client_credentials', client_id: client.id, client_secret: client.secret };
    expect(await post(form)).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  });

  it.each(['a\0b', 'é', 'x'.repeat(101)])('the client id %j as an unknown one', async (id) => {
    const Authorization = `Basic ${Buffer.from(`${encodeURIComponent(id)}:secret`).toString('base64')}`;
    const { status, body } = await post({ grant_type: 'client_credentials' }, { Authorization });
    expect([400, 401]).toContain(status);
    expect(['invalid_client', 'invalid_request']).toContain(body.error);
  });

  it('a form that is too long, or of a length that is not told, and stays usable', async () => {
    const form = `grant_type=client_credentials&scope=${'x'.repeat(20_000)}`;
    expect(await post(form)).toMatchObject({ status: 413, body: { error: 'invalid_request' } });
    const streamed = await call('/oauth/token', {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', Authorization: basic() },
      body: new Blob([`scope=${'x'.repeat(200_000)}`]).stream(),
      duplex: 'half',
    } as RequestInit);
    expect(streamed).toMatchObject({ status: 411, body: { error: 'invalid_request' } });
    expect(await post({ grant_type: 'client_credentials' })).toMatchObject({ status: 200 });
  });

  it.each(['GET', 'PUT', 'DELETE', 'OPTIONS'])('the method %s, naming the right one', async (method) => {
    const { status, body, answer } = await call('/oauth/token', { method });
    expect({ status, body, allow: answer.headers.get('allow') }).toEqual({
      status: 405,
      body: { error: 'invalid_request', error_description: 'Use POST here.' },
      allow: 'POST',
    });
  });
});

it.each([
  '/auth',
  '/me',
  '/reg',
  '/request',
  '/session/end',
  '/session/end/confirm',
  '/device',
  '/interaction/x',
  '/jwks',
  '/.well-known/openid-configuration',
  '/OAUTH/TOKEN',
  '/oauth/token/',
])('has nothing at %s', async (path) => {
  for (const method of ['GET', 'POST']) {
    expect(await call(path, { method })).toMatchObject({ status: 404, body: { error: 'not_found' } });
  }
});

it('writes no secret and no parameter to the log', async () => {
  logged.length = 0;
  await post({ grant_type: 'password', username: 'a@b.example', password: 'planted-secret-1' });
  await context.database.sql`alter table users rename to users_away`;
  const broken = await post({ grant_type: 'password', username: 'a@b.example', password: 'planted-secret-1' });
  await context.database.sql`alter table users_away rename to users`;
  expect(broken).toMatchObject({ status: 500, body: { error: 'server_error' } });
  const token = await tokenFor(served, { client });
  await context.database.sql`alter table oauth_keys rename to oauth_keys_away`;
  const form = new URLSearchParams({ token });
  const headers = { Authorization: basic() };
  const brokenToo = await call('/oauth/introspection', { method: 'POST', headers, body: form });
  const brokenKeys = await call('/oauth/jwks', {});
  await context.database.sql`alter table oauth_keys_away rename to oauth_keys`;
  expect(brokenToo).toMatchObject({ status: 500, body: { error: 'server_error' } });
  expect(brokenKeys).toMatchObject({ status: 500, body: { error: 'server_error' } });
  const text = JSON.stringify(logged);
  expect(text).toContain('does not exist');
  expect(text).not.toContain('planted-secret-1');
  expect(text).not.toContain('a@b.example');
  expect(text).not.toContain(client.secret);
  expect(text).not.toContain(token);
});
