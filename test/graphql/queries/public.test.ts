import { getIntrospectionQuery } from 'graphql';
import { beforeAll, expect, test } from 'vitest';
import { seedWorld, type World } from '../../support/fixtures.ts';
import { anonymous, clientViewer, codesOf, openGraph, shownId, userViewer, type Graph } from '../execute.ts';

let graph: Graph;
let world: World;

beforeAll(async () => {
  graph = await openGraph();
  world = await seedWorld(graph.database);
});

test('introspection and __typename need no token', async () => {
  expect((await graph.ask(anonymous, getIntrospectionQuery())).errors).toBeUndefined();
  expect(await graph.ask(anonymous, '{ __typename }')).toEqual({ data: { __typename: 'Query' } });
});

test('everything else wants a token, and makes the whole answer a 401', async () => {
  const answer = await graph.ask(anonymous, '{ providers { nodes { name } } }');
  expect(codesOf(answer)).toEqual(['UNAUTHENTICATED']);
  expect(answer.errors?.[0]?.extensions['http']).toMatchObject({ status: 401 });
});

test('the viewer of a user token is the user, that of a client token has none', async () => {
  const source = '{ viewer { __typename scopes client { __typename name } user { __typename id email } } }';
  expect(await graph.ask(userViewer(world.scope, ['users_read', 'accounts_read']), source)).toEqual({
    data: {
      viewer: {
        __typename: 'Viewer',
        scopes: ['accounts_read', 'users_read'],
        client: { __typename: 'Client', name: 'acme' },
        user: { __typename: 'User', id: shownId('User', world.userId), email: 'ada@example.com' },
      },
    },
  });
  const answer = await graph.ask(clientViewer(world.clientId, []), '{ viewer { scopes user { id } } }');
  expect(answer).toEqual({ data: { viewer: { scopes: [], user: null } } });
});

test('providers are found by name and country, with any token', async () => {
  const source = `query ($name: String, $country: CountryCode, $bic: BIC) {
    providers(name: $name, country: $country, bic: $bic) { nodes { __typename id isTest } }
  }`;
  const found = {
    data: {
      providers: { nodes: [{ __typename: 'Provider', id: shownId('Provider', world.provider.id), isTest: true }] },
    },
  };
  const viewer = clientViewer(world.clientId, []);
  expect(await graph.ask(viewer, source, { name: 'BANK acme', country: 'FR' })).toEqual(found);
  expect(await graph.ask(viewer, source, { country: 'DE' })).toEqual({ data: { providers: { nodes: [] } } });
  expect(await graph.ask(viewer, source, { bic: 'BNPAFRPP' })).toEqual({ data: { providers: { nodes: [] } } });
});

test('categories have two levels, in the language that is asked', async () => {
  graph.statements.length = 0;
  const answer = await graph.ask(
    clientViewer(world.clientId, []),
    '{ categories { key label(locale: "fr") children { key parent { key } } } }',
  );
  const { categories } = answer.data as { categories: { key: string; label: string; children: { key: string }[] }[] };
  expect(categories.length).toBeGreaterThan(10);
  expect(categories.find(({ key }) => key === 'GROCERIES')).toMatchObject({
    label: expect.any(String),
    children: expect.arrayContaining([{ key: 'GROCERIES_SUPERMARKET', parent: { key: 'GROCERIES' } }]),
  });
  expect(graph.statements).toHaveLength(1);
});

test('a relation beyond the token’s scopes is null and an error, and the rest stays', async () => {
  const answer = await graph.ask(
    userViewer(world.scope, ['transactions_read']),
    '{ transactions(first: 1) { nodes { label account { name } } } }',
  );
  expect(answer.data).toEqual({ transactions: { nodes: [{ label: 'Supermarket', account: null }] } });
  expect(codesOf(answer)).toEqual(['FORBIDDEN']);
});
