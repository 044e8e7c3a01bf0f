import { expect, test } from 'vitest';
import type { Viewer } from '../../../src/domain/viewer.ts';
import { append } from '../../events/log-support.ts';
import { seedWorld } from '../../support/fixtures.ts';
import { openGateway } from '../../support/gateway.ts';
import { clientViewer, shownId, userViewer } from '../execute.ts';

interface Answer {
  readonly data: Record<string, Record<string, unknown>>;
  readonly errors?: { extensions: { code: string } }[];
}

async function world() {
  const gateway = await openGateway();
  const seeded = await seedWorld(gateway.database);
  const ask = async (viewer: Viewer, query: string, variables?: Record<string, unknown>) =>
    (await gateway.ask(gateway.issue(viewer), query, variables)) as Answer;
  const made = await ask(
    clientViewer(seeded.clientId),
    `mutation ($userId: ID!) {
      queueCreate(input: { name: "All", userId: $userId, types: [ACCOUNT_UPDATED] }) {
        ... on QueueCreatePayload { queue { id name types createdAt user { id } consumers { name } lag { count isAtLeast } } }
      }
    }`,
    { userId: shownId('User', seeded.userId) },
  );
  const queue = made.data['queueCreate']!['queue'] as { id: string };
  return { ...seeded, gateway, ask, queue, viewer: userViewer(seeded.scope) };
}

const poll = `query ($id: ID!, $wait: Int) { queue(id: $id) {
  poll(first: 2, waitSeconds: $wait) { events { __typename id sequence payload } cursor hasMore } } }`;

test('makes a queue, polls it with a wait, acknowledges, and polls what is behind', async () => {
  const { ask, viewer, queue, gateway, scope, userId } = await world();
  expect(queue).toEqual({
    id: expect.any(String),
    name: 'All',
    types: ['ACCOUNT_UPDATED'],
    createdAt: '2026-03-02T09:00:00.000Z',
    user: { id: shownId('User', userId) },
    consumers: [],
    lag: { count: 0, isAtLeast: false },
  });
  const waiting = ask(viewer, poll, { id: queue.id, wait: 25 });
  await append(gateway.database, scope, 'a');
  await append(gateway.database, scope, 'b', 'c');
  const first = (await waiting).data['queue']!['poll'] as { events: object[]; cursor: string };
  expect(first.events[0]).toEqual({
    __typename: 'AccountUpdatedEvent',
    id: expect.any(String),
    sequence: '2',
    payload: expect.stringContaining('"type":"account.updated"'),
  });
  const acknowledged = await ask(
    viewer,
    `mutation ($id: ID!, $cursor: Cursor!) {
      queueAcknowledge(input: { id: $id, cursor: $cursor }) {
        __typename ... on QueueAcknowledgePayload { cursor queue { consumers { name cursor } } }
      }
    }`,
    { id: queue.id, cursor: first.cursor },
  );
  expect(acknowledged.data['queueAcknowledge']).toEqual({
    __typename: 'QueueAcknowledgePayload',
    cursor: first.cursor,
    queue: { consumers: [{ name: 'default', cursor: first.cursor }] },
  });
  const rest = (await ask(viewer, poll, { id: queue.id })).data['queue']!['poll'] as { events: object[] };
  expect(rest.events).toHaveLength(Math.min(2, 3 - first.events.length));
  const reset = await ask(
    viewer,
    'mutation ($id: ID!) { queueReset(input: { id: $id }) { ... on QueueResetPayload { queue { lag { count } } } } }',
    { id: queue.id },
  );
  expect(reset.data['queueReset']).toEqual({ queue: { lag: { count: 3 } } });
});

test.each([{ wait: -1 }, { wait: 26 }])('refuses to wait %o seconds', async ({ wait }) => {
  const { ask, viewer, queue } = await world();
  const answer = await ask(viewer, poll, { id: queue.id, wait });
  expect(answer.errors?.[0]?.extensions.code).toBe('VALIDATION_FAILED');
});

test.each(['', 'c'.repeat(101)])('refuses to poll for a consumer that cannot acknowledge', async (consumer) => {
  const { ask, viewer, queue } = await world();
  const query = 'query ($id: ID!, $consumer: String) { queue(id: $id) { poll(consumer: $consumer) { cursor } } }';
  const answer = await ask(viewer, query, { id: queue.id, consumer });
  expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'VALIDATION_FAILED', argument: 'consumer' });
});

test('a cursor of another list is refused, and nothing moves', async () => {
  const { ask, viewer, queue, gateway } = await world();
  const answer = await ask(
    viewer,
    `mutation ($id: ID!) { queueAcknowledge(input: { id: $id, cursor: "abc" }) {
      ... on Failure { code } ... on InvalidInput { issues { path } } } }`,
    { id: queue.id },
  );
  expect(answer.data['queueAcknowledge']).toEqual({ code: 'CURSOR_INVALID', issues: [{ path: ['cursor'] }] });
  expect(await gateway.database.sql`select 1 from queue_consumers`).toHaveLength(0);
});

test('deletes a queue, and the log tells both', async () => {
  const { ask, viewer, queue, gateway } = await world();
  const remove = 'mutation ($id: ID!) { queueDelete(input: { id: $id }) { __typename ... on Failure { code } } }';
  expect((await ask(viewer, remove, { id: queue.id })).data['queueDelete']).toEqual({
    __typename: 'QueueDeletePayload',
  });
  expect((await ask(viewer, remove, { id: queue.id })).data['queueDelete']).toMatchObject({ code: 'NOT_FOUND' });
  const rows = await gateway.database.sql`select type from events order by sequence`;
  expect(rows.map((row) => row['type'])).toEqual(['queue.created', 'queue.deleted']);
});
