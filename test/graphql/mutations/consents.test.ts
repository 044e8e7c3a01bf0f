import type { ExecutionResult } from 'graphql';
import { beforeEach, describe, expect, test } from 'vitest';
import { Failure } from '../../../src/domain/failure.ts';
import { newId, type ConsentId } from '../../../src/kernel/id.ts';
import { updateChannel } from '../../../src/store/channels.ts';
import { updateConnection } from '../../../src/store/connections.ts';
import { channelDefinitions, consents, events, syncs } from '../../../src/store/schema/tables.ts';
import { blockCalls } from '../../../src/store/unattended-calls.ts';
import { fakeConnector, type FakeBank } from '../../support/fake-connector.ts';
import { seededAt, seedWorld, type World } from '../../support/fixtures.ts';
import { credentialFields } from '../../support/signed-in-bank.ts';
import { clientViewer, openGraph, shownId, userViewer, type Graph } from '../execute.ts';

let graph: Graph;
let bank: FakeBank;
let world: World;
let stranger: World;
let consentId: ConsentId;

beforeEach(async () => {
  const fake = fakeConnector();
  ({ bank } = fake);
  graph = await openGraph([fake.connector]);
  world = await seedWorld(graph.database);
  stranger = await seedWorld(graph.database, { name: 'stranger' });
  consentId = newId('consent', seededAt);
  await graph.database.db.insert(consents).values({
    id: consentId,
    ...world.scope,
    connectionId: world.connection.id,
    channelId: world.connection.channelId,
    status: 'ACTIVE',
    frequencyPerDay: 4,
    validUntil: '2026-08-01',
    createdAt: new Date(seededAt.getTime() - 1000),
    updatedAt: seededAt,
  });
  await updateChannel(world.scope, graph.database.db, world.connection.channelId, {
    sealedSession: new Uint8Array([1]),
  });
});

const failure = '... on Failure { code category actor recovery message retryAt }';
/** The code of the failure that a mutation answered. */
const codeOf = ({ data }: ExecutionResult) =>
  Object.values(data ?? {}).map((answer) => (answer as { code?: string }).code)[0];
const statuses = async () =>
  (await graph.database.db.select().from(consents).orderBy(consents.createdAt)).map(({ status }) => status);

describe('consentRenew', () => {
  const renew = `mutation ($input: ConsentRenewInput!) { consentRenew(input: $input) { __typename
    ... on ConsentRenewPayload { consent { __typename status authorizationUrl validUntilOn connection { status } successor { id } }
      sync { id status type trigger } }
    ${failure} } }`;
  const input = () => ({ id: shownId('Consent', consentId), redirectUrl: 'https://client.example/done' });

  test('answers a PENDING consent with the bank’s page, and leaves the old one at work', async () => {
    const answer = await graph.ask(userViewer(world.scope), renew, { input: input() });
    expect(answer).toMatchInlineSnapshot(`
      {
        "data": {
          "consentRenew": {
            "__typename": "ConsentRenewPayload",
            "consent": {
              "__typename": "Consent",
              "authorizationUrl": "https://bank.example/authorize",
              "connection": {
                "status": "ACTIVE",
              },
              "status": "PENDING",
              "successor": null,
              "validUntilOn": "2026-08-29",
            },
            "sync": null,
          },
        },
      }
    `);
    expect(await statuses()).toEqual(['ACTIVE', 'PENDING']);
  });

  test('answers the sync that signs in, where the bank has no page, and again under its idempotency key', async () => {
    const { db } = graph.database;
    await db.update(channelDefinitions).set({ credentialFields: [...credentialFields] });
    await updateChannel(world.scope, db, world.connection.channelId, { sealedCredentials: new Uint8Array([1]) });
    const once = { ...input(), idempotencyKey: 'k2' };
    const first = await graph.ask(userViewer(world.scope), renew, { input: once });
    const [row] = await db.select().from(syncs);
    expect(first.data).toMatchObject({
      consentRenew: {
        __typename: 'ConsentRenewPayload',
        consent: { status: 'PENDING', authorizationUrl: null },
        sync: { id: shownId('Sync', row!.id), status: 'QUEUED', type: 'LIST_ACCOUNTS', trigger: 'INITIAL' },
      },
    });
    expect(await graph.ask(userViewer(world.scope), renew, { input: once })).toEqual(first);
    expect(await db.$count(syncs)).toBe(1);
    expect(bank.calls).toEqual([]);
  });

  test('is done once for its idempotency key', async () => {
    const once = { ...input(), idempotencyKey: 'k1' };
    const first = await graph.ask(clientViewer(world.clientId), renew, { input: once });
    expect(await graph.ask(clientViewer(world.clientId), renew, { input: once })).toEqual(first);
    expect(bank.calls.filter(({ call }) => call === 'start')).toHaveLength(1);
    expect(await statuses()).toEqual(['ACTIVE', 'PENDING']);
  });

  test('answers what the bank says, and keeps what worked', async () => {
    bank.before = () => {
      throw new Failure('BANK_UNAVAILABLE');
    };
    const answer = await graph.ask(userViewer(world.scope), renew, { input: input() });
    expect(answer.data).toMatchObject({ consentRenew: { __typename: 'BankFailure', code: 'BANK_UNAVAILABLE' } });
    expect(await statuses()).toEqual(['ACTIVE', 'REJECTED']);
  });

  test('is refused for a closed connection, a hostile address and another’s consent, and asks no bank', async () => {
    const { db } = graph.database;
    const other = { input: { id: shownId('Consent', newId('consent', seededAt)) } };
    const viewers = [userViewer(stranger.scope), clientViewer(stranger.clientId)];
    for (const viewer of viewers) expect(codeOf(await graph.ask(viewer, renew, { input: input() }))).toBe('NOT_FOUND');
    expect(codeOf(await graph.ask(userViewer(world.scope), renew, other))).toBe('NOT_FOUND');
    const hostile = { input: { ...input(), redirectUrl: 'https://user@client.example/' } };
    expect(codeOf(await graph.ask(userViewer(world.scope), renew, hostile))).toBe('VALIDATION_FAILED');
    await updateConnection(world.scope, db, world.connection.id, { status: 'CLOSED' });
    expect(codeOf(await graph.ask(userViewer(world.scope), renew, { input: input() }))).toBe('CONFLICT');
    expect(bank.calls).toEqual([]);
    expect(await statuses()).toEqual(['ACTIVE']);
  });
});

describe('consentRevoke', () => {
  const revoke = `mutation ($input: ConsentRevokeInput!) { consentRevoke(input: $input) { __typename
    ... on ConsentRevokePayload { consent { __typename status endedAt failure { code actor recovery }
      connection { status failure { code } } channel { status } } }
    ${failure} } }`;
  const input = () => ({ id: shownId('Consent', consentId) });

  test.each([
    ['a user', () => userViewer(world.scope), 'CONSENT_REVOKED_BY_USER', 'USER'],
    ['a client', () => clientViewer(world.clientId), 'CONSENT_REVOKED_BY_CLIENT', 'CLIENT'],
  ])('by %s ends it at once, twice is as once', async (_, viewer, code, actor) => {
    const answer = await graph.ask(viewer(), revoke, { input: input() });
    expect(answer.data).toEqual({
      consentRevoke: {
        __typename: 'ConsentRevokePayload',
        consent: {
          __typename: 'Consent',
          status: 'REVOKED',
          endedAt: seededAt.toISOString(),
          failure: { code, actor, recovery: 'RENEW_CONSENT' },
          connection: { status: 'ACTION_REQUIRED', failure: { code } },
          channel: { status: 'ACTION_REQUIRED' },
        },
      },
    });
    const count = await graph.database.db.$count(events);
    expect(await graph.ask(viewer(), revoke, { input: input() })).toEqual(answer);
    expect(await graph.database.db.$count(events)).toBe(count);
  });

  test('is NOT_FOUND for a stranger, and ends nothing', async () => {
    for (const viewer of [userViewer(stranger.scope), clientViewer(stranger.clientId)]) {
      expect(codeOf(await graph.ask(viewer, revoke, { input: input() }))).toBe('NOT_FOUND');
    }
    expect(await statuses()).toEqual(['ACTIVE']);
  });
});

describe('connectionSync, when it cannot begin', () => {
  const sync = `mutation ($input: ConnectionSyncInput!) { connectionSync(input: $input) { __typename
    ... on ConnectionSyncPayload { outcome } ${failure} } }`;
  const input = () => ({ id: shownId('Connection', world.connection.id) });

  test('says that the budget is used up, and until when', async () => {
    const until = new Date(seededAt.getTime() + 3_600_000);
    const { channelId } = world.connection;
    await blockCalls(world.scope, graph.database.db, channelId, ['accounts'], { until, now: seededAt });
    expect(await graph.ask(userViewer(world.scope), sync, { input: input() })).toMatchInlineSnapshot(`
      {
        "data": {
          "connectionSync": {
            "__typename": "SyncFailure",
            "actor": "NONE",
            "category": "SYNC",
            "code": "SYNC_BUDGET_EXHAUSTED",
            "message": "The calls that the bank allows without the person are used up.",
            "recovery": "RETRY_LATER",
            "retryAt": "2026-03-02T10:00:00.000Z",
          },
        },
      }
    `);
    expect(await graph.database.db.$count(syncs)).toBe(0);
  });

  test('says what the person must do first', async () => {
    const waiting = { status: 'ACTION_REQUIRED', failure: new Failure('CONSENT_EXPIRED').toRecord() } as const;
    await updateConnection(world.scope, graph.database.db, world.connection.id, waiting);
    await updateChannel(world.scope, graph.database.db, world.connection.channelId, waiting);
    expect(await graph.ask(userViewer(world.scope), sync, { input: input() })).toMatchInlineSnapshot(`
      {
        "data": {
          "connectionSync": {
            "__typename": "ConsentFailure",
            "actor": "USER",
            "category": "CONSENT",
            "code": "CONSENT_EXPIRED",
            "message": "The consent has expired.",
            "recovery": "RENEW_CONSENT",
            "retryAt": null,
          },
        },
      }
    `);
    expect(await graph.database.db.$count(syncs)).toBe(0);
  });
});
