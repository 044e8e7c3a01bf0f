import { createClient } from 'graphql-ws';
import { expect, onTestFinished, test } from 'vitest';
import WebSocket from 'ws';
import { permissions } from '../../src/domain/viewer.ts';
import { append, makeClient, makeUser } from '../events/log-support.ts';
import { openGateway } from '../support/gateway.ts';

const query = 'subscription { events(after: "ZXZ0OjA6MA") { ... on AccountUpdatedEvent { changed } } }';

test('one subscription too many is RATE_LIMITED on both transports, until another has ended', async () => {
  const gateway = await openGateway({ subscriptionsMax: { client: 1, user: 2 } });
  const clientId = await makeClient(gateway.database);
  const scope = await makeUser(gateway.database, clientId);
  await append(gateway.database, scope, 'a');
  const authorization = `Bearer ${gateway.issue({ kind: 'user', ...scope, permissions: new Set(permissions) })}`;
  const client = createClient({
    url: gateway.socketUrl,
    webSocketImpl: WebSocket,
    connectionParams: { authorization },
    retryAttempts: 0,
  });
  onTestFinished(() => void client.dispose());
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  const overSse = () =>
    fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', authorization },
      body: JSON.stringify({ query }),
      signal: abort.signal,
    });
  const overSocket = () => client.iterate({ query });

  const first = overSocket();
  expect((await first.next()).value).toEqual({ data: { events: { changed: ['a'] } } });
  await overSse();
  await gateway.untilSubscribed(2);
  const message = 'This user may have 2 subscriptions open at once. End one that is not needed.';
  const { value } = await overSocket().next();
  expect(value).toMatchObject({ errors: [{ message, extensions: { code: 'RATE_LIMITED', limit: 2 } }] });
  expect(await (await overSse()).text()).toContain(message);

  await first.return?.();
  await gateway.untilSubscribed(1);
  expect((await overSocket().next()).value).toEqual({ data: { events: { changed: ['a'] } } });
});
