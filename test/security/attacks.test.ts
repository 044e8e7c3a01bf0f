import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import WebSocket from 'ws';
import { permissions, type Viewer } from '../../src/domain/viewer.ts';
import { shownId } from '../graphql/execute.ts';
import { seedWorld } from '../support/fixtures.ts';
import { openGateway, type TestGateway } from '../support/gateway.ts';
import { dump } from './dump.ts';

/*
 * The attack list. Attacks on tokens and passwords have their own files: token confusion, alg none, wrong audience,
 * expired, kid injection in test/oauth/token-confusion.test.ts; brute force and unknown users in test/oauth. Foreign ids
 * are in walk.test.ts; cursors that were tampered with in test/graphql/queries and test/events/log.test.ts.
 */

interface Answer {
  readonly status: number;
  readonly body: {
    data?: unknown;
    errors?: { message: string; extensions: Record<string, unknown> }[];
    extensions?: unknown;
  };
}

async function owner(gateway: TestGateway) {
  const world = await seedWorld(gateway.database);
  const viewer: Viewer = { kind: 'client', clientId: world.clientId, permissions: new Set(permissions) };
  return { world, token: gateway.issue(viewer) };
}

async function post(gateway: TestGateway, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

async function refusal(gateway: TestGateway, query: string, variables?: Record<string, unknown>, token?: string) {
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  const { status, body } = await post(gateway, { query, variables }, headers as Record<string, string>);
  expect(Object.values(body.data ?? {}).filter((value) => value !== null)).toEqual([]);
  const [error] = body.errors ?? [];
  return { status, message: error?.message, ...error?.extensions };
}

const complex = { status: 400, code: 'QUERY_TOO_COMPLEX' };

describe('an operation that asks for too much is refused before anything is read, and told by how much', () => {
  test('deep query', async () => {
    const gateway = await openGateway();
    const deep = `{ categories ${'{ children '.repeat(20)} { key } ${'}'.repeat(20)} }`;
    expect(await refusal(gateway, deep)).toMatchObject({ ...complex, measure: 'depth', cost: 22, limit: 16 });
  });

  test('wide query', async () => {
    const gateway = await openGateway();
    const wide = `{ ${'viewer { __typename } '.repeat(1_100)} }`;
    expect(await refusal(gateway, wide)).toMatchObject({ ...complex, measure: 'fields', cost: 2_200, limit: 2_000 });
  });

  test('long query', async () => {
    const gateway = await openGateway();
    expect(await refusal(gateway, `{ ${'a '.repeat(5_001)} }`)).toMatchObject({
      ...complex,
      measure: 'tokens',
      limit: 5_000,
    });
  });

  test('alias bomb', async () => {
    const gateway = await openGateway();
    const bomb = `{ ${Array.from({ length: 101 }, (_, index) => `a${index}: viewer { __typename }`).join(' ')} }`;
    expect(await refusal(gateway, bomb)).toMatchObject({ ...complex, measure: 'aliases', cost: 101, limit: 100 });
  });

  test('directive bomb', async () => {
    const gateway = await openGateway();
    const bomb = `{ viewer ${'@include(if: true) '.repeat(51)} { __typename } }`;
    expect(await refusal(gateway, bomb)).toMatchObject({ ...complex, measure: 'directives', cost: 51, limit: 50 });
  });

  test('fragment bomb: doubling fragments take no time to count', async () => {
    const gateway = await openGateway();
    const fragments = Array.from(
      { length: 200 },
      (_, index) => `fragment f${index} on Query { ...f${index + 1} ...f${index + 1} }`,
    );
    const bomb = `{ ...f0 } ${fragments.join(' ')} fragment f200 on Query { viewer { __typename } }`;
    expect(await refusal(gateway, bomb)).toMatchObject({ ...complex, measure: 'fields', cost: null, limit: 2_000 });
  });

  test('circular fragments', async () => {
    const gateway = await openGateway();
    const circle = '{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }';
    expect(await refusal(gateway, circle)).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
    const itself = '{ ...a } fragment a on Query { ...a }';
    expect((await refusal(gateway, itself)).message).toContain('Cannot spread fragment "a" within itself');
  });

  test('pages of pages of pages', async () => {
    const gateway = await openGateway();
    const { token } = await owner(gateway);
    const pages = `query ($n: Int) { users(first: 100) { nodes { accounts(first: $n) { nodes { transactions(first: 500) { nodes { id } } } } } } }`;
    const refused = await refusal(gateway, pages, { n: 100 }, token);
    expect(refused).toMatchObject({ ...complex, measure: 'objects', limit: 100_000 });
    expect(refused).toHaveProperty(
      'cost',
      expect.toSatisfy((cost: number) => cost >= 5_000_000),
    );
    const small = await post(gateway, { query: pages, variables: { n: 1 } }, { authorization: `Bearer ${token}` });
    expect(small.body.errors).toBeUndefined();
  });

  test('over WebSocket as over HTTP', async () => {
    const gateway = await openGateway();
    const { token } = await owner(gateway);
    const socket = new WebSocket(gateway.socketUrl, 'graphql-transport-ws');
    onTestFinished(() => socket.terminate());
    const payload = {
      query:
        'query ($n: Int) { users(first: 100) { nodes { accounts(first: $n) { nodes { transactions(first: 500) { nodes { id } } } } } } }',
      variables: { n: 100 },
    };
    const answer = await new Promise<{ payload: unknown }>((resolve) => {
      socket.on('open', () =>
        socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })),
      );
      socket.on('message', (data: Buffer) => {
        const message = JSON.parse(String(data)) as { type: string; payload: unknown };
        if (message.type === 'connection_ack') socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }));
        else resolve(message);
      });
    });
    expect(JSON.stringify(answer.payload)).toContain('QUERY_TOO_COMPLEX');
  });
});

test('an allowed operation tells its cost and the limit when asked to', async () => {
  const gateway = await openGateway();
  const { token } = await owner(gateway);
  const headers = { authorization: `Bearer ${token}`, 'graphql-cost': '1' };
  const query = '{ users(first: 3) { nodes { id accounts(first: 2) { nodes { id balance { amount } } } } } }';
  const { body } = await post(gateway, { query }, headers);
  // users 1, three of them with 3 × (accounts 1 + 2 × (1 + balance 1)).
  expect(body.extensions).toEqual({ cost: { objects: 1 + 3 * (1 + 1 + 2 * 2), limit: 100_000 } });
  expect((await post(gateway, { query }, { authorization: `Bearer ${token}` })).body.extensions).toBeUndefined();
});

test('batch flood: a list of operations is no operation', async () => {
  const gateway = await openGateway();
  const { status, body } = await post(
    gateway,
    Array.from({ length: 100 }, () => ({ query: '{ __typename }' })),
  );
  expect({ status, code: body.errors?.[0]?.extensions['code'] }).toEqual({ status: 400, code: 'VALIDATION_FAILED' });
});

describe('introspection abuse', () => {
  test('circles through the introspection types are refused', async () => {
    const gateway = await openGateway();
    const circle =
      '{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }';
    expect(await refusal(gateway, circle)).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
  });

  test('where the schema is not to be read, no part of it is', async () => {
    const gateway = await openGateway({ isIntrospectable: false });
    expect(await refusal(gateway, '{ __schema { queryType { name } } }')).toMatchObject({ status: 400 });
    expect(await refusal(gateway, '{ __type(name: "User") { name } }')).toMatchObject({ status: 400 });
    const { body } = await post(gateway, { query: '{ __typename }' });
    expect(body).toEqual({ data: { __typename: 'Query' } });
  });
});

describe('cross-site request forgery', () => {
  const mutation = 'mutation { userCreate(input: { email: "eve@example.com", password: "sesame-1" }) { __typename } }';

  test.each(['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x'])(
    'by a form of the type %s is refused with 415 and changes nothing',
    async (type) => {
      const gateway = await openGateway();
      const { token } = await owner(gateway);
      const before = await dump(gateway.database as Parameters<typeof dump>[0]);
      const form = type.startsWith('application')
        ? new URLSearchParams({ query: mutation }).toString()
        : JSON.stringify({ query: mutation });
      const { status } = await post(gateway, form, { 'content-type': type, authorization: `Bearer ${token}` });
      expect(status).toBe(415);
      expect(await dump(gateway.database as Parameters<typeof dump>[0])).toEqual(before);
    },
  );

  test('by a GET mutation is refused with 405 and changes nothing', async () => {
    const gateway = await openGateway();
    const { token } = await owner(gateway);
    const before = await dump(gateway.database as Parameters<typeof dump>[0]);
    const url = `${gateway.url}/graphql?${new URLSearchParams({ query: mutation }).toString()}`;
    const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    expect(response.status).toBe(405);
    expect(await dump(gateway.database as Parameters<typeof dump>[0])).toEqual(before);
  });
});

describe('WebSocket', () => {
  function refused(gateway: TestGateway, origin: string | null): Promise<string> {
    const socket = new WebSocket(gateway.socketUrl, 'graphql-transport-ws', origin ? { origin } : {});
    onTestFinished(() => socket.terminate());
    return new Promise((resolve) => {
      socket.on('open', () => resolve('open'));
      socket.on('error', (error) => resolve(error.message));
    });
  }

  test('from a page of a foreign origin is refused, from our own and from no browser it is not', async () => {
    const gateway = await openGateway({ allowedOrigins: ['https://app.example'] });
    expect(await refused(gateway, 'https://evil.example')).toContain('403');
    expect(await refused(gateway, 'null')).toContain('403');
    expect(await refused(gateway, 'https://app.example')).toBe('open');
    expect(await refused(gateway, 'http://127.0.0.1:4000')).toBe('open');
    expect(await refused(gateway, null)).toBe('open');
  });

  test('that never sends connection_init holds nothing: see websocket.test.ts for the close codes', async () => {
    const gateway = await openGateway();
    const socket = new WebSocket(gateway.socketUrl, 'graphql-transport-ws');
    onTestFinished(() => socket.terminate());
    const closed = new Promise<number>((resolve) => {
      socket.on('close', resolve);
    });
    socket.on('open', () =>
      socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: '{ __typename }' } })),
    );
    expect(await closed).toBe(4401);
  });
});

test('slow loris: who never ends his headers is cut off', async () => {
  const gateway = await openGateway({ headersMilliseconds: 200 });
  const { hostname, port } = new URL(gateway.url);
  const socket = connect(Number(port), hostname);
  const answered = new Promise<string>((resolve) => {
    let text = '';
    socket.on('data', (data) => (text += String(data)));
    socket.on('close', () => resolve(text));
  });
  socket.write('POST /graphql HTTP/1.1\r\nhost: a\r\nx-slow: ');
  expect(await answered).toContain('408');
});

test('an oversized body is refused while it arrives, declared or not', async () => {
  const gateway = await openGateway({ bodyBytesMax: 1_000 });
  const body = JSON.stringify({ query: `{ __typename } # ${'x'.repeat(2_000)}` });
  const statuses = await Promise.all(
    [{ 'content-length': String(body.length) }, { 'transfer-encoding': 'chunked' }].map(
      (headers) =>
        new Promise<number | undefined>((resolve, reject) => {
          const sent = httpRequest(`${gateway.url}/graphql`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', ...headers },
          });
          sent.on('response', (response) => resolve(response.statusCode));
          sent.on('error', reject);
          sent.end(body);
        }),
    ),
  );
  expect(statuses).toEqual([413, 413]);
});

test('an id made by hand, of another type or cut short, is refused by name and reads nothing', async () => {
  const gateway = await openGateway();
  const { token, world } = await owner(gateway);
  const good = shownId('Account', world.accountId);
  for (const id of [
    good.slice(0, -3),
    `${good}A`,
    Buffer.from(`Account:${world.userId}`).toString('base64url'),
    '../../etc',
  ]) {
    const answer = await refusal(gateway, 'query ($id: ID!) { account(id: $id) { id } }', { id }, token);
    expect(answer).toMatchObject({ code: 'VALIDATION_FAILED', argument: 'id' });
  }
});
