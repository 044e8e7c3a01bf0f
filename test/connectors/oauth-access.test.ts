import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { beginOAuth, finishOAuth } from '../../src/connectors/oauth-access.ts';
import { oauthQuirks } from '../../src/connectors/oauth-access-settings.ts';
import { codeOf, granted, identity, json, startAuthorizationServer } from './oauth-access-bank.ts';

let server: Awaited<ReturnType<typeof startAuthorizationServer>>;
let origin = '';
beforeAll(async () => {
  server = await startAuthorizationServer();
  origin = server.origin;
});
afterAll(() => server.close());

const asked = { scope: 'aisp', returnUrl: 'https://us.example/return', state: 's-1' };

describe('the way to the bank', () => {
  test('carries a challenge, our state and our address, beside what the bank has there', async () => {
    const { redirectUrl, pending } = await beginOAuth(server.behave({}).access, asked);
    const url = new URL(redirectUrl);
    expect(`${url.origin}${url.pathname}`).toBe('https://login.bank.example/authorize');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      brand: '1',
      response_type: 'code',
      client_id: 'PSDFR-ACPR-1',
      redirect_uri: asked.returnUrl,
      scope: 'aisp',
      state: 's-1',
      code_challenge: createHash('sha256').update(pending.codeVerifier).digest('base64url'),
      code_challenge_method: 'S256',
    });
    expect((await beginOAuth(server.behave({}).access, asked)).pending.codeVerifier).not.toBe(pending.codeVerifier);
  });

  test('is found by quirks alone, without a call', async () => {
    const settings = { authorizationEndpoint: 'https://b.example/a', tokenEndpoint: `${origin}/token` };
    const { access } = server.behave({ settings });
    const { redirectUrl, pending } = await beginOAuth(access, asked);
    expect(redirectUrl.startsWith('https://b.example/a?response_type=code')).toBe(true);
    expect(await finishOAuth(access, pending, { code: 'c', state: 's-1', iss: 'https://unknown.example' })).toEqual({
      accessToken: 'a-1',
      expiresAt: '2026-03-10T09:15:00.000Z',
      refreshToken: 'r-1',
    });
  });

  test('is found at the address of its metadata, which speaks for its own origin only', async () => {
    expect(() => oauthQuirks.parse({ metadataUrl: 'nowhere' })).toThrow('Invalid');
    const own = { metadataUrl: `${origin}/elsewhere/.well-known/as` };
    expect((await beginOAuth(server.behave({ settings: own }).access, asked)).pending.issuer).toBe(`${origin}/as`);
    const other = server.behave({ settings: own, metadata: { issuer: 'https://other.example' } });
    expect(await codeOf(beginOAuth(other.access, asked))).toBe('BANK_ERROR');
  });

  test.each([
    ['no token endpoint', { token_endpoint: undefined }],
    ['a token endpoint of another origin', { token_endpoint: 'https://evil.example/token' }],
    ['a token endpoint in the clear', { token_endpoint: 'http://bank.example/token' }],
    ['a page in the clear', { authorization_endpoint: 'http://bank.example/login' }],
    ['a page that is none', { authorization_endpoint: 'javascript:alert(1)' }],
    ['another issuer', { issuer: 'https://other.example' }],
    ['no issuer', { issuer: 5 }],
  ])('is refused with %s', async (_name, wrong) => {
    expect(await codeOf(beginOAuth(server.behave({ metadata: wrong }).access, asked))).toBe('BANK_ERROR');
  });

  test('is a matter of configuration where nothing tells it, or where it would be in the clear', async () => {
    expect(await codeOf(beginOAuth(server.behave({ settings: {} }).access, asked))).toBe('CONNECTOR_CONFIG_INVALID');
    const clear = server.behave({ settings: { issuer: 'http://bank.example/as' } });
    expect(await codeOf(beginOAuth(clear.access, asked))).toBe('CONNECTOR_CONFIG_INVALID');
  });
});

describe('the return of the browser', () => {
  const good = () => ({ code: 'c-1', state: 's-1', iss: `${origin}/as` });

  test('is exchanged with the verifier and our secret, in the header unless the server wants it in the body', async () => {
    const { access } = server.behave({});
    const { pending } = await beginOAuth(access, asked);
    expect(await finishOAuth(access, pending, good())).toMatchObject({ accessToken: 'a-1', refreshToken: 'r-1' });
    expect(server.seen).toEqual([
      {
        path: '/token',
        authorization: `Basic ${Buffer.from('PSDFR%2DACPR%2D1:s%2Bcret').toString('base64')}`,
        form: {
          grant_type: 'authorization_code',
          code: 'c-1',
          redirect_uri: asked.returnUrl,
          code_verifier: pending.codeVerifier,
        },
      },
    ]);
    const post = server.behave({ metadata: { token_endpoint_auth_methods_supported: ['client_secret_post'] } });
    await finishOAuth(post.access, pending, good());
    expect(server.seen[0]).toMatchObject({ authorization: undefined, form: { client_secret: 's+cret' } });
  });

  test('is exchanged by certificate alone where the identity has one, at the address for that', async () => {
    const { access } = server.behave({
      metadata: {
        token_endpoint_auth_methods_supported: ['client_secret_basic', 'tls_client_auth'],
        mtls_endpoint_aliases: { token_endpoint: `${origin}/mtls/token` },
      },
      identity: { ...identity, tls: { certificate: 'PEM', privateKey: 'PEM' } },
    });
    const { pending } = await beginOAuth(access, asked);
    await finishOAuth(access, pending, good());
    expect(server.seen).toMatchObject([
      { path: '/mtls/token', authorization: undefined, form: { client_id: 'PSDFR-ACPR-1' } },
    ]);
    expect(server.seen[0]?.form).not.toHaveProperty('client_secret');
  });

  test.each([
    ['of another state', { state: 's-2' }],
    ['without a state', { state: '' }],
    ['of another server', { iss: 'https://evil.example' }],
    ['of nobody, where the server says who it is', { iss: '' }],
    ['without a code', { code: '' }],
    ['as a signed response that was not asked for', { response: 'a.b.c' }],
    ['with tokens that were not asked for', { id_token: 'a.b.c' }],
    ['with an error of another server', { error: 'access_denied', iss: 'https://evil.example' }],
  ])('%s decides nothing, and no code goes to the bank', async (_name, wrong) => {
    const { access } = server.behave({});
    const { pending } = await beginOAuth(access, asked);
    const parameters = Object.fromEntries(Object.entries({ ...good(), ...wrong }).filter(([, value]) => value !== ''));
    expect(await codeOf(finishOAuth(access, pending, parameters))).toBe('SCA_FAILED');
    expect(server.seen).toEqual([]);
  });

  test('of a server that has changed since decides nothing', async () => {
    const { access } = server.behave({});
    const { pending } = await beginOAuth(access, asked);
    expect(await codeOf(finishOAuth(access, { ...pending, issuer: 'https://was.example' }, good()))).toBe('SCA_FAILED');
    expect(server.seen).toEqual([]);
  });

  test.each([
    ['access_denied', null],
    ['login_required', null],
    ['temporarily_unavailable', 'BANK_UNAVAILABLE'],
    ['server_error', 'BANK_ERROR'],
    ['unauthorized_client', 'CONNECTOR_CONFIG_INVALID'],
    ['invalid_scope', 'CONNECTOR_CONFIG_INVALID'],
    ['<script>', 'BANK_ERROR'],
  ])('with the error %s is %s', async (error, code) => {
    const { access } = server.behave({});
    const { pending } = await beginOAuth(access, asked);
    const finishing = finishOAuth(access, pending, { error, state: 's-1', iss: `${origin}/as` });
    if (code === null) expect(await finishing).toBeNull();
    else expect(await codeOf(finishing)).toBe(code);
  });

  test.each([
    ['a code that was used or is not ours', 400, { error: 'invalid_grant' }, 'SCA_FAILED'],
    ['a wrong secret', 401, { error: 'invalid_client' }, 'CONNECTOR_CONFIG_INVALID'],
    ['a gateway that wants another certificate', 403, '<html>', 'CONNECTOR_CONFIG_INVALID'],
    ['a request it does not like', 400, { error: 'invalid_request' }, 'BANK_ERROR'],
    ['an error in no form', 400, 'no', 'BANK_ERROR'],
    ['a fault', 500, { error: 'server_error' }, 'BANK_ERROR'],
    ['an outage', 503, {}, 'BANK_UNAVAILABLE'],
    ['a limit', 429, {}, 'BANK_RATE_LIMITED'],
    ['a redirect', 302, {}, 'BANK_ERROR'],
    ['nothing', 204, '', 'BANK_ERROR'],
    ['text', 200, 'tokens', 'BANK_ERROR'],
    ['no token', 200, { token_type: 'Bearer' }, 'BANK_ERROR'],
    ['another kind of token', 200, { ...granted, token_type: 'mac' }, 'BANK_ERROR'],
    ['a token that would break a header', 200, { ...granted, access_token: 'a\r\nX: 1' }, 'BANK_ERROR'],
    ['a token without end', 200, { ...granted, access_token: 'a'.repeat(10_000_000) }, 'BANK_ERROR'],
    ['a refresh token that is none', 200, { ...granted, refresh_token: { deep: [] } }, 'BANK_ERROR'],
  ])('to a bank that answers with %s fails with the code for that', async (_name, status, body, code) => {
    const { access } = server.behave({});
    const { pending } = await beginOAuth(access, asked);
    server.answerWith((_, response) =>
      typeof body === 'string' ? response.writeHead(status).end(body) : json(response, body, status),
    );
    const outcome = finishOAuth(access, pending, good());
    expect(await codeOf(outcome)).toBe(code);
    await outcome.catch((error: unknown) => expect(String(error)).not.toMatch(/script|html|aaaa|X: 1/));
    expect(server.seen).toHaveLength(1);
  });

  test('brings tokens whose end is told by our clock, however long the bank says', async () => {
    const expiry = async (expires_in: unknown) => {
      const { access } = server.behave({ answer: { ...granted, expires_in } });
      const { pending } = await beginOAuth(access, asked);
      return (await finishOAuth(access, pending, good()))?.expiresAt;
    };
    expect(await expiry('120')).toBe('2026-03-10T09:02:00.000Z');
    expect(await expiry(undefined)).toBe('2026-03-10T09:05:00.000Z');
    expect(await expiry(1e300)).toBe('2036-03-17T09:00:00.000Z');
  });
});
