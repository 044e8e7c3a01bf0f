import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AuthorizationRequest, Connector } from '../../../src/connectors/connector.ts';
import { Failure } from '../../../src/domain/failure.ts';
import { connections, consents, syncs, transactions } from '../../../src/store/schema/tables.ts';
import { seedWorld, seededAt, type World } from '../../support/fixtures.ts';
import { clientViewer, codesOf, openGraph, shownId, userViewer, type Graph } from '../execute.ts';

let graph: Graph;
let world: World;
let stranger: World;
let asked: AuthorizationRequest[];
let refusal: Failure | null;

/** A bank that only begins authorisations; anything else that is asked of it fails the test. */
const bank: Connector = {
  dialect: 'fake',
  channel: 'REDIRECT',
  signIn: null,
  renewSession: unasked,
  async startAuthorization(_call, request) {
    asked.push(request);
    if (refusal) throw refusal;
    const expiresAt = new Date(seededAt.getTime() + 600_000);
    return { redirectUrl: 'https://bank.example/sca', bankConsentId: 'bank-1', session: {}, expiresAt };
  },
  readConsent: unasked,
  revokeConsent: unasked,
  listAccounts: unasked,
  readBalances: unasked,
  readTransactions: unasked,
};

function unasked(): never {
  throw new Error('This bank was not to be asked for this.');
}

beforeAll(async () => {
  graph = await openGraph([bank]);
  world = await seedWorld(graph.database);
  stranger = await seedWorld(graph.database, { name: 'stranger' });
});

beforeEach(() => {
  asked = [];
  refusal = null;
});

const failure = '... on Failure { code category actor recovery message retryAt }';

describe('connectionCreate', () => {
  const create = /* GraphQL */ `
    mutation ($input: ConnectionCreateInput!) {
      connectionCreate(input: $input) {
        __typename
        ... on ConnectionCreatePayload {
          authorizationUrl
          connection { __typename status user { id } channels { kind status } }
          consent { __typename status authorizationUrl validUntilOn }
        }
        ${failure}
        ... on InvalidInput { issues { path message } }
      }
    }
  `;
  const input = () => ({
    providerId: shownId('Provider', world.provider.id),
    redirectUrl: 'https://app.example/done',
  });
  const count = () => graph.database.db.$count(connections);

  test('gives the page of the bank and what waits for the person', async () => {
    expect(await graph.ask(userViewer(world.scope), create, { input: input() })).toEqual({
      data: {
        connectionCreate: {
          __typename: 'ConnectionCreatePayload',
          authorizationUrl: 'https://bank.example/sca',
          connection: {
            __typename: 'Connection',
            status: 'AUTHORIZING',
            user: { id: shownId('User', world.userId) },
            channels: [{ kind: 'REDIRECT', status: 'AUTHORIZING' }],
          },
          consent: {
            __typename: 'Consent',
            status: 'PENDING',
            authorizationUrl: 'https://bank.example/sca',
            validUntilOn: '2026-08-29',
          },
        },
      },
    });
  });

  test('asks the bank once for one idempotency key, and gives the same page again', async () => {
    const variables = { input: { ...input(), idempotencyKey: 'link-1' } };
    const before = await count();
    const [first, second] = await Promise.all([
      graph.ask(userViewer(world.scope), create, variables),
      graph.ask(userViewer(world.scope), create, variables),
    ]);
    expect(first?.data).toMatchObject({ connectionCreate: { authorizationUrl: 'https://bank.example/sca' } });
    expect(second).toEqual(first);
    expect(asked).toHaveLength(1);
    expect(await count()).toBe(before + 1);
  });

  test('shows the failure of a bank as a value, and leaves nothing', async () => {
    refusal = new Failure('BANK_MAINTENANCE', { retryAt: new Date('2026-03-02T10:00:00Z') });
    const before = await count();
    expect((await graph.ask(userViewer(world.scope), create, { input: input() })).data).toMatchInlineSnapshot(`
      {
        "connectionCreate": {
          "__typename": "BankFailure",
          "actor": "BANK",
          "category": "BANK",
          "code": "BANK_MAINTENANCE",
          "message": "The bank is closed for maintenance.",
          "recovery": "RETRY_LATER",
          "retryAt": "2026-03-02T10:00:00.000Z",
        },
      }
    `);
    expect(await count()).toBe(before);
  });

  test('refuses what cannot be, without asking the bank', async () => {
    const before = await count();
    const refused = async (viewer = userViewer(world.scope), change: object = {}) =>
      (await graph.ask(viewer, create, { input: { ...input(), ...change } })).data;
    expect(await refused(clientViewer(world.clientId))).toMatchInlineSnapshot(`
      {
        "connectionCreate": {
          "__typename": "InvalidInput",
          "actor": "CLIENT",
          "category": "REQUEST",
          "code": "VALIDATION_FAILED",
          "issues": [
            {
              "message": "A client token must name the user.",
              "path": [
                "userId",
              ],
            },
          ],
          "message": "userId: A client token must name the user.",
          "recovery": "FIX_REQUEST",
          "retryAt": null,
        },
      }
    `);
    expect(
      await refused(clientViewer(world.clientId), {
        providerId: shownId('User', world.userId),
        userId: shownId('User', world.userId),
      }),
    ).toMatchInlineSnapshot(`
      {
        "connectionCreate": {
          "__typename": "InvalidInput",
          "actor": "CLIENT",
          "category": "REQUEST",
          "code": "VALIDATION_FAILED",
          "issues": [
            {
              "message": "expected an id of type Provider as this API gave it, got one of type User.",
              "path": [
                "providerId",
              ],
            },
          ],
          "message": "providerId: expected an id of type Provider as this API gave it, got one of type User.",
          "recovery": "FIX_REQUEST",
          "retryAt": null,
        },
      }
    `);
    expect(await refused(userViewer(world.scope), { userId: shownId('User', stranger.userId) })).toMatchObject({
      connectionCreate: { __typename: 'NotFound' },
    });
    expect(await refused(clientViewer(world.clientId), { userId: shownId('User', stranger.userId) })).toMatchObject({
      connectionCreate: { __typename: 'NotFound' },
    });
    expect(await refused(userViewer(world.scope), { channels: ['EMBEDDED'] })).toMatchObject({
      connectionCreate: { __typename: 'InvalidInput', issues: [{ path: ['channels', '0'] }] },
    });
    const scheme = await graph.ask(userViewer(world.scope), create, {
      input: { ...input(), redirectUrl: 'javascript:x' },
    });
    expect(codesOf(scheme)).toEqual(['VALIDATION_FAILED']);
    expect(asked).toEqual([]);
    expect(await count()).toBe(before);
  });
});

describe('connectionSync', () => {
  const sync = `mutation ($input: ConnectionSyncInput!) { connectionSync(input: $input) {
    __typename ... on ConnectionSyncPayload { outcome sync { __typename id type trigger status connection { id } } } ${failure} } }`;

  test('queues a sync, and joins the one that is open', async () => {
    const id = shownId('Connection', world.connection.id);
    const first = await graph.ask(userViewer(world.scope), sync, { input: { id } });
    expect(first.data).toMatchObject({
      connectionSync: {
        outcome: 'QUEUED',
        sync: { __typename: 'Sync', type: 'ALL', trigger: 'ON_DEMAND', status: 'QUEUED', connection: { id } },
      },
    });
    const again = await graph.ask(clientViewer(world.clientId), sync, { input: { id } });
    const { sync: open } = (first.data as { connectionSync: { sync: object } }).connectionSync;
    expect(again.data).toEqual({
      connectionSync: { __typename: 'ConnectionSyncPayload', outcome: 'JOINED', sync: open },
    });
  });

  test('answers NotFound for the connection of another, and queues nothing', async () => {
    const before = await graph.database.db.$count(syncs);
    const input = { id: shownId('Connection', stranger.connection.id) };
    for (const viewer of [userViewer(world.scope), clientViewer(world.clientId)]) {
      expect((await graph.ask(viewer, sync, { input })).data).toMatchObject({
        connectionSync: { __typename: 'NotFound', code: 'NOT_FOUND' },
      });
    }
    expect(await graph.database.db.$count(syncs)).toBe(before);
  });
});

describe('transactionUpdate', () => {
  const update = `mutation ($input: TransactionUpdateInput!) { transactionUpdate(input: $input) {
    __typename ... on TransactionUpdatePayload { transaction { label labelSource notes category { key } categorySource } }
    ${failure} ... on InvalidInput { issues { path message } } } }`;

  test('sets what the person decides, and answers with it', async () => {
    const input = {
      id: shownId('Transaction', world.transactionIds[1]!),
      categoryId: shownId('Category', 'GROCERIES_SUPERMARKET'),
      label: 'Lunch',
      notes: 'with Bob',
    };
    expect((await graph.ask(userViewer(world.scope), update, { input })).data).toMatchInlineSnapshot(`
      {
        "transactionUpdate": {
          "__typename": "TransactionUpdatePayload",
          "transaction": {
            "category": {
              "key": "GROCERIES_SUPERMARKET",
            },
            "categorySource": "USER",
            "label": "Lunch",
            "labelSource": "USER",
            "notes": "with Bob",
          },
        },
      }
    `);
  });

  test('refuses unknown categories, an empty label and another’s transaction, and changes nothing', async () => {
    const before = await graph.database.db.select().from(transactions).orderBy(transactions.id);
    const id = shownId('Transaction', world.transactionIds[0]!);
    const ask = async (input: object) => (await graph.ask(userViewer(world.scope), update, { input })).data;
    expect(await ask({ id, categoryId: shownId('Category', 'NO_SUCH') })).toMatchObject({
      transactionUpdate: { __typename: 'InvalidInput' },
    });
    expect(await ask({ id, label: ' ' })).toMatchObject({ transactionUpdate: { issues: [{ path: ['label'] }] } });
    expect(await ask({ id: shownId('Transaction', stranger.transactionIds[0]!), label: 'x' })).toMatchObject({
      transactionUpdate: { __typename: 'NotFound' },
    });
    expect(await graph.database.db.select().from(transactions).orderBy(transactions.id)).toEqual(before);
  });
});

describe('connectionDelete', () => {
  const remove = `mutation ($input: ConnectionDeleteInput!) { connectionDelete(input: $input) {
    __typename ... on ConnectionDeletePayload { deletedConnectionId } ${failure} } }`;

  test('answers NotFound for the connection of another, and deletes nothing', async () => {
    const before = await graph.database.db.$count(connections);
    const input = { id: shownId('Connection', stranger.connection.id) };
    expect((await graph.ask(clientViewer(world.clientId), remove, { input })).data).toMatchObject({
      connectionDelete: { __typename: 'NotFound' },
    });
    expect(await graph.database.db.$count(connections)).toBe(before);
  });

  test('deletes a connection with all that hangs below it', async () => {
    const id = shownId('Connection', world.connection.id);
    expect((await graph.ask(userViewer(world.scope), remove, { input: { id } })).data).toEqual({
      connectionDelete: { __typename: 'ConnectionDeletePayload', deletedConnectionId: id },
    });
    const answer = await graph.ask(
      userViewer(world.scope),
      'query ($id: ID!) { connection(id: $id) { id } accounts { nodes { id } } transactions { nodes { id } } }',
      { id },
    );
    expect(answer).toEqual({ data: { connection: null, accounts: { nodes: [] }, transactions: { nodes: [] } } });
    expect(await graph.database.db.$count(consents)).toBeGreaterThan(0);
  });
});
