import { decodeJwt } from 'jose';
import * as oauth from 'oauth4webapi';
import { beforeAll, afterAll, describe, expect, it } from 'vitest';
import { deleteUser } from '../../src/actions/delete-user.ts';
import { disableClient, enableClient } from '../../src/actions/update-client.ts';
import { updateUser } from '../../src/actions/update-user.ts';
import { scopeOfRow } from '../../src/domain/viewer.ts';
import { manualClock, millisecondsPerDay } from '../../src/kernel/clock.ts';
import { parseId } from '../../src/kernel/id.ts';
import { oauthRecords } from '../../src/store/schema/oauth.ts';
import { approve, authorizationRequest, Browser, redeem, testApplication } from '../support/code-flow.ts';
import { houseContext } from '../support/house-context.ts';
import {
  insecure,
  serveOauth,
  testClient,
  testUser,
  tokenResponseFor,
  type TestAuthorizationServer,
  type TestClient,
} from '../support/oauth.ts';

const clock = manualClock(new Date('2026-03-01T10:00:00Z'));
const context = await houseContext({ clock });
const refused = { status: 400, error: 'invalid_grant', error_description: 'grant request is invalid' };
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

interface Tokens {
  readonly access: string;
  readonly refresh: string;
  readonly scope: string;
}

function toTokens(answer: oauth.TokenEndpointResponse): Tokens {
  return { access: answer.access_token, refresh: answer.refresh_token ?? '', scope: answer.scope ?? '' };
}

async function refresh(by: TestClient, token: string, parameters: Record<string, string> = {}): Promise<Tokens> {
  const as = served.discovered;
  const owner = { client_id: by.id };
  const authentication = oauth.ClientSecretBasic(by.secret);
  const options = { ...insecure, additionalParameters: parameters };
  const answer = await oauth.refreshTokenGrantRequest(as, owner, authentication, token, options);
  return toTokens(await oauth.processRefreshTokenResponse(as, owner, answer));
}

async function isGood(token: string): Promise<boolean> {
  // Past the second for which a gateway believes what it has seen.
  clock.advance(1000);
  return served.server.verifyAccessToken(token).then(
    () => true,
    () => false,
  );
}

const families = [
  ['the password grant', () => client, async () => toTokens(await tokenResponseFor(served, { client, user }))],
  [
    'the code of a third party',
    () => application,
    async () => {
      const request = await authorizationRequest(served, application);
      return toTokens(await redeem(served, application, await approve(new Browser(), request.url, user), request));
    },
  ],
] as const;

describe.each(families)('a refresh token from %s', (_name, owner, begin) => {
  it('is replaced at each use, and the new tokens say what the old ones did', async () => {
    const first = await begin();
    const second = await refresh(owner(), first.refresh);
    const third = await refresh(owner(), second.refresh);
    expect(new Set([first.refresh, second.refresh, third.refresh]).size).toBe(3);
    expect(third.scope).toBe(first.scope);
    const claims = ({ access }: Tokens) => {
      const { jti: _jti, iat: _iat, exp: _exp, ...rest } = decodeJwt(access);
      return rest;
    };
    expect(claims(third)).toEqual(claims(first));
    expect(await isGood(third.access)).toBe(true);
  });

  it('ends its whole family, access tokens too, when it comes again after it was used', async () => {
    const first = await begin();
    const second = await refresh(owner(), first.refresh);
    const bystander = await begin();
    clock.advance(5000);
    await expect(refresh(owner(), first.refresh)).rejects.toMatchObject(refused);
    await expect(refresh(owner(), second.refresh)).rejects.toMatchObject(refused);
    expect(await isGood(first.access)).toBe(false);
    expect(await isGood(second.access)).toBe(false);
    expect(await isGood(bystander.access)).toBe(true);
    expect(await refresh(owner(), bystander.refresh)).toHaveProperty('refresh');
  });

  it('gives new tokens at most once to requests at the same time, and the family lives on', async () => {
    const first = await begin();
    const answers = await Promise.allSettled([1, 2, 3, 4].map(() => refresh(owner(), first.refresh)));
    const [won, ...more] = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
    expect(more).toEqual([]);
    for (const answer of answers) if (answer.status === 'rejected') expect(answer.reason).toMatchObject(refused);
    expect(await isGood(won!.access)).toBe(true);
    expect(await refresh(owner(), won!.refresh)).toHaveProperty('refresh');
  });

  it('may narrow an access token, and never widens one', async () => {
    const first = await begin();
    const narrowed = await refresh(owner(), first.refresh, { scope: 'accounts_read' });
    expect(narrowed.scope).toBe('accounts_read');
    expect((await refresh(owner(), narrowed.refresh)).scope).toBe(first.scope);
    const again = await begin();
    await expect(refresh(owner(), again.refresh, { scope: 'users_manage' })).rejects.toMatchObject({
      error: 'invalid_scope',
    });
    expect(await refresh(owner(), again.refresh)).toHaveProperty('refresh');
  });

  it('is worth nothing to another client, which learns nothing and ends nothing', async () => {
    const first = await begin();
    const strangers = [await testClient(context), owner() === client ? application : client];
    for (const stranger of strangers) {
      await expect(refresh(stranger, first.refresh)).rejects.toMatchObject(refused);
    }
    expect(await refresh(owner(), first.refresh)).toHaveProperty('refresh');
  });

  it('ends by revocation with its access tokens', async () => {
    const first = await begin();
    const { id, secret } = owner();
    const authentication = oauth.ClientSecretBasic(secret);
    const answer = await oauth.revocationRequest(
      served.discovered,
      { client_id: id },
      authentication,
      first.refresh,
      insecure,
    );
    await oauth.processRevocationResponse(answer);
    expect(await isGood(first.access)).toBe(false);
    await expect(refresh(owner(), first.refresh)).rejects.toMatchObject(refused);
  });

  it('tells introspection of the owner alone what it is, and that a used one is none', async () => {
    const first = await begin();
    const ask = async (by: TestClient, token: string) => {
      const authentication = oauth.ClientSecretBasic(by.secret);
      const asker = { client_id: by.id };
      const answer = await oauth.introspectionRequest(served.discovered, asker, authentication, token, insecure);
      return oauth.processIntrospectionResponse(served.discovered, asker, answer);
    };
    expect(await ask(owner(), first.refresh)).toMatchObject({ active: true, sub: user.id, client_id: owner().id });
    expect(await ask(await testClient(context), first.refresh)).toEqual({ active: false });
    await refresh(owner(), first.refresh);
    expect(await ask(owner(), first.refresh)).toEqual({ active: false });
  });
});

describe('a refresh token ends', () => {
  const clientId = () => parseId('client', client.id)!;

  it('after thirty days without use', async () => {
    const first = toTokens(await tokenResponseFor(served, { client, user }));
    clock.advance(30 * millisecondsPerDay - 1000);
    const second = await refresh(client, first.refresh);
    clock.advance(30 * millisecondsPerDay);
    await expect(refresh(client, second.refresh)).rejects.toMatchObject(refused);
  });

  it('after 180 days however often it was used', async () => {
    let tokens = toTokens(await tokenResponseFor(served, { client, user }));
    for (let day = 0; day < 174; day += 29) {
      clock.advance(29 * millisecondsPerDay);
      // oxlint-disable-next-line no-await-in-loop -- each token comes of the one before
      tokens = await refresh(client, tokens.refresh);
    }
    clock.advance(6 * millisecondsPerDay);
    await expect(refresh(client, tokens.refresh)).rejects.toMatchObject(refused);
    expect(await isGood(tokens.access)).toBe(false);
  });

  it('when its user is deleted, and nothing of it is kept', async () => {
    const leaving = await testUser(context, clientId(), 'leaving@example.com');
    const tokens = toTokens(await tokenResponseFor(served, { client, user: leaving }));
    await deleteUser(context, scopeOfRow({ clientId: clientId(), userId: leaving.id }));
    await expect(refresh(client, tokens.refresh)).rejects.toMatchObject(refused);
    expect(await isGood(tokens.access)).toBe(false);
    const kept = await context.database.db.select().from(oauthRecords);
    expect(JSON.stringify(kept)).not.toContain(leaving.id);
  });

  it('when the password of its user changes, and not when the e-mail does', async () => {
    const moving = await testUser(context, clientId(), 'moving@example.com');
    const scope = scopeOfRow({ clientId: clientId(), userId: moving.id });
    const first = toTokens(await tokenResponseFor(served, { client, user: moving }));
    await updateUser(context, scope, { email: 'moved@example.com' });
    const second = await refresh(client, first.refresh);
    await updateUser(context, scope, { password: 'sesame-2' });
    await expect(refresh(client, second.refresh)).rejects.toMatchObject(refused);
    expect(await isGood(second.access)).toBe(false);
  });

  it('when its client is disabled, and does not come back with it', async () => {
    const resting = await testClient(context);
    const person = await testUser(context, parseId('client', resting.id)!, 'eve@example.com');
    const tokens = toTokens(await tokenResponseFor(served, { client: resting, user: person }));
    await disableClient(context, resting.id);
    await expect(refresh(resting, tokens.refresh)).rejects.toMatchObject({ status: 401 });
    expect(await isGood(tokens.access)).toBe(false);
    await enableClient(context, resting.id);
    await expect(refresh(resting, tokens.refresh)).rejects.toMatchObject(refused);
    expect(await isGood(tokens.access)).toBe(false);
    expect(await tokenResponseFor(served, { client: resting, user: person })).toHaveProperty('refresh_token');
  });
});

it('refuses what is no refresh token', async () => {
  const { access } = toTokens(await tokenResponseFor(served, { client, user }));
  for (const token of ['nonsense', access, 'a.b.c']) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other is how a guesser tries
    await expect(refresh(client, token)).rejects.toMatchObject(refused);
  }
});
