import { expect, test } from 'vitest';
import { permissions, type Viewer } from '../../../src/domain/viewer.ts';
import { seedWorld } from '../../support/fixtures.ts';
import { openGateway } from '../../support/gateway.ts';
import { clientViewer, shownId, userViewer } from '../execute.ts';

const create = `mutation ($input: CategoryRuleCreateInput!) { categoryRuleCreate(input: $input) {
  __typename
  ... on CategoryRuleCreatePayload {
    categoryRule { __typename id text direction category { key } createdAt user { id } }
  }
  ... on Failure { code message }
  ... on InvalidInput { issues { path message } }
} }`;
const remove = `mutation ($id: ID!) { categoryRuleDelete(input: { id: $id }) {
  __typename ... on CategoryRuleDeletePayload { deletedCategoryRuleId } ... on Failure { code }
} }`;
const list = '{ categoryRules(first: 10) { nodes { text } } }';

interface Answer {
  readonly data: Record<string, { readonly categoryRule: { id: string; user: unknown }; readonly nodes: unknown[] }>;
  readonly errors?: unknown[];
}

async function world() {
  const gateway = await openGateway();
  const seeded = await seedWorld(gateway.database);
  const stranger = await seedWorld(gateway.database, { name: 'stranger' });
  const ask = async (viewer: Viewer, query: string, variables?: Record<string, unknown>) =>
    (await gateway.ask(gateway.issue(viewer), query, variables)) as Answer;
  return {
    ...seeded,
    gateway,
    ask,
    user: userViewer(seeded.scope, permissions),
    client: clientViewer(seeded.clientId, permissions),
    strangerScope: stranger.scope,
    stranger: userViewer(stranger.scope, permissions),
    shopping: shownId('Category', 'SHOPPING'),
  };
}

test('a user makes a rule of his own, finds it by each way, and deletes it', async () => {
  const { ask, user, shopping, userId, stranger } = await world();
  const made = await ask(user, create, { input: { text: ' Café ', direction: 'OUT', categoryId: shopping } });
  const { id } = made.data['categoryRuleCreate']!.categoryRule;
  expect(made).toEqual({
    data: {
      categoryRuleCreate: {
        __typename: 'CategoryRuleCreatePayload',
        categoryRule: {
          __typename: 'CategoryRule',
          id: expect.any(String),
          text: 'Café',
          direction: 'OUT',
          category: { key: 'SHOPPING' },
          createdAt: expect.any(String),
          user: { id: shownId('User', userId) },
        },
      },
    },
  });
  const find = 'query ($id: ID!) { categoryRule(id: $id) { text } node(id: $id) { __typename id } }';
  expect((await ask(user, find, { id })).data).toEqual({
    categoryRule: { text: 'Café' },
    node: { __typename: 'CategoryRule', id },
  });
  expect((await ask(stranger, find, { id })).data).toEqual({ categoryRule: null, node: null });
  expect((await ask(stranger, remove, { id })).data).toEqual({
    categoryRuleDelete: { __typename: 'NotFound', code: 'NOT_FOUND' },
  });
  expect((await ask(user, list)).data).toEqual({ categoryRules: { nodes: [{ text: 'Café' }] } });
  expect((await ask(user, remove, { id })).data).toEqual({
    categoryRuleDelete: { __typename: 'CategoryRuleDeletePayload', deletedCategoryRuleId: id },
  });
  expect((await ask(user, list)).data).toEqual({ categoryRules: { nodes: [] } });
  const events = `{ events(first: 10) { nodes {
    __typename ... on CategoryRuleEvent { categoryKey categoryRule { id } }
  } } }`;
  expect((await ask(user, events)).data).toEqual({
    events: {
      nodes: [
        { __typename: 'CategoryRuleCreatedEvent', categoryKey: 'SHOPPING', categoryRule: null },
        { __typename: 'CategoryRuleDeletedEvent', categoryKey: 'SHOPPING', categoryRule: null },
      ],
    },
  });
});

test('a client makes rules for all of its users or for one, and a user sees his own alone', async () => {
  const { ask, client, user, shopping, userId } = await world();
  const ofUser = { text: 'one', categoryId: shopping, userId: shownId('User', userId) };
  const first = await ask(client, create, { input: ofUser });
  expect(first.data['categoryRuleCreate']!.categoryRule.user).toEqual({ id: ofUser.userId });
  const all = await ask(client, create, { input: { text: 'all', categoryId: shopping } });
  expect(all.data['categoryRuleCreate']!.categoryRule).toMatchObject({ direction: null, user: null });
  expect((await ask(client, list)).data['categoryRules']!.nodes).toEqual(
    expect.arrayContaining([{ text: 'all' }, { text: 'one' }]),
  );
  expect((await ask(user, list)).data).toEqual({ categoryRules: { nodes: [{ text: 'one' }] } });
});

test('one request that is repeated makes one rule', async () => {
  const { ask, user, shopping, gateway } = await world();
  const input = { text: 'once', categoryId: shopping, idempotencyKey: 'k' };
  const first = await ask(user, create, { input });
  expect(await ask(user, create, { input })).toEqual(first);
  expect(await gateway.database.sql`select 1 from category_rules`).toHaveLength(1);
});

test('what is refused says why, and nothing is made', async () => {
  const { ask, user, client, shopping, strangerScope, gateway } = await world();
  const input = { text: '-', categoryId: shownId('Category', 'NONSENSE') };
  expect((await ask(user, create, { input })).data).toMatchObject({
    categoryRuleCreate: {
      __typename: 'InvalidInput',
      issues: [
        { path: ['text'], message: 'Must have 2 to 100 characters.' },
        { path: ['categoryId'], message: 'No such category.' },
      ],
    },
  });
  const strangersId = shownId('User', strangerScope.userId);
  for (const viewer of [user, client]) {
    const foreign = { text: 'text', categoryId: shopping, userId: strangersId };
    expect((await ask(viewer, create, { input: foreign })).data).toMatchObject({
      categoryRuleCreate: { __typename: 'NotFound', code: 'NOT_FOUND' },
    });
  }
  const reader = userViewer(strangerScope, ['transactions_read']);
  expect((await ask(reader, create, { input: { text: 'text', categoryId: shopping } })).errors).toMatchObject([
    { extensions: { code: 'FORBIDDEN' } },
  ]);
  expect(await gateway.database.sql`select 1 from category_rules`).toHaveLength(0);
});
