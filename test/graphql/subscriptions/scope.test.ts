import { expect, test } from 'vitest';
import { permissions, scopeOfRow, type Permission, type Viewer } from '../../../src/domain/viewer.ts';
import { globalId } from '../../../src/graphql/global-id.ts';
import { inUserTransaction } from '../../../src/store/log.ts';
import { newId } from '../../../src/kernel/id.ts';
import { append, marked } from '../../events/log-support.ts';
import { seedClient, seedConnection, seedProvider, seedUser, seededAt } from '../../support/fixtures.ts';
import { openGateway } from '../../support/gateway.ts';
import { follow } from '../../support/follow.ts';

const all = new Set<Permission>(permissions);

async function house() {
  const gateway = await openGateway();
  const { database } = gateway;
  const clientId = await seedClient(database);
  const ada = scopeOfRow({ clientId, userId: await seedUser(database, clientId) });
  const bob = scopeOfRow({ clientId, userId: await seedUser(database, clientId, 'bob@example.com') });
  const provider = await seedProvider(database);
  const connection = await seedConnection(database, ada, provider);
  const asAda = gateway.issue({ kind: 'user', ...ada, permissions: all });
  const asBob = gateway.issue({ kind: 'user', ...bob, permissions: all });
  const asClient = gateway.issue({ kind: 'client', clientId, permissions: all });
  return { gateway, database, clientId, ada, bob, connection, asAda, asBob, asClient };
}

test('a user hears of nobody else, a client of all its users, another client of nothing', async () => {
  const { gateway, database, ada, bob, asAda, asClient } = await house();
  const foreignId = await seedClient(database, 'Foreign');
  const stranger = scopeOfRow({ clientId: foreignId, userId: await seedUser(database, foreignId) });
  const foreign: Viewer = { kind: 'client', clientId: foreignId, permissions: all };
  const query = 'subscription ($after: Cursor) { events(after: $after) { ... on AccountUpdatedEvent { changed } } }';
  // The beginning of the log: what is read from there is all that the viewer may ever see.
  const variables = { after: 'ZXZ0OjA6MA' };
  await append(database, bob, 'bob');
  await append(database, ada, 'ada');
  await append(database, stranger, 'stranger');
  const [ofAda, ofClient, ofForeign] = [asAda, asClient, gateway.issue(foreign)].map((token) =>
    follow(gateway, token, query, variables),
  );
  const changed = (mark: string) => ({ data: { events: { changed: [mark] } } });
  expect(await ofAda!.take(1)).toEqual([changed('ada')]);
  expect(await ofClient!.take(2)).toEqual([changed('bob'), changed('ada')]);
  expect(await ofForeign!.take(1)).toEqual([changed('stranger')]);
});

test('without types and with an empty list of them every event comes, with a list only those', async () => {
  const { gateway, database, ada, asAda } = await house();
  await append(database, ada, 'ada');
  await inUserTransaction(database, ada, (transaction) =>
    transaction.append(seededAt, { type: 'user.updated', facts: {} }),
  );
  const query = `subscription ($types: [EventType!]) {
    events(after: "ZXZ0OjA6MA", types: $types) { __typename }
  }`;
  const typesOf = (count: number, variables: object) => follow(gateway, asAda, query, { ...variables }).take(count);
  const [first, second] = ['AccountUpdatedEvent', 'UserUpdatedEvent'].map((name) => ({
    data: { events: { __typename: name } },
  }));
  expect(await typesOf(2, {})).toEqual([first, second]);
  expect(await typesOf(2, { types: [] })).toEqual([first, second]);
  expect(await typesOf(1, { types: ['USER_UPDATED'] })).toEqual([second]);
});

test.each(['events(connectionId: $id)', 'syncEvents(connectionId: $id)', 'consentEvents(connectionId: $id)'])(
  '%s answers NOT_FOUND for another user’s connection and for one that does not exist, in the same words',
  async (field) => {
    const { gateway, connection, asBob } = await house();
    const query = `subscription ($id: ID!) { ${field} { cursor } }`;
    const answers = await Promise.all(
      [connection.id, newId('connection', seededAt)].map((id) =>
        follow(gateway, asBob, query, { id: globalId('Connection', id) }).failure(),
      ),
    );
    expect(answers[0]).toMatchObject([{ message: 'No such connection.', extensions: { code: 'NOT_FOUND' } }]);
    expect(answers[1]).toEqual(answers[0]);
  },
);

test('answers NOT_FOUND for a user who is another client’s, or another than the token’s', async () => {
  const { gateway, database, ada, asBob, asClient } = await house();
  const foreignId = await seedClient(database, 'Foreign');
  const stranger = await seedUser(database, foreignId);
  const query = 'subscription ($id: ID!) { events(userId: $id) { cursor } }';
  for (const [token, id] of [
    [asBob, ada.userId],
    [asBob, stranger],
    [asClient, stranger],
  ] as const) {
    const errors = await follow(gateway, token, query, { id: globalId('User', id) }).failure();
    expect(errors).toMatchObject([{ message: 'No such user.', extensions: { code: 'NOT_FOUND' } }]);
  }
});

test('needs the scope events_read, a cursor of the log and an id of the right type', async () => {
  const { gateway, ada, asAda } = await house();
  const poor = gateway.issue({ kind: 'user', ...ada, permissions: new Set(['accounts_read']) });
  const events = 'subscription ($after: Cursor) { events(after: $after) { cursor } }';
  expect(await follow(gateway, poor, events).failure()).toMatchObject([
    { message: 'The access token lacks the scope events_read.', extensions: { code: 'FORBIDDEN' } },
  ]);
  expect(await follow(gateway, asAda, events, { after: 'broken' }).failure()).toMatchObject([
    { extensions: { code: 'CURSOR_INVALID' } },
  ]);
  const query = 'subscription ($id: ID!) { syncEvents(connectionId: $id) { cursor } }';
  expect(await follow(gateway, asAda, query, { id: globalId('User', ada.userId) }).failure()).toMatchObject([
    { message: expect.stringContaining('connectionId'), extensions: { code: 'VALIDATION_FAILED' } },
  ]);
});

test('syncEvents and consentEvents give the events of their family and of their connection only', async () => {
  const { gateway, database, ada, connection, asAda } = await house();
  const connectionId = connection.id;
  const syncId = newId('sync', seededAt);
  const consent = { connectionId, channelId: connection.channelId, consentId: newId('consent', seededAt) };
  await inUserTransaction(database, ada, ({ append: add }) =>
    add(
      seededAt,
      marked('of another connection'),
      { type: 'sync.queued', facts: { connectionId, syncId, type: 'ALL', trigger: 'ON_DEMAND' } },
      { type: 'consent.requested', facts: consent },
      {
        type: 'sync.progressed',
        facts: {
          connectionId,
          syncId,
          progressPercent: 50,
          step: { position: 1, kind: 'READ_ACCOUNT', status: 'RUNNING' },
        },
      },
      { type: 'consent.granted', facts: { ...consent, validUntil: '2026-09-01' } },
      { type: 'sync.failed', facts: { connectionId, syncId, failure: { code: 'BANK_TIMEOUT', message: 'Too slow.' } } },
    ),
  );
  const variables = { id: globalId('Connection', connectionId), after: 'ZXZ0OjA6MA' };
  const syncs = follow(
    gateway,
    asAda,
    `subscription ($id: ID!, $after: Cursor) { syncEvents(connectionId: $id, after: $after) {
      __typename
      ... on Event { sequence user { email } }
      ... on ConnectionEvent { connection { status } }
      ... on SyncEvent { sync { status } }
      ... on SyncQueuedEvent { type trigger }
      ... on SyncProgressedEvent { progressPercent step { kind status account { name } counts { created } } }
      ... on SyncFailedEvent { failure { __typename code recovery } }
    } }`,
    variables,
  );
  expect(await syncs.take(3)).toMatchInlineSnapshot(`
    [
      {
        "data": {
          "syncEvents": {
            "__typename": "SyncQueuedEvent",
            "connection": {
              "status": "ACTIVE",
            },
            "sequence": "2",
            "sync": null,
            "trigger": "ON_DEMAND",
            "type": "ALL",
            "user": {
              "email": "ada@example.com",
            },
          },
        },
      },
      {
        "data": {
          "syncEvents": {
            "__typename": "SyncProgressedEvent",
            "connection": {
              "status": "ACTIVE",
            },
            "progressPercent": 50,
            "sequence": "4",
            "step": {
              "account": null,
              "counts": null,
              "kind": "READ_ACCOUNT",
              "status": "RUNNING",
            },
            "sync": null,
            "user": {
              "email": "ada@example.com",
            },
          },
        },
      },
      {
        "data": {
          "syncEvents": {
            "__typename": "SyncFailedEvent",
            "connection": {
              "status": "ACTIVE",
            },
            "failure": {
              "__typename": "BankFailure",
              "code": "BANK_TIMEOUT",
              "recovery": "RETRY_LATER",
            },
            "sequence": "6",
            "sync": null,
            "user": {
              "email": "ada@example.com",
            },
          },
        },
      },
    ]
  `);
  const consents = follow(
    gateway,
    asAda,
    `subscription ($id: ID!, $after: Cursor) { consentEvents(connectionId: $id, after: $after) {
      __typename ... on ConsentEvent { consent { id } } ... on ConsentGrantedEvent { validUntil }
    } }`,
    variables,
  );
  expect(await consents.take(2)).toMatchInlineSnapshot(`
    [
      {
        "data": {
          "consentEvents": {
            "__typename": "ConsentRequestedEvent",
            "consent": null,
          },
        },
      },
      {
        "data": {
          "consentEvents": {
            "__typename": "ConsentGrantedEvent",
            "consent": null,
            "validUntil": "2026-09-01",
          },
        },
      },
    ]
  `);
});

test('the list reads both ways with the cursors of the subscription, and node finds an event', async () => {
  const { gateway, database, ada, asAda, asBob } = await house();
  await append(database, ada, 'a', 'b', 'c', 'd');
  const list = async (args: string, token = asAda) =>
    (await gateway.ask(
      token,
      `{ events(${args}) {
      nodes { id sequence } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    } }`,
    )) as { data: { events: { nodes: { id: string; sequence: string }[]; pageInfo: Record<string, unknown> } } };
  const sequences = (page: Awaited<ReturnType<typeof list>>) => page.data.events.nodes.map((node) => node.sequence);
  const first = await list('first: 2');
  expect(sequences(first)).toEqual(['1', '2']);
  expect(first.data.events.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
  const rest = await list(`first: 5, after: "${first.data.events.pageInfo['endCursor']}"`);
  expect(sequences(rest)).toEqual(['3', '4']);
  const last = await list('last: 3');
  expect(sequences(last)).toEqual(['2', '3', '4']);
  expect(last.data.events.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  expect(sequences(await list(`last: 3, before: "${last.data.events.pageInfo['startCursor']}"`))).toEqual(['1']);
  expect(sequences(await list('types: [SYNC_FAILED]'))).toEqual([]);
  expect(await list('first: 101')).toMatchObject({ errors: [{ extensions: { code: 'VALIDATION_FAILED' } }] });
  expect(await list('first: 1, before: "ZXZ0OjA6MA"')).toMatchObject({
    errors: [{ extensions: { code: 'VALIDATION_FAILED' } }],
  });

  const node = `{ node(id: "${first.data.events.nodes[1]!.id}") { __typename id ... on AccountUpdatedEvent { changed } } }`;
  expect(await gateway.ask(asAda, node)).toEqual({
    data: { node: { __typename: 'AccountUpdatedEvent', id: first.data.events.nodes[1]!.id, changed: ['b'] } },
  });
  expect(await gateway.ask(asBob, node)).toEqual({ data: { node: null } });
});
