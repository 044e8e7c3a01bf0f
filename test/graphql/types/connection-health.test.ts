import { beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../../src/kernel/id.ts';
import type { ConnectionId } from '../../../src/kernel/id.ts';
import { challenges, consents, providers, syncs } from '../../../src/store/schema/tables.ts';
import { blockCalls, spendCalls } from '../../../src/store/unattended-calls.ts';
import { updateChannel } from '../../../src/store/channels.ts';
import { updateConnection } from '../../../src/store/connections.ts';
import { seedConnection, seededAt, seedProvider, seedUser, seedWorld, type World } from '../../support/fixtures.ts';
import { scopeOfRow } from '../../../src/domain/viewer.ts';
import { clientViewer, openGraph, shownId, userViewer, type Graph } from '../execute.ts';

const health = `health {
  __typename status isStale staleSinceAt
  failure { __typename code category actor recovery message retryAt }
  nextStep { __typename action actor mutation url }
  lastSyncs { __typename status trigger failure { code } }
  nextPlannedSync { __typename plannedAt reason }
  channels { __typename kind status failure { code } lastSyncedAt validUntilOn consentDaysLeft authorizationUrl
    budget { __typename limit remaining resetsAt } }
  provider { __typename isEnabled syncCountLastHour failedSyncCountLastHour lastFailedAt }
}`;
const one = `query ($id: ID!) { connection(id: $id) { ${health} } }`;
const list = `{ connections(first: 50) { nodes { id ${health} } } }`;
const hours = (count: number) => new Date(seededAt.getTime() + count * 3_600_000);
/** As the graph writes it. */
const shownHours = (count: number) => hours(count).toISOString();

let graph: Graph;
let world: World;
let stranger: World;

async function addSync(of: World, connectionId: ConnectionId, over: Partial<typeof syncs.$inferInsert>) {
  await graph.database.db.insert(syncs).values({
    id: newId('sync', seededAt),
    ...of.scope,
    connectionId,
    type: 'ALL',
    trigger: 'SCHEDULED',
    status: 'SUCCEEDED',
    requestedAt: hours(-1),
    finishedAt: hours(-0.5),
    ...over,
  });
}

async function addConsent(of: World, over: Partial<typeof consents.$inferInsert>) {
  await graph.database.db.insert(consents).values({
    id: newId('consent', seededAt),
    ...of.scope,
    connectionId: of.connection.id,
    channelId: of.connection.channelId,
    status: 'ACTIVE',
    frequencyPerDay: 4,
    validUntil: '2026-08-01',
    createdAt: seededAt,
    updatedAt: seededAt,
    ...over,
  });
}

async function ask(): Promise<Record<string, unknown>> {
  const answer = await graph.ask(userViewer(world.scope), one, { id: shownId('Connection', world.connection.id) });
  expect(answer.errors).toBeUndefined();
  return (answer.data as { connection: { health: Record<string, unknown> } }).connection.health;
}

beforeAll(async () => {
  graph = await openGraph();
  world = await seedWorld(graph.database, { name: 'acme' });
  stranger = await seedWorld(graph.database, { name: 'stranger' });
  const { db } = graph.database;
  await addConsent(world, {});
  for (let count = 0; count < 7; count += 1) {
    await addSync(world, world.connection.id, { requestedAt: hours(-30 + count), finishedAt: hours(-30 + count) });
  }
  await addSync(world, world.connection.id, {});
  await updateConnection(world.scope, db, world.connection.id, {
    lastSyncStatus: 'SUCCESS',
    lastSyncedAt: hours(-0.5),
    nextSyncAt: hours(20),
    nextSyncReason: 'DAILY',
  });
  await updateChannel(world.scope, db, world.connection.channelId, { lastSyncedAt: hours(-0.5) });
  const rule = {
    limit: 4,
    countedBy: 'RESOURCE',
    window: 'ROLLING_DAY',
    timeZone: 'Europe/Paris',
    callsPerListing: 1,
    callsPerReport: 1,
  } as const;
  const { channelId } = world.connection;
  await spendCalls(world.scope, graph.database, channelId, rule, [{ group: 'accounts', calls: 1 }], hours(-3));
});

describe('the health of a connection', () => {
  test('says in one answer that all is well, with budget, consent and plan', async () => {
    expect(await ask()).toMatchInlineSnapshot(`
      {
        "__typename": "ConnectionHealth",
        "channels": [
          {
            "__typename": "ChannelHealth",
            "authorizationUrl": null,
            "budget": {
              "__typename": "UnattendedBudget",
              "limit": 4,
              "remaining": 3,
              "resetsAt": "2026-03-03T06:00:00.000Z",
            },
            "consentDaysLeft": 152,
            "failure": null,
            "kind": "REDIRECT",
            "lastSyncedAt": "2026-03-02T08:30:00.000Z",
            "status": "ACTIVE",
            "validUntilOn": "2026-08-01",
          },
        ],
        "failure": null,
        "isStale": false,
        "lastSyncs": [
          {
            "__typename": "Sync",
            "failure": null,
            "status": "SUCCEEDED",
            "trigger": "SCHEDULED",
          },
          {
            "__typename": "Sync",
            "failure": null,
            "status": "SUCCEEDED",
            "trigger": "SCHEDULED",
          },
          {
            "__typename": "Sync",
            "failure": null,
            "status": "SUCCEEDED",
            "trigger": "SCHEDULED",
          },
          {
            "__typename": "Sync",
            "failure": null,
            "status": "SUCCEEDED",
            "trigger": "SCHEDULED",
          },
          {
            "__typename": "Sync",
            "failure": null,
            "status": "SUCCEEDED",
            "trigger": "SCHEDULED",
          },
        ],
        "nextPlannedSync": {
          "__typename": "PlannedSync",
          "plannedAt": "2026-03-03T05:00:00.000Z",
          "reason": "DAILY",
        },
        "nextStep": null,
        "provider": {
          "__typename": "ProviderState",
          "failedSyncCountLastHour": 0,
          "isEnabled": true,
          "lastFailedAt": null,
          "syncCountLastHour": 1,
        },
        "staleSinceAt": null,
        "status": "HEALTHY",
      }
    `);
  });

  test('says since when data is stale, who must act and how, once the consent has ended', async () => {
    const { db } = graph.database;
    const failure = { code: 'CONSENT_EXPIRED', message: 'The consent has expired.' } as const;
    await updateConnection(world.scope, db, world.connection.id, {
      status: 'ACTION_REQUIRED',
      failure,
      lastSyncedAt: hours(-40),
      nextSyncAt: null,
    });
    await updateChannel(world.scope, db, world.connection.channelId, { status: 'ACTION_REQUIRED', failure });
    await graph.database.sql`update consents set status = 'EXPIRED' where user_id = ${world.userId}`;
    expect(await ask()).toMatchObject({
      status: 'BROKEN',
      isStale: true,
      staleSinceAt: shownHours(-10),
      failure: { __typename: 'ConsentFailure', code: 'CONSENT_EXPIRED', actor: 'USER', recovery: 'RENEW_CONSENT' },
      nextStep: { action: 'RENEW_CONSENT', actor: 'USER', mutation: 'consentRenew', url: null },
      nextPlannedSync: null,
      channels: [{ status: 'ACTION_REQUIRED', validUntilOn: null, consentDaysLeft: null }],
    });
    await addConsent(world, { status: 'PENDING', authorizationUrl: 'https://bank.example/authorize' });
    expect(await ask()).toMatchObject({
      nextStep: { action: 'RENEW_CONSENT', mutation: null, url: 'https://bank.example/authorize' },
      channels: [{ authorizationUrl: 'https://bank.example/authorize' }],
    });
  });

  test('sends for the person while a bank waits for him, on its pages or with a question', async () => {
    const linking = await seedWorld(graph.database, { name: 'linking' });
    const { db } = graph.database;
    const { id, channelId } = linking.connection;
    const read = async () => {
      const answer = await graph.ask(userViewer(linking.scope), one, { id: shownId('Connection', id) });
      return (answer.data as { connection: { health: Record<string, unknown> } }).connection.health;
    };
    await updateConnection(linking.scope, db, id, { status: 'AUTHORIZING', lastSyncedAt: null });
    await updateChannel(linking.scope, db, channelId, { status: 'AUTHORIZING' });
    expect(await read()).toMatchObject({ status: 'UNKNOWN', failure: null, nextStep: null });
    await addConsent(linking, { status: 'PENDING', authorizationUrl: 'https://bank.example/confirm' });
    expect(await read()).toMatchObject({
      status: 'UNKNOWN',
      failure: { code: 'SCA_REDIRECT_REQUIRED' },
      nextStep: { action: 'RECONNECT', actor: 'USER', mutation: null, url: 'https://bank.example/confirm' },
    });
    const syncId = newId('sync', seededAt);
    await addSync(linking, id, { id: syncId, status: 'WAITING_FOR_USER', finishedAt: null });
    await db.insert(challenges).values({
      id: newId('challenge', seededAt),
      ...linking.scope,
      connectionId: id,
      channelId,
      syncId,
      kind: 'CHOICE',
      status: 'OPEN',
      prompt: 'How?',
      details: { kind: 'CHOICE', options: [] },
      expiresAt: hours(1),
      createdAt: seededAt,
    });
    expect(await read()).toMatchObject({
      failure: { code: 'SCA_REQUIRED', actor: 'USER' },
      nextStep: { action: 'ANSWER_CHALLENGE', actor: 'USER', mutation: 'challengeAnswer', url: null },
    });
  });

  test('says that the bank allows nothing more, and until when', async () => {
    const { db } = graph.database;
    const { channelId } = world.connection;
    await blockCalls(world.scope, db, channelId, ['accounts'], { until: hours(2), now: seededAt });
    expect(await ask()).toMatchObject({ channels: [{ budget: { limit: 4, remaining: 0, resetsAt: shownHours(2) } }] });
  });

  test('counts the failures of a bank over one’s own client, and never over another’s', async () => {
    const { db } = graph.database;
    const sibling = scopeOfRow({
      clientId: world.clientId,
      userId: await seedUser(graph.database, world.clientId, 'bob@example.com'),
    });
    const other = await seedConnection(graph.database, sibling, world.provider);
    const theirs = await seedConnection(graph.database, stranger.scope, world.provider);
    const failure = { code: 'BANK_UNAVAILABLE', message: 'The bank cannot be reached.' } as const;
    await addSync({ ...world, scope: sibling }, other.id, { status: 'FAILED', failure, finishedAt: hours(-0.25) });
    await addSync({ ...world, scope: sibling }, other.id, { status: 'FAILED', failure, finishedAt: hours(-2) });
    await addSync(stranger, theirs.id, { status: 'FAILED', failure, finishedAt: hours(-0.1) });
    expect(await ask()).toMatchObject({
      provider: { isEnabled: true, syncCountLastHour: 2, failedSyncCountLastHour: 1, lastFailedAt: shownHours(-0.25) },
    });
    await db.update(providers).set({ isEnabled: false });
    expect(await ask()).toMatchObject({ provider: { isEnabled: false } });
  });

  test('of a whole list costs two statements, however long it is', async () => {
    const provider = await seedProvider(graph.database, { slug: 'second-bank' });
    for (let count = 0; count < 20; count += 1) await seedConnection(graph.database, world.scope, provider);
    graph.statements.length = 0;
    const answer = await graph.ask(clientViewer(world.clientId), list);
    expect(answer.errors).toBeUndefined();
    expect((answer.data as { connections: { nodes: unknown[] } }).connections.nodes).toHaveLength(22);
    expect(graph.statements).toHaveLength(2);
  });

  test('is not there for a stranger', async () => {
    const id = shownId('Connection', world.connection.id);
    const answer = await graph.ask(userViewer(stranger.scope), one, { id });
    expect(answer).toEqual({ data: { connection: null } });
  });
});
