import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createSocketClient } from 'graphql-ws';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTributary, type Tributary } from '../../src/app/compose.ts';
import { readConfig } from '../../src/app/config.ts';
import { roles } from '../../src/app/roles.ts';
import { visitBank } from '../../src/cli/demo/bank-visit.ts';
import { connectGateway, requestToken } from '../../src/cli/demo/gateway-client.ts';
import * as questions from '../../src/cli/demo/questions.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { describeInBrowser } from '../support/browser.ts';

const sandbox = { id: 'sandbox', secret: 'sandbox-secret' };
const syncEvents = `subscription ($connectionId: ID!) {
  syncEvents(connectionId: $connectionId, after: "ZXZ0OjA6MA") { __typename ... on Event { id sequence } }
}`;

interface Seen {
  readonly syncEvents: { readonly __typename: string; readonly id: string; readonly sequence: string };
}

let directory: string;
let tributary: Tributary;
const gatewayUrl = () => tributary.addresses.publicUrl ?? '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tributary-live-'));
  const config = readConfig({ TRIBUTARY_DATA_DIR: directory, PORT: '0', TEST_BANK_PORT: '0' });
  tributary = await startTributary({ config, roles: new Set(roles), log: silentLog });
});

afterAll(async () => {
  await tributary?.shutdown.run();
  await rm(directory, { recursive: true, force: true });
});

/** A new user with a connection that waits at the bank; `approve` lets its first sync begin. */
async function waitingConnection(email: string) {
  const client = connectGateway(
    gatewayUrl(),
    await requestToken(gatewayUrl(), sandbox, { grant_type: 'client_credentials' }),
  );
  const password = `live-${crypto.randomUUID()}`;
  const { userCreate } = await client.ask(questions.createUser.shape, questions.createUser.document, {
    input: { email, password },
  });
  expect(userCreate.code).toBeUndefined();
  const token = await requestToken(gatewayUrl(), sandbox, { grant_type: 'password', username: email, password });
  const user = connectGateway(gatewayUrl(), token);
  const { providers } = await user.ask(questions.findTestBank.shape, questions.findTestBank.document);
  const providerId = providers.nodes.find(({ name }) => name === 'Tributary Test Bank')?.id;
  const input = { providerId, channels: ['REDIRECT'] };
  const { connectionCreate } = await user.ask(questions.createConnection.shape, questions.createConnection.document, {
    input,
  });
  return {
    token,
    connectionId: connectionCreate.connection!.id,
    approve: async () => {
      const back = await visitBank(connectionCreate.authorizationUrl!, { login: 'alice', password: 'tributary1' });
      await fetch(back, { redirect: 'manual' });
    },
  };
}

async function untilSynced(results: AsyncIterable<{ data?: Seen | null | undefined }>): Promise<Seen['syncEvents'][]> {
  const seen: Seen['syncEvents'][] = [];
  for await (const { data } of results) {
    if (data) seen.push(data.syncEvents);
    if (data?.syncEvents.__typename === 'SyncSucceededEvent') return seen;
  }
  throw new Error('The stream ended before the sync did.');
}

test('a graphql-ws client and a graphql-sse client see the same events of a running sync', async () => {
  const { token, connectionId, approve } = await waitingConnection('streams@example.com');
  const authorization = `Bearer ${token}`;
  const url = `${gatewayUrl()}/graphql`;
  const socket = createSocketClient({ url: url.replace(/^http/, 'ws'), connectionParams: { authorization } });
  const sse = createSseClient({ url, headers: { authorization } });
  const request = { query: syncEvents, variables: { connectionId } };
  const [overSocket, overSse] = await Promise.all([
    untilSynced(socket.iterate<Seen>(request)),
    untilSynced(sse.iterate<Seen>(request)),
    approve(),
  ]);
  await socket.dispose();
  sse.dispose();
  expect(overSse).toEqual(overSocket);
  expect(overSocket.map(({ __typename }) => __typename).filter((name) => !/Progress|Account|Transactions/.test(name)))
    .toMatchInlineSnapshot(`
    [
      "SyncQueuedEvent",
      "SyncStartedEvent",
      "SyncSucceededEvent",
    ]
  `);
});

describeInBrowser('GraphiQL in a browser', (browser) => {
  test('streams a running sync to its end', async () => {
    const { token, connectionId, approve } = await waitingConnection('graphiql@example.com');
    const page = await browser.page();
    await page.addInitScript(
      ([query, headers, variables]) => {
        localStorage.setItem('graphiql:shouldPersistHeaders', 'true');
        localStorage.setItem('graphiql:query', query ?? '');
        localStorage.setItem('graphiql:headers', headers ?? '');
        localStorage.setItem('graphiql:variables', variables ?? '');
      },
      [syncEvents, JSON.stringify({ Authorization: `Bearer ${token}` }), JSON.stringify({ connectionId })],
    );
    await page.goto(`${gatewayUrl()}/graphql`);
    await page.getByRole('button', { name: /Execute/ }).click();
    await page.getByRole('button', { name: /Stop/ }).waitFor();
    await approve();
    await page.getByText('SyncSucceededEvent').first().waitFor({ timeout: 30_000 });
  }, 60_000);
});
