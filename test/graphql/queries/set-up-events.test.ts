import { expect, test } from 'vitest';
import { createQueue } from '../../../src/actions/create-queue.ts';
import { createWebhook } from '../../../src/actions/create-webhook.ts';
import { permissions } from '../../../src/domain/viewer.ts';
import { createWebhookSender } from '../../../src/events/webhook-sender.ts';
import { append } from '../../events/log-support.ts';
import { clientScope, deliverDue } from '../../events/webhook-support.ts';
import { testDatabase } from '../../support/database.ts';
import { seedWorld } from '../../support/fixtures.ts';
import { openGateway } from '../../support/gateway.ts';
import { houseContext } from '../../support/house-context.ts';
import { openReceiver } from '../../support/receiver.ts';
import { clientViewer, shownId, userViewer } from '../execute.ts';

async function house() {
  const statements: string[] = [];
  const database = await testDatabase({ onStatement: (text) => statements.push(text) });
  const gateway = await openGateway({ database, pollMilliseconds: 600_000 });
  const actions = await houseContext({ database, clock: gateway.clock, isLoopbackAllowed: true });
  const world = await seedWorld(database);
  return { database, gateway, actions, world, client: clientScope(world.clientId), statements };
}

/** The tables that these statements read, each as often as it was read. */
function tablesOf(statements: readonly string[]): string[] {
  return statements
    .map((text) => / from "(\w+)"/.exec(text)?.[1] ?? text)
    .toSorted((left, right) => left.localeCompare(right));
}

test('a page of events finds the queues and webhooks that they speak of with one statement for each, of each owner', async () => {
  const { database, gateway, actions, world, client, statements } = await house();
  const stranger = await seedWorld(database, { name: 'stranger' });
  const input = { types: [], after: null };
  for (const scope of [client, world.scope, clientScope(stranger.clientId)]) {
    for (const name of ['one', 'two', 'three']) {
      await createQueue(actions, scope, { ...input, name });
      await createWebhook(actions, scope, { ...input, url: `http://127.0.0.1/${name}`, isOrdered: false });
    }
  }
  statements.length = 0;
  const query = `{ events(first: 20) { nodes {
    __typename ... on QueueEvent { queue { name } } ... on WebhookEvent { webhook { url } }
  } } }`;
  const of = (name: string) => [
    { __typename: 'QueueCreatedEvent', queue: { name } },
    { __typename: 'WebhookCreatedEvent', webhook: { url: `http://127.0.0.1/${name}` } },
  ];
  const three = ['one', 'two', 'three'].flatMap(of);
  expect(await gateway.ask(gateway.issue(clientViewer(world.clientId, permissions)), query)).toEqual({
    data: { events: { nodes: [...three, ...three] } },
  });
  expect(tablesOf(statements)).toEqual(['events', 'queues', 'webhooks']);
  expect(await gateway.ask(gateway.issue(userViewer(world.scope)), query)).toEqual({
    data: { events: { nodes: three } },
  });
});

test('a page of deliveries finds its events with one statement, and those that are gone are null', async () => {
  const { database, gateway, actions, world, client, statements } = await house();
  const receiver = await openReceiver();
  const { id } = await createWebhook(actions, client, {
    url: receiver.url,
    types: ['account.updated'],
    isOrdered: false,
    after: null,
  });
  await append(database, world.scope, 'a', 'b', 'c', 'd');
  const sender = createWebhookSender({ clock: gateway.clock, isLoopbackAllowed: true });
  await deliverDue({ database, clock: gateway.clock, vault: actions.vault, sender, random: () => 0 });
  await sender.close();
  await database.sql`delete from events where sequence = 2 and user_id = ${world.scope.userId}`;
  statements.length = 0;
  const answer = await gateway.ask(
    gateway.issue(clientViewer(world.clientId)),
    `query ($id: ID!) { webhook(id: $id) { deliveries(first: 10) { nodes { event { sequence } } } } }`,
    { id: shownId('Webhook', id) },
  );
  const { nodes } = (
    answer as { data: { webhook: { deliveries: { nodes: { event: { sequence: string } | null }[] } } } }
  ).data.webhook.deliveries;
  expect(nodes.map(({ event }) => event?.sequence ?? null)).toEqual(expect.arrayContaining(['1', '3', '4', null]));
  expect(nodes).toHaveLength(4);
  expect(statements.filter((text) => text.includes('from "events"'))).toHaveLength(1);
});
