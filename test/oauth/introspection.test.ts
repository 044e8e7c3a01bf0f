import * as oauth from 'oauth4webapi';
import { beforeAll, afterAll, expect, it } from 'vitest';
import { deleteUser } from '../../src/actions/delete-user.ts';
import { manualClock } from '../../src/kernel/clock.ts';
import { parseId } from '../../src/kernel/id.ts';
import { houseContext } from '../support/house-context.ts';
import {
  insecure,
  serveOauth,
  testClient,
  testUser,
  tokenFor,
  type TestAuthorizationServer,
  type TestClient,
} from '../support/oauth.ts';
import { scopeOfRow } from '../../src/domain/viewer.ts';

const clock = manualClock(new Date('2026-03-01T10:00:00Z'));
const context = await houseContext({ clock });
let served: TestAuthorizationServer;
let client: TestClient;
beforeAll(async () => {
  served = await serveOauth(context);
  client = await testClient(context);
});
afterAll(() => served[Symbol.asyncDispose]());

async function introspect(by: TestClient, token: string) {
  const as = served.discovered;
  const owner = { client_id: by.id };
  const authentication = oauth.ClientSecretBasic(by.secret);
  const answer = await oauth.introspectionRequest(as, owner, authentication, token, insecure);
  return oauth.processIntrospectionResponse(as, owner, answer);
}

it('tells a client what its token is', async () => {
  const token = await tokenFor(served, { client, scope: 'users_read' });
  expect(await introspect(client, token)).toEqual({
    active: true,
    iss: served.publicUrl,
    sub: client.id,
    client_id: client.id,
    scope: 'users_read',
    subject_kind: 'client',
    token_type: 'Bearer',
    iat: clock.now().getTime() / 1000,
    exp: clock.now().getTime() / 1000 + 900,
    jti: expect.any(String),
  });
});

it('calls inactive: nonsense, another client’s token, an expired one, one whose user is gone', async () => {
  const inactive = { active: false };
  const token = await tokenFor(served, { client });
  expect(await introspect(client, 'nonsense')).toEqual(inactive);
  expect(await introspect(client, `${token}x`)).toEqual(inactive);
  expect(await introspect(await testClient(context), token)).toEqual(inactive);

  const clientId = parseId('client', client.id)!;
  const user = await testUser(context, clientId, 'gone@example.com');
  const ofUser = await tokenFor(served, { client, user });
  expect(await introspect(client, ofUser)).toMatchObject({ active: true, sub: user.id });
  await deleteUser(context, scopeOfRow({ clientId, userId: user.id }));
  expect(await introspect(client, ofUser)).toEqual(inactive);

  clock.advance(900_000);
  expect(await introspect(client, token)).toEqual(inactive);
});

it('wants the client to authenticate', async () => {
  const token = await tokenFor(served, { client });
  await expect(introspect({ id: client.id, secret: 'wrong' }, token)).rejects.toThrow();
});
