import { expect, test } from 'vitest';
import { createWebhookSender } from '../../../src/events/webhook-sender.ts';
import { createWebhook } from '../../../src/actions/create-webhook.ts';
import { append } from '../../events/log-support.ts';
import { clientScope, deliverDue } from '../../events/webhook-support.ts';
import { seedWorld } from '../../support/fixtures.ts';
import { openGateway } from '../../support/gateway.ts';
import { openReceiver } from '../../support/receiver.ts';
import { clientViewer, shownId, userViewer } from '../execute.ts';

const query = `query ($id: ID!, $statuses: [WebhookDeliveryStatus!]) { webhook(id: $id) { pausedUntilAt failingSinceAt
  deliveries(first: 10, statuses: $statuses) { nodes {
    __typename kind status attemptCount nextAttemptAt createdAt finishedAt event { __typename sequence }
    attempts { __typename number startedAt outcome statusCode responseMilliseconds snippet }
  } pageInfo { hasNextPage } } } }`;

test('the log of deliveries shows every attempt, and only to the owner', async () => {
  const gateway = await openGateway();
  const world = await seedWorld(gateway.database);
  // What an action makes is the same whoever calls it; the first request gives what the gateway has.
  await gateway.ask(gateway.issue(clientViewer(world.clientId)), '{ viewer { scopes } }');
  const actions = { ...gateway.contexts[0]!.actions, isLoopbackAllowed: true };
  const receiver = await openReceiver();
  receiver.answer = ({ event }) => ({ status: event.data['changed']?.toString() === 'bad' ? 503 : 204, body: '' });
  const { database, clock } = gateway;
  const input = { url: receiver.url, types: ['account.updated'] as const, isOrdered: false, after: null };
  const { id } = await createWebhook(actions, clientScope(world.clientId), input);
  const sender = createWebhookSender({ clock, isLoopbackAllowed: true });
  await append(database, world.scope, 'bad');
  await deliverDue({ database, clock, vault: actions.vault, sender, random: () => 0 });
  clock.advance(1000);
  await append(database, world.scope, 'good');
  await deliverDue({ database, clock, vault: actions.vault, sender, random: () => 0 });
  await sender.close();

  const asked = { id: shownId('Webhook', id) };
  const ask = (viewer: Parameters<typeof gateway.issue>[0], more = {}) =>
    gateway.ask(gateway.issue(viewer), query, { ...asked, ...more });
  const attempt = { __typename: 'WebhookAttempt', number: 1, responseMilliseconds: expect.any(Number), snippet: null };
  const failed = {
    __typename: 'WebhookDelivery',
    kind: 'LIVE',
    status: 'PENDING',
    attemptCount: 1,
    nextAttemptAt: '2026-03-02T09:00:05.000Z',
    createdAt: '2026-03-02T09:00:00.000Z',
    finishedAt: null,
    event: { __typename: 'AccountUpdatedEvent', sequence: '1' },
    attempts: [{ ...attempt, startedAt: '2026-03-02T09:00:00.000Z', outcome: 'STATUS_REFUSED', statusCode: 503 }],
  };
  const succeeded = {
    ...failed,
    status: 'SUCCEEDED',
    nextAttemptAt: null,
    createdAt: '2026-03-02T09:00:01.000Z',
    finishedAt: '2026-03-02T09:00:01.000Z',
    event: { __typename: 'AccountUpdatedEvent', sequence: '2' },
    attempts: [{ ...attempt, startedAt: '2026-03-02T09:00:01.000Z', outcome: 'SUCCEEDED', statusCode: 204 }],
  };
  const page = (nodes: object[]) => ({
    data: {
      webhook: { pausedUntilAt: null, failingSinceAt: null, deliveries: { nodes, pageInfo: { hasNextPage: false } } },
    },
  });
  expect(await ask(clientViewer(world.clientId))).toEqual(page([succeeded, failed]));
  expect(await ask(clientViewer(world.clientId), { statuses: ['PENDING'] })).toEqual(page([failed]));
  expect(await ask(clientViewer(world.clientId), { statuses: [] })).toEqual(page([succeeded, failed]));
  const stranger = await seedWorld(database, { name: 'stranger' });
  for (const viewer of [clientViewer(stranger.clientId), userViewer(world.scope)]) {
    expect(await ask(viewer)).toEqual({ data: { webhook: null } });
  }
});
