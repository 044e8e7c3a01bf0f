import { CloseCode, createClient } from 'graphql-ws';
import { expect, onTestFinished, test, vi } from 'vitest';
import WebSocket from 'ws';
import { permissions, type Viewer } from '../../src/domain/viewer.ts';
import { append, makeClient, makeUser } from '../events/log-support.ts';
import { openGateway, type TestGateway } from '../support/gateway.ts';

function clientFor(gateway: TestGateway, connectionParams: Record<string, unknown>) {
  const client = createClient({
    url: gateway.socketUrl,
    webSocketImpl: WebSocket,
    connectionParams,
    retryAttempts: 0,
    lazy: true,
  });
  onTestFinished(() => void client.dispose());
  return client;
}

async function subscriber(gateway: TestGateway) {
  const scope = await makeUser(gateway.database, await makeClient(gateway.database));
  const viewer: Viewer = { kind: 'user', ...scope, permissions: new Set(permissions) };
  return { scope, token: gateway.issue(viewer) };
}

/** The code and reason with which the server closes a socket that sends these messages. */
function closing(
  url: string,
  messages: (string | object)[],
  options: WebSocket.ClientOptions = {},
  protocol = 'graphql-transport-ws',
) {
  const socket = new WebSocket(url, protocol, options);
  onTestFinished(() => socket.terminate());
  socket.on('open', () => {
    for (const message of messages) socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  });
  return new Promise<[number, string]>((resolve, reject) => {
    socket.on('close', (code, reason) => resolve([code, String(reason)]));
    socket.on('error', reject);
  });
}

test('a graphql-ws client replays from a cursor, goes live and completes', async () => {
  const gateway = await openGateway();
  const { scope, token } = await subscriber(gateway);
  await append(gateway.database, scope, 'a', 'b');
  const { data } = (await gateway.ask(token, '{ events(first: 1) { pageInfo { endCursor } } }')) as {
    data: { events: { pageInfo: { endCursor: string } } };
  };
  const client = clientFor(gateway, { authorization: `Bearer ${token}` });
  const query = `subscription ($after: Cursor) { events(after: $after) {
    __typename ... on Event { sequence } ... on AccountUpdatedEvent { changed }
  } }`;
  const results = client.iterate({ query, variables: { after: data.events.pageInfo.endCursor } });
  const first = await results.next();
  await append(gateway.database, scope, 'c');
  const second = await results.next();
  expect([first.value, second.value]).toEqual([
    { data: { events: { __typename: 'AccountUpdatedEvent', sequence: '2', changed: ['b'] } } },
    { data: { events: { __typename: 'AccountUpdatedEvent', sequence: '3', changed: ['c'] } } },
  ]);
  expect(await results.return?.()).toMatchObject({ done: true });
});

test('answers queries and validation errors on the same socket as over HTTP', async () => {
  const gateway = await openGateway();
  const { token } = await subscriber(gateway);
  const client = clientFor(gateway, { Authorization: `Bearer ${token}` });
  expect((await client.iterate({ query: '{ __typename }' }).next()).value).toEqual({ data: { __typename: 'Query' } });
  const bad = client.iterate({ query: '{ nonsense }' }).next();
  await expect(bad).rejects.toMatchObject([{ extensions: { code: 'VALIDATION_FAILED' } }]);
  const broken = client.iterate({ query: '{' }).next();
  await expect(broken).rejects.toMatchObject([{ extensions: { code: 'VALIDATION_FAILED' } }]);
});

test('a subscription that asks for too much with each event is refused, without what only HTTP has', async () => {
  const gateway = await openGateway();
  const { token } = await subscriber(gateway);
  const client = clientFor(gateway, { Authorization: `Bearer ${token}` });
  const accounts = 'accounts(first: 100) { nodes { transactions(first: 500) { nodes { id } } } }';
  const query = `subscription { events { ... on Event { user { connections(first: 100) { nodes { ${accounts} } } } } } }`;
  const refused = await client
    .iterate({ query })
    .next()
    .catch((error: unknown) => error);
  expect(refused).toMatchObject([{ extensions: { code: 'QUERY_TOO_COMPLEX', measure: 'objects', limit: 100_000 } }]);
  expect(JSON.stringify(refused)).not.toContain('"http"');
});

test('takes the token of the upgrade request as well', async () => {
  const gateway = await openGateway();
  const { token } = await subscriber(gateway);
  const socket = new WebSocket(gateway.socketUrl, 'graphql-transport-ws', {
    headers: { authorization: `Bearer ${token}` },
  });
  onTestFinished(() => socket.terminate());
  socket.on('open', () => socket.send('{"type":"connection_init"}'));
  const message = await new Promise((resolve) =>
    socket.once('message', (data: Buffer) => resolve(JSON.parse(data.toString()))),
  );
  expect(message).toEqual({ type: 'connection_ack' });
});

test.each([
  ['without a token', {}, 'Unauthorized: send'],
  ['with a token that is not ours', { authorization: 'Bearer unknown' }, 'not issued here'],
  ['with an Authorization that is none', { authorization: 'sesame' }, 'Authorization header must read'],
])('closes a socket %s with 4401 and the reason', async (_what, payload, reason) => {
  const gateway = await openGateway();
  const [code, text] = await closing(gateway.socketUrl, [{ type: 'connection_init', payload }]);
  expect(code).toBe(CloseCode.Unauthorized);
  expect(text).toContain(reason.slice(0, 40));
});

test('closes a socket that subscribes before connection_init with 4401, one that speaks no JSON with 4400', async () => {
  const gateway = await openGateway();
  const subscribe = { id: '1', type: 'subscribe', payload: { query: 'subscription { events { cursor } }' } };
  expect((await closing(gateway.socketUrl, [subscribe]))[0]).toBe(CloseCode.Unauthorized);
  expect((await closing(gateway.socketUrl, ['nonsense']))[0]).toBe(CloseCode.BadRequest);
});

test('refuses a message that is too long with 1009, and an upgrade elsewhere with 404', async () => {
  const gateway = await openGateway({ bodyBytesMax: 1000 });
  expect((await closing(gateway.socketUrl, ['x'.repeat(2000)]))[0]).toBe(1009);
  await expect(closing(gateway.socketUrl.replace('/graphql', '/elsewhere'), [])).rejects.toThrow('404');
});

test('closes a socket with 4403 when its token expires', async () => {
  const gateway = await openGateway();
  const { token } = await subscriber(gateway);
  const closed = Promise.withResolvers<unknown>();
  const acknowledged = Promise.withResolvers<void>();
  const client = createClient({
    url: gateway.socketUrl,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
    lazy: false,
    onNonLazyError: () => {},
    on: { connected: () => acknowledged.resolve(), closed: (event) => closed.resolve(event) },
  });
  onTestFinished(() => void client.dispose());
  await acknowledged.promise;
  gateway.clock.advance(3_600_001);
  expect(await closed.promise).toMatchObject({ code: 4403, reason: 'The access token has expired.' });
});

test('on a drain sockets are told to come back (1012), and the port is free afterwards', async () => {
  const gateway = await openGateway();
  const { token } = await subscriber(gateway);
  const payload = { authorization: `Bearer ${token}` };
  const socket = new WebSocket(gateway.socketUrl, 'graphql-transport-ws');
  socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload })));
  await new Promise((resolve) => socket.once('message', resolve));
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await gateway.close();
  expect(await closed).toBe(1012);
  await expect(fetch(`${gateway.url}/health/live`)).rejects.toThrow('fetch failed');
});

test('a socket that says nothing for ten seconds is closed with 4408', async () => {
  const gateway = await openGateway();
  const closed = closing(gateway.socketUrl, []);
  await vi.waitFor(async () => {
    expect(await (await fetch(`${gateway.url}/metrics`)).text()).toContain('tributary_websocket_connections 1\n');
  });
  gateway.clock.advance(10_001);
  expect(await closed).toEqual([4408, 'Connection initialisation timeout']);
});

test('an id that runs is refused with 4409, and is free again once the client has completed it', async () => {
  const gateway = await openGateway();
  const { token } = await subscriber(gateway);
  const init = { type: 'connection_init', payload: { authorization: `Bearer ${token}` } };
  const subscribe = { id: '1', type: 'subscribe', payload: { query: 'subscription { events { cursor } }' } };
  const socket = new WebSocket(gateway.socketUrl, 'graphql-transport-ws');
  onTestFinished(() => socket.terminate());
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const send = (message: object) => socket.send(JSON.stringify(message));
  socket.on('open', () => send(init));
  await new Promise((resolve) => socket.once('message', resolve));
  send(subscribe);
  await gateway.untilSubscribed(1);
  send({ id: '1', type: 'complete' });
  await gateway.untilSubscribed(0);
  send(subscribe);
  await gateway.untilSubscribed(1);
  send(subscribe);
  expect(await closed).toBe(CloseCode.SubscriberAlreadyExists);
  await gateway.untilSubscribed(0);
});
