import { decodeJwt } from 'jose';
import { beforeAll, afterAll, describe, expect, it } from 'vitest';
import { permissions } from '../../src/domain/viewer.ts';
import { parseId } from '../../src/kernel/id.ts';
import { houseContext } from '../support/house-context.ts';
import {
  serveOauth,
  testClient,
  testUser,
  tokenFor,
  tokenResponseFor,
  type TestAuthorizationServer,
  type TestClient,
} from '../support/oauth.ts';

const context = await houseContext();
const ofUsers = permissions.filter((permission) => permission !== 'users_manage' && permission !== 'webhooks_manage');
let served: TestAuthorizationServer;
let client: TestClient;
let user: Awaited<ReturnType<typeof testUser>>;
beforeAll(async () => {
  served = await serveOauth(context);
  client = await testClient(context);
  user = await testUser(context, parseId('client', client.id)!, 'Ada@Example.com');
});
afterAll(() => served[Symbol.asyncDispose]());

const refusal = { status: 400, error: 'invalid_grant', error_description: 'grant request is invalid' };

describe('the password grant', () => {
  it('issues a token of the user, with what is meaningful for a user when nothing is asked', async () => {
    const answer = await tokenResponseFor(served, { client, user });
    expect(answer).toEqual({
      access_token: expect.any(String),
      token_type: 'bearer',
      expires_in: 900,
      refresh_token: expect.any(String),
      scope: ofUsers.join(' '),
    });
    expect(decodeJwt(answer.access_token)).toMatchObject({
      sub: user.id,
      client_id: client.id,
      client: client.id,
      subject_kind: 'user',
    });
    expect((await served.server.verifyAccessToken(answer.access_token)).viewer).toEqual({
      kind: 'user',
      clientId: client.id,
      userId: user.id,
      permissions: new Set(ofUsers),
    });
  });

  it('takes the e-mail in any case', async () => {
    const token = await tokenFor(served, { client, user: { ...user, email: 'ADA@example.COM' } });
    expect(decodeJwt(token).sub).toBe(user.id);
  });

  it('narrows to what was asked for', async () => {
    const answer = await tokenResponseFor(served, { client, user, scope: 'accounts_read' });
    expect(answer.scope).toBe('accounts_read');
  });

  it.each(['users_manage', 'webhooks_manage', 'nonsense'])('refuses the scope %s for a user', async (scope) => {
    await expect(tokenFor(served, { client, user, scope })).rejects.toMatchObject({
      status: 400,
      error: 'invalid_scope',
    });
  });

  it('works for a client without client mode', async () => {
    const narrow = await testClient(context, { isClientModeAllowed: false });
    const own = await testUser(context, parseId('client', narrow.id)!, 'eve@example.com');
    expect((await tokenResponseFor(served, { client: narrow, user: own })).scope).toBe(ofUsers.join(' '));
  });

  it.each([
    ['a wrong password', { password: 'sesame-2' }],
    ['an unknown user', { email: 'nobody@example.com' }],
    ['an e-mail that cannot be one', { email: 'a\0da@example.com' }],
  ])('gives the same answer to %s', async (_what, change) => {
    await expect(tokenFor(served, { client, user: { ...user, ...change } })).rejects.toMatchObject(refusal);
  });

  it("gives the same answer to another client's user", async () => {
    const other = await testClient(context);
    await expect(tokenFor(served, { client: other, user })).rejects.toMatchObject(refusal);
  });

  it('asks for the password when it is missing', async () => {
    await expect(tokenFor(served, { client, user: { ...user, password: '' } })).rejects.toMatchObject({
      status: 400,
      error: 'invalid_request',
      error_description: "missing required parameter 'password'",
    });
  });
});
