import { beforeEach, describe, expect, test } from 'vitest';
import { accounts } from '../../../src/store/schema/tables.ts';
import { seedAccount, seedWorld, type World } from '../../support/fixtures.ts';
import { clientViewer, codesOf, openGraph, shownId, userViewer, type Graph } from '../execute.ts';

const failure = '... on Failure { code message } ... on InvalidInput { issues { path message } }';
const update = /* GraphQL */ `
  mutation ($input: AccountUpdateInput!) {
    accountUpdate(input: $input) {
      __typename
      ... on AccountUpdatePayload { account { __typename id label name usage } }
      ${failure}
    }
  }
`;
const remove = /* GraphQL */ `
  mutation ($input: AccountDeleteInput!) {
    accountDelete(input: $input) { __typename ... on AccountDeletePayload { deletedAccountId } ${failure} }
  }
`;
const manage = /* GraphQL */ `
  mutation ($input: AccountsManageInput!) {
    accountsManage(input: $input) {
      __typename
      ... on AccountsManagePayload { connection { __typename accounts { nodes { __typename id } } } deletedAccountIds }
      ${failure}
    }
  }
`;

let graph: Graph;
let world: World;
let stranger: World;
let accountId: string;
const rows = () => graph.database.db.select().from(accounts).orderBy(accounts.id);

beforeEach(async () => {
  graph = await openGraph();
  world = await seedWorld(graph.database);
  stranger = await seedWorld(graph.database, { name: 'stranger' });
  const id = await seedAccount(graph.database, world.scope, world.connection, { name: 'Livret A', type: 'SAVINGS' });
  accountId = shownId('Account', id);
});

describe('accountUpdate', () => {
  test('gives the account with what the person decided', async () => {
    const input = { id: accountId, label: 'Holidays', usage: 'PERSONAL' };
    expect(await graph.ask(userViewer(world.scope), update, { input })).toEqual({
      data: {
        accountUpdate: {
          __typename: 'AccountUpdatePayload',
          account: { __typename: 'Account', id: accountId, label: 'Holidays', name: 'Livret A', usage: 'PERSONAL' },
        },
      },
    });
  });

  test('of another client’s account is NOT_FOUND and changes nothing', async () => {
    const before = await rows();
    const answer = await graph.ask(userViewer(stranger.scope), update, { input: { id: accountId, label: 'Mine' } });
    expect(answer).toEqual({
      data: { accountUpdate: { __typename: 'NotFound', code: 'NOT_FOUND', message: 'No such account.' } },
    });
    expect(await rows()).toEqual(before);
  });
});

describe('accountDelete', () => {
  test('gives the id, and the account is on no list any more', async () => {
    const viewer = clientViewer(world.scope.clientId);
    expect(await graph.ask(viewer, remove, { input: { id: accountId } })).toEqual({
      data: { accountDelete: { __typename: 'AccountDeletePayload', deletedAccountId: accountId } },
    });
    const { data } = await graph.ask(viewer, '{ accounts { nodes { id } } }');
    expect(JSON.stringify(data)).not.toContain(accountId);
  });

  test('needs accounts_manage, and is refused for another client’s account', async () => {
    const before = await rows();
    const reader = userViewer(world.scope, ['accounts_read']);
    expect(codesOf(await graph.ask(reader, remove, { input: { id: accountId } }))).toEqual(['FORBIDDEN']);
    expect(await graph.ask(userViewer(stranger.scope), remove, { input: { id: accountId } })).toEqual({
      data: { accountDelete: { __typename: 'NotFound', code: 'NOT_FOUND', message: 'No such account.' } },
    });
    expect(await rows()).toEqual(before);
  });
});

describe('accountsManage', () => {
  const input = () => ({ connectionId: shownId('Connection', world.connection.id), accountIds: [accountId] });

  test('keeps what is named', async () => {
    const others = (await rows()).filter((row) => row.connectionId === world.connection.id);
    const gone = others.map((row) => shownId('Account', row.id)).filter((id) => id !== accountId);
    const { data } = await graph.ask(userViewer(world.scope), manage, { input: input() });
    expect(data).toEqual({
      accountsManage: {
        __typename: 'AccountsManagePayload',
        connection: { __typename: 'Connection', accounts: { nodes: [{ __typename: 'Account', id: accountId }] } },
        deletedAccountIds: expect.toSatisfy((ids: string[]) => ids.toSorted().join() === gone.toSorted().join()),
      },
    });
    expect(gone.length).toBeGreaterThan(0);
  });

  test('names the account that is no account of the connection, and erases nothing', async () => {
    const before = await rows();
    const foreign = before.find((row) => row.connectionId !== world.connection.id)!;
    const accountIds = [accountId, shownId('Account', foreign.id)];
    const answer = await graph.ask(userViewer(world.scope), manage, { input: { ...input(), accountIds } });
    expect(answer.data).toMatchObject({ accountsManage: { __typename: 'NotFound', code: 'NOT_FOUND' } });
    expect(await rows()).toEqual(before);
  });
});
