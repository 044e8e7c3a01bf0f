import { createClient } from 'graphql-ws';
import { expect, onTestFinished, test, vi } from 'vitest';
import WebSocket from 'ws';
import { createQueue } from '../../src/actions/create-queue.ts';
import { append } from '../events/log-support.ts';
import { shownId, userViewer } from '../graphql/execute.ts';
import { houseContext } from '../support/house-context.ts';
import { seedWorld } from '../support/fixtures.ts';
import { openGateway } from '../support/gateway.ts';

const query = 'query ($id: ID!) { queue(id: $id) { poll(waitSeconds: 25) { events { __typename } } } }';
const nothing = { data: { queue: { poll: { events: [] } } } };

/** A gateway with an empty queue. A wait that nobody ends outlasts `untilWaiting`. */
async function queueHouse() {
  const gateway = await openGateway();
  const { database, clock } = gateway;
  const { scope } = await seedWorld(database);
  const actions = await houseContext({ database, clock });
  const queueId = await createQueue(actions, scope, { name: null, types: ['account.updated'], after: null });
  const variables = { id: shownId('Queue', queueId) };
  const token = gateway.issue(userViewer(scope));
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const body = JSON.stringify({ query, variables });
  return {
    gateway,
    scope,
    variables,
    token,
    poll: (signal: AbortSignal | null) =>
      fetch(`${gateway.url}/graphql`, { method: 'POST', headers, body, ...(signal ? { signal } : {}) }),
    untilWaiting: (count: number) =>
      vi.waitFor(async () => {
        const text = await (await fetch(`${gateway.url}/metrics`)).text();
        expect(text).toContain(`tributary_event_streams ${count}\n`);
      }, 10_000),
  };
}

function socketClient({ gateway, token }: Awaited<ReturnType<typeof queueHouse>>) {
  const sockets: WebSocket[] = [];
  class Socket extends WebSocket {
    constructor(url: string, protocol: string) {
      super(url, protocol);
      sockets.push(this);
    }
  }
  const client = createClient({
    url: gateway.socketUrl,
    webSocketImpl: Socket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
    lazy: false,
    onNonLazyError: () => {},
  });
  onTestFinished(() => void client.dispose());
  return { client, sockets };
}

test('a poll over HTTP whose client hangs up waits no longer', async () => {
  const { poll, untilWaiting } = await queueHouse();
  const hangUp = new AbortController();
  const answer = poll(hangUp.signal);
  await untilWaiting(1);
  hangUp.abort();
  await expect(answer).rejects.toThrow('aborted');
  await untilWaiting(0);
});

test('a poll over a WebSocket that is completed waits no longer; the others on the socket go on', async () => {
  const house = await queueHouse();
  const { client, sockets } = socketClient(house);
  const [completed, kept] = [
    client.iterate({ query, variables: house.variables }),
    client.iterate({ query, variables: house.variables }),
  ];
  void completed.next();
  const answer = kept.next();
  await house.untilWaiting(2);
  await completed.return?.();
  await house.untilWaiting(1);
  await append(house.gateway.database, house.scope, 'a');
  expect((await answer).value).toEqual({
    data: { queue: { poll: { events: [{ __typename: 'AccountUpdatedEvent' }] } } },
  });
  expect(sockets).toHaveLength(1);
});

test('polls over a WebSocket that is cut wait no longer', async () => {
  const house = await queueHouse();
  const { client, sockets } = socketClient(house);
  for (let index = 0; index < 2; index += 1) {
    client
      .iterate({ query, variables: house.variables })
      .next()
      .catch(() => {});
  }
  await house.untilWaiting(2);
  sockets[0]!.terminate();
  await house.untilWaiting(0);
});

test('a drain ends the wait of a poll, which answers that there was nothing', async () => {
  const { gateway, scope, poll, untilWaiting } = await queueHouse();
  const answer = poll(null);
  await untilWaiting(1);
  const closing = gateway.close();
  // What comes later would have ended it as well, and is not in the answer.
  await append(gateway.database, scope, 'a');
  expect(await (await answer).json()).toEqual(nothing);
  await closing;
});
