import fc from 'fast-check';
import { beforeEach, afterEach, describe, expect, it } from 'vitest';
import { deleteUser } from '../../src/actions/delete-user.ts';
import { networkOf } from '../../src/actions/login-throttle.ts';
import { scopeOfRow } from '../../src/domain/viewer.ts';
import { manualClock, type ManualClock } from '../../src/kernel/clock.ts';
import { parseId } from '../../src/kernel/id.ts';
import { knownAddresses, loginThrottles } from '../../src/store/schema/oauth.ts';
import { houseContext } from '../support/house-context.ts';
import { serveOauth, testClient, testUser, type TestAuthorizationServer, type TestClient } from '../support/oauth.ts';

let clock: ManualClock;
let context: Awaited<ReturnType<typeof houseContext>>;
let served: TestAuthorizationServer;
let client: TestClient;
let clientId: NonNullable<ReturnType<typeof parseId<'client'>>>;
let user: Awaited<ReturnType<typeof testUser>>;
beforeEach(async () => {
  clock = manualClock(new Date('2026-03-01T10:00:00Z'));
  context = await houseContext({ clock });
  served = await serveOauth(context);
  client = await testClient(context);
  clientId = parseId('client', client.id)!;
  user = await testUser(context, clientId, 'ada@example.com');
});
afterEach(() => served[Symbol.asyncDispose]());

async function logIn(password: string, address: string | null, email = user.email, by = client) {
  const answer = await fetch(`${served.publicUrl}/oauth/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${btoa(`${by.id}:${by.secret}`)}`,
      ...(address === null ? {} : { 'psu-ip-address': address }),
    },
    body: new URLSearchParams({ grant_type: 'password', username: email, password }),
  });
  const body = (await answer.json()) as Record<string, unknown>;
  return { status: answer.status, retryAfter: answer.headers.get('retry-after'), body };
}

async function failTimes(times: number, address: string | null, email = user.email) {
  for (let time = 0; time < times; time += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other is how a guesser tries
    expect((await logIn('wrong-1', address, email)).status).toBe(400);
  }
}

describe('guessing the password of one account from one address', () => {
  it('is slowed after five free failures, for twice as long each time, as RFC 6585 says', async () => {
    await failTimes(6, '203.0.113.7');
    expect(await logIn('wrong-1', '203.0.113.7')).toEqual({
      status: 429,
      retryAfter: '1',
      body: { error: 'temporarily_unavailable', error_description: 'too many failed logins; try again in 1 s' },
    });
    const waits: (string | null)[] = [];
    for (let round = 0; round < 12; round += 1) {
      // oxlint-disable-next-line no-await-in-loop -- each failure makes the next wait
      const { retryAfter } = await logIn('wrong-1', '203.0.113.7');
      waits.push(retryAfter);
      clock.advance(Number(retryAfter) * 1000);
      // oxlint-disable-next-line no-await-in-loop -- as above
      await failTimes(1, '203.0.113.7');
    }
    expect(waits).toEqual(['1', '2', '4', '8', '16', '32', '64', '128', '256', '512', '900', '900']);
  });

  it('does not let the right password in while it is slowed, and does after that; then the count is gone', async () => {
    await failTimes(6, '203.0.113.7');
    expect((await logIn(user.password, '203.0.113.7')).status).toBe(429);
    clock.advance(1000);
    expect((await logIn(user.password, '203.0.113.7')).status).toBe(200);
    await failTimes(6, '203.0.113.7');
  });

  it('gets no more tries by asking many times at once, at two gateways', async () => {
    await using second = await serveOauth(context, { publicUrl: served.publicUrl });
    void second;
    const answers = await Promise.all(Array.from({ length: 20 }, () => logIn('wrong-1', '203.0.113.7')));
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(6);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(14);
  });

  it('does not lock the user out elsewhere', async () => {
    await failTimes(6, '203.0.113.7');
    expect((await logIn('wrong-1', '203.0.113.7')).status).toBe(429);
    expect((await logIn(user.password, '198.51.100.1')).status).toBe(200);
  });

  it('is the same for an account that does not exist', async () => {
    await failTimes(6, '203.0.113.7', 'nobody@example.com');
    const unknown = await logIn('wrong-1', '203.0.113.7', 'nobody@example.com');
    await failTimes(6, '203.0.113.8');
    expect(await logIn('wrong-1', '203.0.113.8')).toEqual(unknown);
  });

  it('counts a household of IPv6 as one', async () => {
    await failTimes(3, '2001:db8:1:2::1');
    await failTimes(3, '2001:db8:1:2:ffff::9');
    expect((await logIn('wrong-1', '2001:db8:1:2:3::4')).status).toBe(429);
    expect((await logIn('wrong-1', '2001:db8:1:3::1')).status).toBe(400);
  });
});

describe('guessing the password of one account from many addresses', () => {
  async function spread(failures: number) {
    for (let index = 0; index < failures; index += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other is how a guesser tries
      await failTimes(1, `10.0.${Math.floor(index / 200)}.${index % 200}`);
    }
  }

  it('is slowed for strange addresses, and never for one from which the user has logged in', async () => {
    expect((await logIn(user.password, '198.51.100.1')).status).toBe(200);
    await spread(51);
    expect(await logIn('wrong-1', '192.0.2.9')).toMatchObject({ status: 429, retryAfter: '1' });
    expect((await logIn(user.password, '198.51.100.1')).status).toBe(200);
    clock.advance(1000);
    expect((await logIn(user.password, '192.0.2.9')).status).toBe(200);
  });

  it('makes strangers wait half a minute at most, so it only slows', async () => {
    await spread(51);
    for (let round = 0; round < 8; round += 1) {
      const address = `172.16.0.${round}`;
      // oxlint-disable-next-line no-await-in-loop -- each failure makes the next wait
      clock.advance(Number((await logIn('wrong-1', address)).retryAfter) * 1000);
      // oxlint-disable-next-line no-await-in-loop -- as above
      await failTimes(1, address);
    }
    expect((await logIn('wrong-1', '192.0.2.9')).retryAfter).toBe('30');
  });
});

describe('trying one password at many accounts', () => {
  it('is slowed by the address, and leaves those who are known there alone', async () => {
    expect((await logIn(user.password, '203.0.113.7')).status).toBe(200);
    for (let index = 0; index < 31; index += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other is how a guesser tries
      await failTimes(1, '203.0.113.7', `person-${index}@example.com`);
    }
    expect((await logIn('wrong-1', '203.0.113.7', 'another@example.com')).status).toBe(429);
    expect((await logIn(user.password, '203.0.113.7')).status).toBe(200);
  });

  it('cannot be blamed by one client on the users of another', async () => {
    const other = await testClient(context);
    const person = await testUser(context, parseId('client', other.id)!, 'ada@example.com');
    await failTimes(6, '203.0.113.7');
    expect((await logIn('wrong-1', '203.0.113.7')).status).toBe(429);
    expect((await logIn(person.password, '203.0.113.7', person.email, other)).status).toBe(200);
  });
});

it('slows a client that does not tell addresses by half a minute at most', async () => {
  await failTimes(11, null);
  for (let round = 0; round < 7; round += 1) {
    // oxlint-disable-next-line no-await-in-loop -- each failure makes the next wait
    clock.advance(Number((await logIn('wrong-1', null)).retryAfter) * 1000);
    // oxlint-disable-next-line no-await-in-loop -- as above
    await failTimes(1, null);
  }
  expect((await logIn('wrong-1', null)).retryAfter).toBe('30');
});

it('forgets failures after a day, and refuses an address that is none', async () => {
  await failTimes(5, '203.0.113.7');
  clock.advance(86_400_000);
  await failTimes(6, '203.0.113.7');
  expect(await logIn('wrong-1', 'localhost')).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
});

it('keeps no e-mail and no address, and nothing of a user who is deleted', async () => {
  expect((await logIn(user.password, '203.0.113.7')).status).toBe(200);
  await failTimes(1, '203.0.113.8');
  const rows = async () => [
    ...(await context.database.db.select().from(loginThrottles)),
    ...(await context.database.db.select().from(knownAddresses)),
  ];
  expect(JSON.stringify(await rows())).not.toMatch(/ada|203\.0/);
  await deleteUser(context, scopeOfRow({ clientId, userId: user.id }));
  expect((await rows()).filter(({ account }) => account !== '')).toEqual([]);
});

it('finds the /64 of any IPv6 address, however it is written', () => {
  const group = fc.integer({ min: 1, max: 0xffff });
  fc.assert(
    fc.property(fc.tuple(group, group, group, group), group, (head, last) => {
      const network = head.map((part) => part.toString(16)).join(':');
      expect(networkOf(`${network}::${last.toString(16)}`)).toBe(network);
      expect(networkOf(`${network}:0:0:0:${last.toString(16)}`)).toBe(network);
      expect(networkOf(`${network.toUpperCase()}:1:2:3:4`)).toBe(network);
    }),
  );
  expect(networkOf('::1')).toBe('0:0:0:0');
  expect(networkOf('2001:db8::1')).toBe('2001:db8:0:0');
  expect(networkOf('192.0.2.1')).toBe('192.0.2.1');
});
