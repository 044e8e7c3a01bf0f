import { createServer, connect as connectTo, type Socket } from 'node:net';
import { once } from 'node:events';
import { parse } from 'graphql';
import { expect, onTestFinished, test } from 'vitest';
import WebSocket from 'ws';
import { permissions, type Permission } from '../../src/domain/viewer.ts';
import { eventVariables } from '../../src/http/event-variables.ts';
import { append, makeClient, makeUser } from '../events/log-support.ts';
import { testDatabase } from '../support/database.ts';
import { follow } from '../support/follow.ts';
import { openGateway } from '../support/gateway.ts';

const all = new Set<Permission>(permissions);

async function house() {
  const statements: string[] = [];
  const database = await testDatabase({ onStatement: (text) => statements.push(text) });
  const gateway = await openGateway({ database, pollMilliseconds: 600_000 });
  const clientId = await makeClient(database);
  return { gateway, database, clientId, statements };
}

const withUser = 'subscription { events { ... on Event { user { email } } ... on AccountUpdatedEvent { changed } } }';
const email = (userId: string) => `${userId}@example.com`;

test('an event is executed once for all who ask the same, and each gets every event in order', async () => {
  const { gateway, database, clientId, statements } = await house();
  const scope = await makeUser(database, clientId);
  const followers = Array.from({ length: 20 }, () =>
    follow(gateway, gateway.issue({ kind: 'user', ...scope, permissions: all }), withUser),
  );
  await gateway.untilSubscribed(20);
  statements.length = 0;
  await append(database, scope, 'a', 'b', 'c');
  const expected = ['a', 'b', 'c'].map((mark) => ({
    data: { events: { user: { email: email(scope.userId) }, changed: [mark] } },
  }));
  expect(await Promise.all(followers.map((follower) => follower.take(3)))).toEqual(
    Array.from({ length: 20 }, () => expected),
  );
  expect(statements.filter((text) => text.includes('from "users"'))).toHaveLength(1);
});

test('two users with the same document never share an answer, nor do two tokens with other permissions', async () => {
  const { gateway, database, clientId } = await house();
  const [ada, bob] = [await makeUser(database, clientId), await makeUser(database, clientId)];
  const mayNotSeeUsers = new Set<Permission>(['events_read']);
  const tokens = [
    gateway.issue({ kind: 'user', ...ada, permissions: all }),
    gateway.issue({ kind: 'user', ...bob, permissions: all }),
    gateway.issue({ kind: 'user', ...ada, permissions: mayNotSeeUsers }),
    gateway.issue({ kind: 'client', clientId, permissions: all }),
  ];
  const [ofAda, ofBob, ofPoor, ofClient] = tokens.map((token) => follow(gateway, token, withUser));
  await gateway.untilSubscribed(4);
  await append(database, ada, 'ada');
  await append(database, bob, 'bob');
  const seen = (userId: string, mark: string) => ({
    data: { events: { user: { email: email(userId) }, changed: [mark] } },
  });
  expect(await ofAda!.take(1)).toEqual([seen(ada.userId, 'ada')]);
  expect(await ofBob!.take(1)).toEqual([seen(bob.userId, 'bob')]);
  expect(await ofClient!.take(2)).toEqual([seen(ada.userId, 'ada'), seen(bob.userId, 'bob')]);
  expect(await ofPoor!.take(1)).toEqual([
    {
      data: { events: { user: null, changed: ['ada'] } },
      errors: [expect.objectContaining({ extensions: expect.objectContaining({ code: 'FORBIDDEN' }) })],
    },
  ]);
});

test('values below the root field tell subscribers apart, arguments of the root field do not', async () => {
  const names = (text: string) => eventVariables(parse(text));
  expect(names('subscription ($after: Cursor) { events(after: $after) { cursor } }')).toEqual([]);
  expect(names('subscription ($a: Cursor, $x: Boolean!) { events(after: $a) { cursor @include(if: $x) } }')).toEqual([
    'x',
  ]);
  expect(names('subscription ($x: Boolean!) { events @include(if: $x) { cursor } }')).toEqual(['x']);
  expect(
    names('subscription ($a: Cursor) { ...F } fragment F on Subscription { events(after: $a) { cursor } }'),
  ).toEqual(['a']);
  const { gateway, database, clientId } = await house();
  const scope = await makeUser(database, clientId);
  const token = gateway.issue({ kind: 'user', ...scope, permissions: all });
  const query =
    'subscription ($x: Boolean!) { events { ... on AccountUpdatedEvent { changed @include(if: $x) sequence } } }';
  const [shown, hidden] = [true, false].map((x) => follow(gateway, token, query, { x }));
  await gateway.untilSubscribed(2);
  await append(database, scope, 'a');
  expect([await shown!.take(1), await hidden!.take(1)]).toEqual([
    [{ data: { events: { changed: ['a'], sequence: '1' } } }],
    [{ data: { events: { sequence: '1' } } }],
  ]);
});

test('counts operations, errors and running subscriptions of WebSockets', async () => {
  const { gateway, database, clientId } = await house();
  const scope = await makeUser(database, clientId);
  const token = gateway.issue({ kind: 'user', ...scope, permissions: all });
  const client = follow(gateway, token, withUser);
  await gateway.untilSubscribed(1);
  await follow(gateway, token, 'subscription { events(after: "broken") { cursor } }').failure();
  const lines = async () =>
    (await (await fetch(`${gateway.url}/metrics`)).text())
      .split('\n')
      .filter((line) => /^tributary_graphql_(operations_total|subscriptions)\{transport="ws"/.test(line));
  expect(await lines()).toEqual([
    'tributary_graphql_operations_total{transport="ws",outcome="stream"} 1',
    'tributary_graphql_operations_total{transport="ws",outcome="error"} 1',
    'tributary_graphql_subscriptions{transport="ws"} 1',
  ]);
  await client.end();
  await gateway.untilSubscribed(0);
  expect((await lines()).at(-1)).toBe('tributary_graphql_subscriptions{transport="ws"} 0');
});

/** A way to the gateway that can fall silent: what either side sends is then swallowed. */
async function silenceable(port: number) {
  let isSilent = false;
  const ends: Socket[] = [];
  const server = createServer((near) => {
    const far = connectTo(port, '127.0.0.1');
    ends.push(near, far);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('data', (data) => void (isSilent || to.write(data)));
      from.on('close', () => void (isSilent || to.destroy()));
      from.on('error', () => {});
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const end of ends) end.destroy();
    server.close();
  });
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('no address');
  return { url: `ws://127.0.0.1:${address.port}/graphql`, fallSilent: () => (isSilent = true) };
}

test('a peer that falls silent is cut, and its subscriptions end', async () => {
  const database = await testDatabase();
  const gateway = await openGateway({ database, keepAliveMilliseconds: 50 });
  const scope = await makeUser(database, await makeClient(database));
  const token = gateway.issue({ kind: 'user', ...scope, permissions: all });
  const way = await silenceable(Number(new URL(gateway.url).port));
  follow({ ...gateway, socketUrl: way.url }, token, withUser);
  const lively = follow(gateway, token, withUser);
  await gateway.untilSubscribed(2);
  way.fallSilent();
  await gateway.untilSubscribed(1);
  await append(database, scope, 'a');
  expect(await lively.take(1)).toMatchObject([{ data: { events: { changed: ['a'] } } }]);
});

test('a reader that stops reading is told that it lags, others are not held up, and nothing is lost', async () => {
  const database = await testDatabase();
  const gateway = await openGateway({ database, windowEvents: 10 });
  const scope = await makeUser(database, await makeClient(database));
  const token = gateway.issue({ kind: 'user', ...scope, permissions: all });
  const slow = new WebSocket(gateway.socketUrl, 'graphql-transport-ws');
  onTestFinished(() => slow.terminate());
  await once(slow, 'open');
  const send = (message: object) => slow.send(JSON.stringify(message));
  send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
  await once(slow, 'message');
  const query = 'subscription { events { __typename cursor ... on AccountUpdatedEvent { changed } } }';
  send({ id: '1', type: 'subscribe', payload: { query } });
  const quick = follow(gateway, token, query);
  await gateway.untilSubscribed(2);
  slow.pause();
  // More than the sockets between take in: 100 events of 200 kB.
  const marks = Array.from({ length: 100 }, (_, index) => `${index}:${'x'.repeat(200_000)}`);
  for (const mark of marks) {
    await append(database, scope, mark);
    await quick.take(1);
  }
  const received: { changed?: string[]; cursor: string; __typename: string }[] = [];
  const lagged = Promise.withResolvers<void>();
  slow.on('message', (data) => {
    // oxlint-disable-next-line typescript/no-base-to-string -- text frames arrive as Buffers
    const message = JSON.parse(String(data)) as { type: string; payload: { data: { events: (typeof received)[0] } } };
    if (message.type === 'complete') lagged.resolve();
    else if (message.type === 'next') received.push(message.payload.data.events);
  });
  slow.resume();
  await lagged.promise;
  expect(received.at(-1)?.__typename).toBe('Lagged');
  const rest = follow(
    gateway,
    token,
    'subscription ($after: Cursor) { events(after: $after) { cursor ... on AccountUpdatedEvent { changed } } }',
    { after: received.at(-1)!.cursor },
  );
  const before = received.slice(0, -1).map((item) => item.changed?.[0]);
  const after = (await rest.take(100 - before.length)) as { data: { events: { changed: string[] } } }[];
  expect([...before, ...after.map((item) => item.data.events.changed[0])]).toEqual(marks);
});
