import * as oauth from 'oauth4webapi';
import { beforeAll, afterAll, expect, it } from 'vitest';
import { deleteUser } from '../../src/actions/delete-user.ts';
import { manualClock } from '../../src/kernel/clock.ts';
import { parseId } from '../../src/kernel/id.ts';
import { createAuthorizationServer } from '../../src/oauth/authorization-server.ts';
import { disableClient } from '../../src/store/clients.ts';
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
const revoked = { code: 'UNAUTHENTICATED', message: 'The access token was revoked.' };
let served: TestAuthorizationServer;
let client: TestClient;
beforeAll(async () => {
  served = await serveOauth(context);
  client = await testClient(context);
});
afterAll(() => served[Symbol.asyncDispose]());

async function revoke(by: TestClient, token: string): Promise<void> {
  const as = served.discovered;
  const authentication = oauth.ClientSecretPost(by.secret);
  const answer = await oauth.revocationRequest(as, { client_id: by.id }, authentication, token, insecure);
  await oauth.processRevocationResponse(answer);
}

it('ends a token in use: here at once, at every other gateway within a second', async () => {
  const elsewhere = await createAuthorizationServer({ ...context, publicUrl: served.publicUrl });
  const token = await tokenFor(served, { client });
  const other = await tokenFor(served, { client });
  await served.server.verifyAccessToken(token);
  await elsewhere.verifyAccessToken(token);
  await revoke(client, token);
  await expect(served.server.verifyAccessToken(token)).rejects.toMatchObject(revoked);
  clock.advance(1000);
  await expect(elsewhere.verifyAccessToken(token)).rejects.toMatchObject(revoked);
  await expect(served.server.verifyAccessToken(other)).resolves.toHaveProperty('viewer');
});

it('ends a token at once that was not in use', async () => {
  const token = await tokenFor(served, { client });
  await revoke(client, token);
  await expect(served.server.verifyAccessToken(token)).rejects.toMatchObject(revoked);
});

it('succeeds for a token that is none, and twice for one that is (RFC 7009, 2.2)', async () => {
  await revoke(client, 'nonsense');
  await revoke(client, 'a.b.c');
  const token = await tokenFor(served, { client });
  await revoke(client, token);
  await revoke(client, token);
});

it('leaves the token of another client alone', async () => {
  const token = await tokenFor(served, { client });
  await revoke(await testClient(context), token);
  await expect(served.server.verifyAccessToken(token)).resolves.toHaveProperty('viewer');
});

it('ends the tokens of a client that is disabled and of a user who is deleted', async () => {
  const leaving = await testClient(context);
  const clientId = parseId('client', leaving.id)!;
  const user = await testUser(context, clientId, 'leaving@example.com');
  const ofUser = await tokenFor(served, { client: leaving, user });
  const ofClient = await tokenFor(served, { client: leaving });
  await deleteUser(context, scopeOfRow({ clientId, userId: user.id }));
  await expect(served.server.verifyAccessToken(ofUser)).rejects.toMatchObject(revoked);
  await served.server.verifyAccessToken(ofClient);
  await disableClient(context.database, leaving.id, clock.now());
  clock.advance(1000);
  await expect(served.server.verifyAccessToken(ofClient)).rejects.toMatchObject(revoked);
});
