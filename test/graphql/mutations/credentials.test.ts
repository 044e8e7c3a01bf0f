import { beforeEach, describe, expect, test } from 'vitest';
import { channels, connections, syncs } from '../../../src/store/schema/tables.ts';
import { fakeConnector } from '../../support/fake-connector.ts';
import { seedConnection, seedProvider, seedWorld, type World } from '../../support/fixtures.ts';
import { credentialFields } from '../../support/signed-in-bank.ts';
import { clientViewer, openGraph, shownId, userViewer, type Graph } from '../execute.ts';

const failure = '... on Failure { code message recovery } ... on InvalidInput { issues { path message } }';
let graph: Graph;
let world: World;
let stranger: World;

beforeEach(async () => {
  graph = await openGraph([fakeConnector().connector]);
  world = await seedWorld(graph.database);
  stranger = await seedWorld(graph.database, { name: 'stranger' });
});

describe('a form of credentials', () => {
  const values = (...pairs: [string, string][]) => pairs.map(([name, value]) => ({ name, value }));
  const good = values(['login', 'ada'], ['password', 'tributary1']);
  const create = `mutation ($input: ConnectionCreateInput!) { connectionCreate(input: $input) {
    __typename ${failure}
    ... on ConnectionCreatePayload {
      authorizationUrl
      sync { status type trigger }
      connection { status channels { kind status } }
      consent { status authorizationUrl }
    }
  } }`;

  async function createBy(credentials: unknown, over: object = {}) {
    const provider = await seedProvider(graph.database, {
      slug: crypto.randomUUID(),
      kind: 'EMBEDDED',
      credentialFields,
    });
    const input = { providerId: shownId('Provider', provider.id), credentials, ...over };
    return graph.ask(userViewer(world.scope), create, { input });
  }

  test('begins a connection whose first sync signs in', async () => {
    expect((await createBy(good)).data).toMatchInlineSnapshot(`
      {
        "connectionCreate": {
          "__typename": "ConnectionCreatePayload",
          "authorizationUrl": null,
          "connection": {
            "channels": [
              {
                "kind": "EMBEDDED",
                "status": "AUTHORIZING",
              },
            ],
            "status": "AUTHORIZING",
          },
          "consent": {
            "authorizationUrl": null,
            "status": "PENDING",
          },
          "sync": {
            "status": "QUEUED",
            "trigger": "INITIAL",
            "type": "LIST_ACCOUNTS",
          },
        },
      }
    `);
    const [row] = (await graph.database.db.select().from(channels)).filter(({ kind }) => kind === 'EMBEDDED');
    expect(Buffer.from(row!.sealedCredentials!).toString()).not.toContain('tributary1');
  });

  const fill = (field: string) => ['credentials', `The field ${field} must be filled.`];
  test.each([
    ['missing', undefined, [fill('login'), fill('password')]],
    ['empty', values(['login', ''], ['password', 'x-secret-x']), [fill('login')]],
    [
      'unknown',
      values(['login', 'ada'], ['password', 'x-secret-x'], ['pin', 'x-secret-x']),
      [['credentials.2.name', 'No field of this form; its fields are: login, password.']],
    ],
    [
      'too long',
      values(['login', 'ada'], ['password', 'x-secret-x'.repeat(3)]),
      [['credentials.1.value', 'May have at most 20 characters.']],
    ],
    [
      'given twice',
      values(['login', 'ada'], ['password', 'x-secret-x'], ['password', 'x-secret-x']),
      [['credentials.2.name', 'Given twice.']],
    ],
  ])('refuses fields that are %s, without repeating a value, and writes nothing', async (_, credentials, wrong) => {
    const before = await graph.database.db.$count(connections);
    const refused = await createBy(credentials);
    const issues = wrong.map(([path, message]) => ({ path: path?.split('.'), message }));
    expect(refused.data).toMatchObject({ connectionCreate: { __typename: 'InvalidInput', issues } });
    expect(JSON.stringify(refused)).not.toContain('x-secret-x');
    expect(await graph.database.db.$count(connections)).toBe(before);
  });

  test('refuses credentials for a channel that has no form, and empty lists of types', async () => {
    const providerId = shownId('Provider', world.provider.id);
    const input = { providerId, credentials: good };
    expect((await graph.ask(userViewer(world.scope), create, { input })).data).toMatchObject({
      connectionCreate: { __typename: 'InvalidInput', issues: [{ path: ['credentials'] }] },
    });
    for (const field of ['accountTypes', 'dataTypes']) {
      expect((await createBy(good, { [field]: [] })).data).toMatchObject({
        connectionCreate: { __typename: 'InvalidInput', issues: [{ path: [field] }] },
      });
    }
  });

  test('refuses a type of accounts that none of the chosen channels offers, and writes nothing', async () => {
    const { sql } = graph.database;
    const before =
      await sql`select to_jsonb(connections) from connections union all select to_jsonb(events) from events`;
    const accountTypes = ['SAVINGS', 'LOAN', 'CHECKINGS'];
    const message = 'No chosen channel offers accounts of this type; offered are: CHECKINGS, SAVINGS.';
    const providerId = shownId('Provider', world.provider.id);
    for (const channels of [undefined, ['REDIRECT']]) {
      const input = { providerId, channels, accountTypes };
      expect((await graph.ask(userViewer(world.scope), create, { input })).data).toMatchObject({
        connectionCreate: { __typename: 'InvalidInput', issues: [{ path: ['accountTypes', '1'], message }] },
      });
    }
    expect((await createBy(good, { accountTypes: ['LOAN'] })).data).toMatchObject({
      connectionCreate: { __typename: 'InvalidInput', issues: [{ path: ['accountTypes', '0'], message }] },
    });
    expect(
      await sql`select to_jsonb(connections) from connections union all select to_jsonb(events) from events`,
    ).toEqual(before);
    expect((await createBy(good, { accountTypes: ['SAVINGS'] })).data).toMatchObject({
      connectionCreate: { __typename: 'ConnectionCreatePayload' },
    });
  });

  test('is filled anew for a connection: the former session goes, a sync signs in', async () => {
    const provider = await seedProvider(graph.database, { slug: 'form', kind: 'EMBEDDED', credentialFields });
    const linked = await seedConnection(graph.database, world.scope, provider);
    const { sql } = graph.database;
    await sql`update channels set sealed_session = '\\x01' where id = ${linked.channelId}`;
    const source = `mutation ($input: ConnectionUpdateCredentialsInput!) { connectionUpdateCredentials(input: $input) {
      __typename ${failure}
      ... on ConnectionUpdateCredentialsPayload { connection { status channels { status } } sync { status trigger } }
    } }`;
    const input = { id: shownId('Connection', linked.id), credentials: good };
    expect((await graph.ask(userViewer(world.scope), source, { input })).data).toMatchInlineSnapshot(`
      {
        "connectionUpdateCredentials": {
          "__typename": "ConnectionUpdateCredentialsPayload",
          "connection": {
            "channels": [
              {
                "status": "AUTHORIZING",
              },
            ],
            "status": "ACTIVE",
          },
          "sync": {
            "status": "QUEUED",
            "trigger": "ON_DEMAND",
          },
        },
      }
    `);
    const [row] = await sql`
      select sealed_session is null as gone, sealed_credentials is not null as kept from channels
      where id = ${linked.channelId}`;
    expect(row).toEqual({ gone: true, kept: true });
    expect(await graph.ask(userViewer(stranger.scope), source, { input })).toMatchObject({
      data: { connectionUpdateCredentials: { __typename: 'NotFound' } },
    });
    const without = { ...input, id: shownId('Connection', world.connection.id) };
    expect((await graph.ask(userViewer(world.scope), source, { input: without })).data).toMatchObject({
      connectionUpdateCredentials: { issues: [{ message: 'This connection takes no credentials.' }] },
    });
  });
});

describe('connectionsSync', () => {
  const source = `mutation ($input: ConnectionsSyncInput!) { connectionsSync(input: $input) {
    __typename ${failure}
    ... on ConnectionsSyncPayload {
      syncs { status type connection { id } }
      refused { connection { id status } failure { __typename code } }
    }
  } }`;

  test('queues each connection that can be, names the others, and says the same again under one key', async () => {
    const other = await seedConnection(graph.database, world.scope, world.provider);
    const { sql } = graph.database;
    await sql`update connections set status = 'CLOSED' where id = ${other.id}`;
    const input = { userId: shownId('User', world.userId), idempotencyKey: 'all-1' };
    const answer = await graph.ask(clientViewer(world.clientId), source, { input });
    expect(answer).toEqual({
      data: {
        connectionsSync: {
          __typename: 'ConnectionsSyncPayload',
          syncs: [{ status: 'QUEUED', type: 'ALL', connection: { id: shownId('Connection', world.connection.id) } }],
          refused: [
            {
              connection: { id: shownId('Connection', other.id), status: 'CLOSED' },
              failure: { __typename: 'Conflict', code: 'CONFLICT' },
            },
          ],
        },
      },
    });
    expect(await graph.ask(clientViewer(world.clientId), source, { input })).toEqual(answer);
    expect(await graph.database.db.$count(syncs)).toBe(1);
  });

  test('wants the user from a client token, and knows no other client’s', async () => {
    expect(await graph.ask(clientViewer(world.clientId), source, { input: {} })).toMatchObject({
      data: { connectionsSync: { __typename: 'InvalidInput', issues: [{ path: ['userId'] }] } },
    });
    const input = { userId: shownId('User', stranger.userId) };
    expect(await graph.ask(clientViewer(world.clientId), source, { input })).toMatchObject({
      data: { connectionsSync: { __typename: 'NotFound' } },
    });
    expect(await graph.database.db.$count(syncs)).toBe(0);
  });
});
