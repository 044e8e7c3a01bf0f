import { isNonNullType, isObjectType, type GraphQLField } from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Viewer } from '../../../src/domain/viewer.ts';
import { schema } from '../../../src/graphql/schema.ts';
import { newId } from '../../../src/kernel/id.ts';
import { consents, syncs, transactions } from '../../../src/store/schema/tables.ts';
import { seedUser, seededAt, seedWorld, type World } from '../../support/fixtures.ts';
import { anonymous, clientViewer, codesOf, openGraph, shownId, userViewer, type Graph } from '../execute.ts';

let graph: Graph;
let world: World;
let ids: Record<string, string>;
let viewers: Record<string, Viewer>;

beforeAll(async () => {
  graph = await openGraph();
  world = await seedWorld(graph.database);
  const stranger = await seedWorld(graph.database, { name: 'stranger' });
  const sibling = await seedUser(graph.database, world.clientId, 'bob@example.com');
  const of = { ...world.scope, connectionId: world.connection.id };
  const syncId = newId('sync', seededAt);
  const consentId = newId('consent', seededAt);
  await graph.database.db
    .insert(syncs)
    .values({ id: syncId, ...of, type: 'ALL', trigger: 'INITIAL', status: 'QUEUED', requestedAt: seededAt });
  await graph.database.db.insert(consents).values({
    id: consentId,
    ...of,
    channelId: world.connection.channelId,
    status: 'PENDING',
    frequencyPerDay: 4,
    validUntil: '2026-08-01',
    createdAt: seededAt,
    updatedAt: seededAt,
  });
  const made = await graph.ask(
    userViewer(world.scope),
    `mutation {
      queueCreate(input: {}) { ... on QueueCreatePayload { queue { id } } }
      webhookCreate(input: { url: "https://hook.example/" }) { ... on WebhookCreatePayload { webhook { id } } }
      categoryRuleCreate(input: { text: "cafe", categoryId: "${shownId('Category', 'EATING_OUT_RESTAURANT')}" }) {
        ... on CategoryRuleCreatePayload { categoryRule { id } }
      }
    }`,
  );
  const { queueCreate, webhookCreate, categoryRuleCreate } = made.data as Record<
    string,
    Record<string, { id: string }>
  >;
  ids = {
    Queue: queueCreate!['queue']!.id,
    Webhook: webhookCreate!['webhook']!.id,
    CategoryRule: categoryRuleCreate!['categoryRule']!.id,
    User: shownId('User', world.userId),
    Connection: shownId('Connection', world.connection.id),
    Account: shownId('Account', world.accountId),
    Transaction: shownId('Transaction', world.transactionIds[0]!),
    Sync: shownId('Sync', syncId),
    Consent: shownId('Consent', consentId),
  };
  viewers = {
    'another client': clientViewer(stranger.clientId),
    'a user of another client': userViewer(stranger.scope),
    'another user of the same client': userViewer({ clientId: world.clientId, userId: sibling }),
  };
});

/** Every root that takes the id of one thing: found in the schema, so that a new one is under this test. */
const lookups = Object.values(schema.getQueryType()?.getFields() ?? {}).filter(
  (field): boolean =>
    field.args.some(({ name, type }) => name === 'id' && isNonNullType(type)) &&
    !['node', 'provider', 'category'].includes(field.name),
);

function typeOf(field: GraphQLField<unknown, unknown>): string {
  expect(isObjectType(field.type)).toBe(true);
  return String(field.type);
}

describe.each(lookups.map((field) => [field.name, field] as const))('%s(id:)', (name, field) => {
  const source = `query ($id: ID!) { ${name}(id: $id) { __typename id } }`;

  test('is found by its own user and client, and by nobody else', async () => {
    const id = ids[typeOf(field)];
    expect(id, `an id of ${typeOf(field)} for this test`).toBeDefined();
    for (const viewer of [clientViewer(world.clientId), userViewer(world.scope)]) {
      expect(await graph.ask(viewer, source, { id })).toEqual({ data: { [name]: { __typename: typeOf(field), id } } });
    }
    for (const viewer of Object.values(viewers)) {
      expect(await graph.ask(viewer, source, { id })).toEqual({ data: { [name]: null } });
    }
  });

  test('wants a token, then a scope, and says which', async () => {
    const id = ids[typeOf(field)];
    graph.statements.length = 0;
    expect(codesOf(await graph.ask(anonymous, source, { id }))).toEqual(['UNAUTHENTICATED']);
    const answer = await graph.ask(clientViewer(world.clientId, []), source, { id });
    expect(codesOf(answer)).toEqual(['FORBIDDEN']);
    expect(field.description).toContain(`Scope: ${String(answer.errors?.[0]?.extensions['scope'])}.`);
    expect(graph.statements).toEqual([]);
  });

  test('refuses the id of another type and garbage by naming the argument and the type', async () => {
    const other = typeOf(field) === 'User' ? ids['Account'] : ids['User'];
    for (const id of [other, 'garbage', '', world.userId, 'VXNlcjp1c3JfMQ']) {
      const answer = await graph.ask(clientViewer(world.clientId), source, { id });
      expect(codesOf(answer)).toEqual(['VALIDATION_FAILED']);
      expect(answer.errors?.[0]?.message).toContain(`Argument "id": expected an id of type ${typeOf(field)}`);
    }
  });
});

describe('node and nodes', () => {
  const source = 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }';

  test('find every kind for their owner, in order, one statement for each type', async () => {
    const all = [
      ...Object.entries(ids),
      ['Category', shownId('Category', 'GROCERIES')],
      ['Provider', shownId('Provider', world.provider.id)],
    ];
    graph.statements.length = 0;
    const answer = await graph.ask(userViewer(world.scope), source, { ids: all.map(([, id]) => id) });
    expect(answer).toEqual({ data: { nodes: all.map(([typeName, id]) => ({ __typename: typeName, id })) } });
    expect(graph.statements).toHaveLength(all.length);
  });

  test('hide what is not the viewer’s, and refuse garbage', async () => {
    for (const viewer of Object.values(viewers)) {
      const answer = await graph.ask(viewer, source, { ids: Object.values(ids) });
      expect(answer).toEqual({ data: { nodes: Object.values(ids).map(() => null) } });
    }
    expect(codesOf(await graph.ask(userViewer(world.scope), '{ node(id: "x") { id } }'))).toEqual([
      'VALIDATION_FAILED',
    ]);
  });

  test('read nested fields of what they find in the same statement', async () => {
    graph.statements.length = 0;
    const answer = await graph.ask(
      userViewer(world.scope),
      `query ($id: ID!) { node(id: $id) { ... on Account { name transactions(first: 1) { nodes { label category { key } } } } } }`,
      { id: ids['Account'] },
    );
    expect(answer).toEqual({
      data: {
        node: {
          name: 'Current account',
          transactions: { nodes: [{ label: 'Supermarket', category: { key: 'GROCERIES_SUPERMARKET' } }] },
        },
      },
    });
    expect(graph.statements).toHaveLength(1);
  });

  test('want the scope of the type', async () => {
    const answer = await graph.ask(clientViewer(world.clientId, ['users_read']), source, { ids: [ids['Account']] });
    expect(codesOf(answer)).toEqual(['FORBIDDEN']);
  });
});

describe('lists', () => {
  const lists = ['users', 'connections', 'accounts', 'transactions', 'consents', 'queues', 'webhooks'];

  test.each(lists)('%s gives nothing of another user or client, whatever it is asked', async (name) => {
    const bare = `{ ${name} { nodes { id } } }`;
    const named = `query ($userId: ID) { ${name}(userId: $userId) { nodes { id } } }`;
    const owner = await graph.ask(userViewer(world.scope), bare);
    const own = new Set((owner.data as Record<string, { nodes: { id: string }[] }>)[name]!.nodes.map(({ id }) => id));
    expect(own.size).toBeGreaterThan(0);
    for (const viewer of Object.values(viewers)) {
      for (const source of name === 'users' ? [bare] : [bare, named]) {
        const answer = await graph.ask(viewer, source, source === named ? { userId: ids['User'] } : {});
        expect(answer.errors).toBeUndefined();
        const nodes = (answer.data as Record<string, { nodes: { id: string }[] }>)[name]!.nodes;
        expect(nodes.filter(({ id }) => own.has(id))).toEqual([]);
        if (source === named) expect(nodes).toEqual([]);
      }
    }
  });

  test('nothing was written by any of these reads', async () => {
    expect(await graph.database.db.$count(transactions)).toBe(6);
  });
});
