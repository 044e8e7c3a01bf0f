import * as oauth from 'oauth4webapi';
import { eq } from 'drizzle-orm';
import { beforeAll, afterAll, describe, expect, it } from 'vitest';
import { rotateClientSecret } from '../../src/actions/rotate-client-secret.ts';
import { manualClock } from '../../src/kernel/clock.ts';
import { disableClient } from '../../src/store/clients.ts';
import { clients } from '../../src/store/schema/clients.ts';
import { houseContext } from '../support/house-context.ts';
import { insecure, serveOauth, testClient, type TestAuthorizationServer, type TestClient } from '../support/oauth.ts';

const context = await houseContext();
let served: TestAuthorizationServer;
let client: TestClient;
beforeAll(async () => {
  served = await serveOauth(context);
  client = await testClient(context);
});
afterAll(() => served[Symbol.asyncDispose]());

async function request(id: string, authentication: oauth.ClientAuth) {
  const as = served.discovered;
  const owner = { client_id: id };
  const answer = await oauth.clientCredentialsGrantRequest(as, owner, authentication, {}, insecure);
  return oauth.processClientCredentialsResponse(as, owner, answer);
}

const methods = [
  ['client_secret_basic', oauth.ClientSecretBasic],
  ['client_secret_post', oauth.ClientSecretPost],
] as const;

describe.each(methods)('a client that authenticates by %s', (_name, method) => {
  it('gets a token for its secret', async () => {
    expect(await request(client.id, method(client.secret))).toHaveProperty('access_token');
  });

  it('gets a token for either of two secrets while rotating, and for the new one alone after that', async () => {
    const clock = manualClock(new Date());
    const rotating = await testClient(context);
    const { secret, oldSecretExpiresAt } = await rotateClientSecret({ ...context, clock }, rotating.id, 3600);
    expect(oldSecretExpiresAt.getTime() - clock.now().getTime()).toBe(3_600_000);
    expect(await request(rotating.id, method(rotating.secret))).toHaveProperty('access_token');
    expect(await request(rotating.id, method(secret))).toHaveProperty('access_token');
    await expect(request(rotating.id, method('another'))).rejects.toThrow();

    const ended = await rotateClientSecret(context, rotating.id, 0);
    expect(await request(rotating.id, method(ended.secret))).toHaveProperty('access_token');
    await expect(request(rotating.id, method(secret))).rejects.toThrow();
    await expect(request(rotating.id, method(rotating.secret))).rejects.toThrow();
  });

  it('is answered alike for a wrong secret, an unknown client, a disabled one and a foreign secret', async () => {
    const disabled = await testClient(context);
    await disableClient(context.database, disabled.id, new Date());
    const answers = await Promise.all([
      refusalOf(client.id, method('wrong')),
      refusalOf('nobody', method(client.secret)),
      refusalOf(disabled.id, method(disabled.secret)),
      refusalOf(client.id, method(disabled.secret)),
    ]);
    for (const answer of answers) {
      expect(answer).toEqual({
        status: 401,
        body: { error: 'invalid_client', error_description: 'client authentication failed' },
      });
    }
  });
});

async function refusalOf(id: string, authentication: oauth.ClientAuth) {
  const as = served.discovered;
  const answer = await oauth.clientCredentialsGrantRequest(as, { client_id: id }, authentication, {}, insecure);
  return { status: answer.status, body: await answer.json() };
}

it('refuses a client that gives no secret, known or not, alike', async () => {
  const answers = await Promise.all([refusalOf(client.id, oauth.None()), refusalOf('nobody', oauth.None())]);
  expect(answers[0]).toEqual(answers[1]);
  expect(answers[0]?.status).toBe(401);
});

it('keeps no secret of a client, only argon2id hashes', async () => {
  const [row] = await context.database.db.select().from(clients).where(eq(clients.oauthClientId, client.id));
  expect(row?.secretHashes).toEqual([expect.stringMatching(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)]);
});
