import { decodeJwt } from 'jose';
import { beforeAll, afterAll, describe, expect, it } from 'vitest';
import { disableApplication } from '../../src/actions/change-application.ts';
import { deleteUser } from '../../src/actions/delete-user.ts';
import { disableClient } from '../../src/actions/update-client.ts';
import { scopeOfRow } from '../../src/domain/viewer.ts';
import { manualClock } from '../../src/kernel/clock.ts';
import { parseId } from '../../src/kernel/id.ts';
import { approve, authorizationRequest, Browser, redeem, redirectUri, testApplication } from '../support/code-flow.ts';
import { houseContext } from '../support/house-context.ts';
import { serveOauth, testClient, testUser, type TestAuthorizationServer, type TestClient } from '../support/oauth.ts';

const clock = manualClock(new Date('2026-03-01T10:00:00Z'));
const context = await houseContext({ clock });
let served: TestAuthorizationServer;
let client: TestClient;
let application: TestClient;
let user: Awaited<ReturnType<typeof testUser>>;
beforeAll(async () => {
  served = await serveOauth(context);
  client = await testClient(context);
  application = await testApplication(context, client);
  user = await testUser(context, parseId('client', client.id)!, 'ada@example.com');
});
afterAll(() => served[Symbol.asyncDispose]());

async function tokensFor(browser = new Browser(), scope?: readonly string[]) {
  const request = await authorizationRequest(served, application);
  return redeem(served, application, await approve(browser, request.url, user, scope), request);
}

describe('a third party that a client has registered', () => {
  it('gets a token of the user who logs in and approves, and keeps no session in the browser', async () => {
    const browser = new Browser();
    const tokens = await tokensFor(browser);
    expect(tokens).toEqual({
      access_token: expect.any(String),
      refresh_token: expect.any(String),
      token_type: 'bearer',
      expires_in: 900,
      scope: 'accounts_read transactions_read',
    });
    expect(decodeJwt(tokens.access_token)).toMatchObject({
      sub: user.id,
      client_id: application.id,
      client: client.id,
      subject_kind: 'user',
    });
    expect((await served.server.verifyAccessToken(tokens.access_token)).viewer).toEqual({
      kind: 'user',
      clientId: client.id,
      userId: user.id,
      permissions: new Set(['accounts_read', 'transactions_read']),
    });
    expect(browser.cookies).not.toContain('_session');
    const again = await browser.open((await authorizationRequest(served, application)).url);
    expect(again.html).toContain('name="password"');
  });

  it('gets only what the user has left chosen', async () => {
    expect((await tokensFor(new Browser(), ['accounts_read'])).scope).toBe('accounts_read');
  });

  it('never gets what nobody asked for, whatever the form says', async () => {
    const tokens = await tokensFor(new Browser(), ['accounts_read', 'connections_manage', 'users_manage']);
    expect(tokens.scope).toBe('accounts_read');
  });

  it('gets no more than it was registered for, and than a user may have', async () => {
    const narrow = await testApplication(context, client, ['accounts_read', 'users_manage']);
    for (const scope of ['transactions_read', 'users_manage']) {
      const request = await authorizationRequest(served, narrow, { scope });
      const { location } = await new Browser().open(request.url);
      expect(Object.fromEntries(location!.searchParams)).toMatchObject({ error: 'invalid_scope', state: 'the-state' });
    }
  });

  it('learns that the user refused, with the issuer (RFC 9207)', async () => {
    for (const isLoggedIn of [false, true]) {
      const browser = new Browser();
      let page = await browser.open((await authorizationRequest(served, application)).url);
      if (isLoggedIn) page = await browser.submit(page.html, 'login', { email: user.email, password: user.password });
      const { location } = await browser.submit(page.html, 'deny');
      expect(location?.href.startsWith(redirectUri)).toBe(true);
      expect(Object.fromEntries(location!.searchParams)).toEqual({
        error: 'access_denied',
        error_description: 'The user has refused.',
        state: 'the-state',
        iss: served.publicUrl,
      });
    }
  });
});

describe('a code', () => {
  it('is worth nothing twice, and the second time ends what came of the first', async () => {
    const request = await authorizationRequest(served, application);
    const back = await approve(new Browser(), request.url, user);
    const tokens = await redeem(served, application, back, request);
    await expect(redeem(served, application, back, request)).rejects.toMatchObject({ error: 'invalid_grant' });
    await expect(served.server.verifyAccessToken(tokens.access_token)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });

  it('is redeemed at most once when it comes twice at the same time', async () => {
    const request = await authorizationRequest(served, application);
    const back = await approve(new Browser(), request.url, user);
    const answers = await Promise.allSettled([1, 2, 3].map(() => redeem(served, application, back, request)));
    expect(answers.filter(({ status }) => status === 'fulfilled').length).toBeLessThan(2);
  });

  it('is worth nothing with another verifier, to another application, and after a minute', async () => {
    const request = await authorizationRequest(served, application);
    const back = await approve(new Browser(), request.url, user);
    const refused = { error: 'invalid_grant' };
    const verifier = 'x'.repeat(43);
    await expect(redeem(served, application, back, { ...request, verifier })).rejects.toMatchObject(refused);
    const other = await testApplication(context, client);
    await expect(redeem(served, other, back, request)).rejects.toMatchObject(refused);
    clock.advance(60_000);
    await expect(redeem(served, application, back, request)).rejects.toMatchObject(refused);
  });
});

describe('an authorization request is refused', () => {
  const atPage = [
    ['an unknown client', { client_id: 'nobody' }],
    ['the client itself, which is no third party', { client_id: undefined }],
    ['another address of return', { redirect_uri: 'https://app.example/callback/' }],
    ['an address of return with something added', { redirect_uri: `${redirectUri}?x=1` }],
    ['no address of return', { redirect_uri: undefined }],
  ] as const;
  it.each(atPage)('on a page of ours, with nothing sent anywhere, for %s', async (_what, change) => {
    const known = 'client_id' in change && change.client_id === undefined ? { client_id: client.id } : change;
    const { url } = await authorizationRequest(served, application, known);
    const { status, html, location } = await new Browser().open(url);
    expect({ status, location }).toEqual({ status: 400, location: null });
    expect(html).toContain('This request cannot be answered');
  });

  const atReturn = [
    ['no code challenge', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
    ['a plain code challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['an implicit response', { response_type: 'token' }, 'invalid_request'],
    ['a hybrid response', { response_type: 'code token' }, 'invalid_request'],
    ['a scope that does not exist', { scope: 'accounts_read root' }, 'invalid_scope'],
    ['another resource', { resource: 'https://elsewhere.example/' }, 'invalid_target'],
    ['a request object', { request: 'a.b.c' }, 'request_not_supported'],
    ['no person', { prompt: 'none' }, 'login_required'],
  ] as const;
  it.each(atReturn)('at the address of return for %s', async (_what, change, error) => {
    const { url } = await authorizationRequest(served, application, change);
    const { location } = await new Browser().open(url);
    expect(location?.href.startsWith(redirectUri)).toBe(true);
    expect(Object.fromEntries(new URLSearchParams(location!.search || location!.hash.slice(1)))).toMatchObject({
      error,
    });
  });
});

describe('a token of a third party ends', () => {
  it.each([
    ['the application is disabled', (app: TestClient) => disableApplication(context, app.id)],
    ['its client is disabled', (_app: TestClient, owner: TestClient) => disableClient(context, owner.id)],
  ])('when %s', async (_what, end) => {
    const owner = await testClient(context);
    const app = await testApplication(context, owner);
    const person = await testUser(context, parseId('client', owner.id)!, 'eve@example.com');
    const request = await authorizationRequest(served, app);
    const tokens = await redeem(served, app, await approve(new Browser(), request.url, person), request);
    await expect(served.server.verifyAccessToken(tokens.access_token)).resolves.toHaveProperty('viewer');
    await end(app, owner);
    clock.advance(1000);
    await expect(served.server.verifyAccessToken(tokens.access_token)).rejects.toMatchObject({
      message: 'The access token was revoked.',
    });
    const { html } = await new Browser().open((await authorizationRequest(served, app)).url);
    expect(html).toContain('This request cannot be answered');
  });

  it('when the user is deleted between consent and code', async () => {
    const clientId = parseId('client', client.id)!;
    const leaving = await testUser(context, clientId, 'leaving@example.com');
    const request = await authorizationRequest(served, application);
    const back = await approve(new Browser(), request.url, leaving);
    await deleteUser(context, scopeOfRow({ clientId, userId: leaving.id }));
    await expect(redeem(served, application, back, request)).rejects.toMatchObject({ error: 'invalid_grant' });
  });
});
