import { expect, test } from 'vitest';
import { permissions } from '../../../src/domain/viewer.ts';
import { newId } from '../../../src/kernel/id.ts';
import { inUserTransaction } from '../../../src/store/log.ts';
import { consents, syncs } from '../../../src/store/schema/tables.ts';
import { testDatabase } from '../../support/database.ts';
import { seedWorld, seededAt } from '../../support/fixtures.ts';
import { openGateway } from '../../support/gateway.ts';

const all = new Set(permissions);

test('a page of a hundred events finds what they speak of with one statement for each type', async () => {
  const statements: string[] = [];
  const database = await testDatabase({ onStatement: (text) => statements.push(text) });
  const gateway = await openGateway({ database, pollMilliseconds: 600_000 });
  const { scope, clientId, connection, accountId } = await seedWorld(database);
  const connectionId = connection.id;
  const syncIds = [newId('sync', seededAt), newId('sync', seededAt)];
  await database.db.insert(syncs).values(
    syncIds.map((id) => ({
      id,
      clientId,
      userId: scope.userId,
      connectionId,
      type: 'ALL' as const,
      trigger: 'ON_DEMAND' as const,
      status: 'SUCCEEDED' as const,
      requestedAt: seededAt,
    })),
  );
  const gone = newId('sync', seededAt);
  await inUserTransaction(database, scope, ({ append }) =>
    append(
      seededAt,
      ...Array.from({ length: 50 }, (_, index) => [
        { type: 'sync.started', facts: { connectionId, syncId: [...syncIds, gone][index % 3]! } } as const,
        { type: 'account.updated', facts: { connectionId, accountId, changed: ['balance'] } } as const,
      ]).flat(),
    ),
  );
  statements.length = 0;
  const answer = await gateway.ask(
    gateway.issue({ kind: 'client', clientId, permissions: all }),
    `{ events(first: 100) { nodes {
      __typename
      user { email }
      ... on ConnectionEvent { connection { status provider { country } } }
      ... on SyncEvent { sync { status connection { status } } }
      ... on AccountEvent { account { name transactions(first: 1) { nodes { label } } } }
    } } }`,
  );
  const { nodes } = (answer as { data: { events: { nodes: unknown[] } } }).data.events;
  expect(nodes).toHaveLength(100);
  expect([nodes[0], nodes[1], (nodes[4] as { sync: unknown }).sync]).toMatchInlineSnapshot(`
    [
      {
        "__typename": "SyncStartedEvent",
        "connection": {
          "provider": {
            "country": "FR",
          },
          "status": "ACTIVE",
        },
        "sync": {
          "connection": {
            "status": "ACTIVE",
          },
          "status": "SUCCEEDED",
        },
        "user": {
          "email": "ada@example.com",
        },
      },
      {
        "__typename": "AccountUpdatedEvent",
        "account": {
          "name": "Current account",
          "transactions": {
            "nodes": [
              {
                "label": "Supermarket",
              },
            ],
          },
        },
        "connection": {
          "provider": {
            "country": "FR",
          },
          "status": "ACTIVE",
        },
        "user": {
          "email": "ada@example.com",
        },
      },
      null,
    ]
  `);
  expect(
    statements.map((text) => / from "(\w+)"/.exec(text)?.[1] ?? text).toSorted((a, b) => a.localeCompare(b)),
  ).toEqual(['accounts', 'connections', 'events', 'syncs', 'users']);
});

test('a client-wide page finds for each event its own user’s things, and nobody else’s', async () => {
  const gateway = await openGateway();
  const { database } = gateway;
  const [ada, stranger] = [await seedWorld(database), await seedWorld(database, { name: 'foreign' })];
  // An event that names another client's things: it can only come of a bug, and even then it shows nothing.
  await inUserTransaction(database, ada.scope, ({ append }) =>
    append(
      seededAt,
      { type: 'account.created', facts: { connectionId: ada.connection.id, accountId: ada.accountId } },
      { type: 'account.created', facts: { connectionId: stranger.connection.id, accountId: stranger.accountId } },
    ),
  );
  const token = gateway.issue({ kind: 'client', clientId: ada.clientId, permissions: all });
  expect(
    await gateway.ask(
      token,
      '{ events { nodes { user { email } ... on AccountEvent { account { name } connection { status } } } } }',
    ),
  ).toEqual({
    data: {
      events: {
        nodes: [
          {
            user: { email: 'ada@example.com' },
            account: { name: 'Current account' },
            connection: { status: 'ACTIVE' },
          },
          { user: { email: 'ada@example.com' }, account: null, connection: null },
        ],
      },
    },
  });
});

test('of both events and consents an empty list of what is wanted means all, as none does', async () => {
  const gateway = await openGateway();
  const { clientId, scope, connection } = await seedWorld(gateway.database);
  await gateway.database.db.insert(consents).values({
    id: newId('consent', seededAt),
    ...scope,
    connectionId: connection.id,
    channelId: connection.channelId,
    status: 'ACTIVE',
    frequencyPerDay: 4,
    validUntil: '2026-08-01',
    createdAt: seededAt,
    updatedAt: seededAt,
  });
  await inUserTransaction(gateway.database, scope, ({ append }) =>
    append(
      seededAt,
      { type: 'user.updated', facts: {} },
      { type: 'connection.deleted', facts: { connectionId: connection.id } },
    ),
  );
  const token = gateway.issue({ kind: 'client', clientId, permissions: all });
  const query = `query ($types: [EventType!], $statuses: [ConsentStatus!]) {
    events(types: $types) { nodes { __typename } }
    backward: events(types: $types, last: 5) { nodes { __typename } }
    consents(statuses: $statuses) { nodes { status } }
  }`;
  const events = { nodes: [{ __typename: 'UserUpdatedEvent' }, { __typename: 'ConnectionDeletedEvent' }] };
  const everything = { data: { events, backward: events, consents: { nodes: [{ status: 'ACTIVE' }] } } };
  expect(await gateway.ask(token, query)).toEqual(everything);
  expect(await gateway.ask(token, query, { types: [], statuses: [] })).toEqual(everything);
  const some = { nodes: [{ __typename: 'UserUpdatedEvent' }] };
  expect(await gateway.ask(token, query, { types: ['USER_UPDATED'], statuses: ['REVOKED'] })).toEqual({
    data: { events: some, backward: some, consents: { nodes: [] } },
  });
});
