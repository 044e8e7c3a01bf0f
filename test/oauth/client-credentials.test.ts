import { decodeJwt, decodeProtectedHeader } from 'jose';
import { beforeAll, afterAll, describe, expect, it } from 'vitest';
import { permissions } from '../../src/domain/viewer.ts';
import { manualClock } from '../../src/kernel/clock.ts';
import { houseContext } from '../support/house-context.ts';
import { serveOauth, testClient, tokenFor, tokenResponseFor, type TestAuthorizationServer } from '../support/oauth.ts';

const start = new Date('2026-03-01T10:00:00Z');
const context = await houseContext({ clock: manualClock(start) });
let served: TestAuthorizationServer;
beforeAll(async () => {
  served = await serveOauth(context);
});
afterAll(() => served[Symbol.asyncDispose]());

describe('the client credentials grant', () => {
  it('issues an ES256 at+jwt for our API alone, with what the client may have when nothing is asked', async () => {
    const client = await testClient(context);
    const answer = await tokenResponseFor(served, { client });
    const { access_token: token, ...rest } = answer;
    expect(rest).toEqual({ token_type: 'bearer', expires_in: 900, scope: permissions.join(' ') });
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: expect.any(String) });
    expect(decodeJwt(token)).toEqual({
      iss: served.publicUrl,
      aud: `${served.publicUrl}/graphql`,
      sub: client.id,
      client_id: client.id,
      client: client.id,
      subject_kind: 'client',
      scope: permissions.join(' '),
      iat: start.getTime() / 1000,
      exp: start.getTime() / 1000 + 900,
      jti: expect.any(String),
    });
    expect(await served.server.verifyAccessToken(token)).toMatchObject({
      viewer: { kind: 'client', clientId: client.id, permissions: new Set(permissions) },
      expiresAt: new Date('2026-03-01T10:15:00Z'),
    });
  });

  it('narrows to what was asked for', async () => {
    const client = await testClient(context);
    const token = await tokenFor(served, { client, scope: 'transactions_read users_read' });
    expect((await served.server.verifyAccessToken(token)).viewer).toEqual({
      kind: 'client',
      clientId: client.id,
      permissions: new Set(['users_read', 'transactions_read']),
    });
  });

  it('refuses a scope that does not exist, naming what may be asked', async () => {
    const client = await testClient(context, { permissions: ['users_read'] });
    await expect(tokenFor(served, { client, scope: 'users_read admin' })).rejects.toMatchObject({
      status: 400,
      error: 'invalid_scope',
      cause: { scope: 'admin', error_description: expect.stringContaining('choose among: users_read') },
    });
  });

  it('refuses a scope that the client was not given', async () => {
    const client = await testClient(context, { permissions: ['users_read', 'accounts_read'] });
    await expect(tokenFor(served, { client, scope: 'transactions_read' })).rejects.toMatchObject({
      error: 'invalid_scope',
    });
  });

  it('gives a client without client mode nothing but user management', async () => {
    const client = await testClient(context, { isClientModeAllowed: false });
    expect(await tokenResponseFor(served, { client })).toMatchObject({ scope: 'users_manage users_read' });
    await expect(tokenFor(served, { client, scope: 'accounts_read' })).rejects.toMatchObject({
      error: 'invalid_scope',
    });
  });

  it('refuses a client that has no scope at all', async () => {
    const client = await testClient(context, { permissions: [] });
    await expect(tokenFor(served, { client })).rejects.toMatchObject({ error: 'invalid_scope' });
  });
});
