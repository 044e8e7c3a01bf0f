import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, test } from 'vitest';
import { Failure } from '../../../src/domain/failure.ts';
import { accounts } from '../../../src/store/schema/tables.ts';
import { seedAccount, seededAt, seedTransactions, seedWorld, type World } from '../../support/fixtures.ts';
import { dump } from '../../security/dump.ts';
import { codesOf, openGraph, shownId, userViewer, type Graph } from '../execute.ts';

const failure = '... on Failure { code message } ... on InvalidInput { issues { path message } }';
const merge = `mutation ($input: AccountMergeInput!) {
  accountMerge(input: $input) {
    __typename
    ... on AccountMergePayload {
      account { __typename id status failure { code } name mappingCandidates { id }
        transactions { nodes { __typename id } } }
      deletedAccountId
    }
    ${failure}
  }
}`;
const close = `mutation ($input: AccountCloseInput!) {
  accountClose(input: $input) {
    __typename
    ... on AccountClosePayload { account { __typename id status failure { code } mappingCandidates { id } } }
    ${failure}
  }
}`;
const list = `{
  accounts(first: 10) {
    nodes { __typename name failure { __typename code recovery } mappingCandidates { __typename name iban balance { amount } } }
  }
}`;

let graph: Graph;
let world: World;
let stranger: World;
let old: string;
let fresh: string;
let movedId: string;

beforeEach(async () => {
  graph = await openGraph();
  world = await seedWorld(graph.database);
  stranger = await seedWorld(graph.database, { name: 'stranger' });
  const { db } = graph.database;
  const change = async (id: typeof world.accountId, over: Partial<typeof accounts.$inferInsert>) =>
    void (await db.update(accounts).set(over).where(eq(accounts.id, id)));
  const missing = { status: 'NOT_FOUND', failure: new Failure('ACCOUNT_MAPPING_REQUIRED').toRecord() } as const;
  await change(world.accountId, { iban: null, name: 'Old', ...missing });
  const seed = async (name: string, over: Partial<typeof accounts.$inferInsert> = {}) => {
    const id = await seedAccount(graph.database, world.scope, world.connection, { name, iban: null });
    await change(id, { createdAt: new Date(seededAt.getTime() + 60_000), ...over });
    return id;
  };
  const freshId = await seed('New');
  await seed('Dollars', { currency: 'USD' });
  await seed('Savings', { type: 'SAVINGS' });
  await seed('Long known', { createdAt: seededAt });
  await seed('Deleted', { deletedAt: seededAt });
  const [moved] = await seedTransactions(graph.database, world.scope, freshId, [{ label: 'Later' }]);
  old = shownId('Account', world.accountId);
  fresh = shownId('Account', freshId);
  movedId = shownId('Transaction', moved!);
});

test('a list of accounts says in one statement which one each that is missing may be', async () => {
  graph.statements.length = 0;
  const answer = await graph.ask(userViewer(world.scope), list);
  expect(graph.statements).toHaveLength(1);
  const { nodes } = (answer.data as { accounts: { nodes: { name: string }[] } }).accounts;
  expect(nodes.toSorted((left, right) => left.name.localeCompare(right.name))).toMatchInlineSnapshot(`
    [
      {
        "__typename": "Account",
        "failure": null,
        "mappingCandidates": [],
        "name": "Dollars",
      },
      {
        "__typename": "Account",
        "failure": null,
        "mappingCandidates": [],
        "name": "Long known",
      },
      {
        "__typename": "Account",
        "failure": null,
        "mappingCandidates": [],
        "name": "New",
      },
      {
        "__typename": "Account",
        "failure": {
          "__typename": "AccountFailure",
          "code": "ACCOUNT_MAPPING_REQUIRED",
          "recovery": "CHOOSE_ACCOUNT",
        },
        "mappingCandidates": [
          {
            "__typename": "Account",
            "balance": {
              "amount": "1000.00",
            },
            "iban": null,
            "name": "New",
          },
        ],
        "name": "Old",
      },
      {
        "__typename": "Account",
        "failure": null,
        "mappingCandidates": [],
        "name": "Savings",
      },
    ]
  `);
});

describe('accountMerge', () => {
  const input = () => ({ accountId: old, mergedAccountId: fresh });

  test('gives the account that stays, with what the other one had, and answers its key again', async () => {
    const known = world.transactionIds.map((id) => shownId('Transaction', id));
    const variables = { input: { ...input(), idempotencyKey: 'once' } };
    const answer = await graph.ask(userViewer(world.scope), merge, variables);
    expect(answer).toEqual({
      data: {
        accountMerge: {
          __typename: 'AccountMergePayload',
          account: {
            __typename: 'Account',
            id: old,
            status: 'ACTIVE',
            failure: null,
            name: 'New',
            mappingCandidates: [],
            transactions: {
              nodes: expect.toSatisfy(
                (nodes: { id: string }[]) =>
                  nodes
                    .map(({ id }) => id)
                    .toSorted()
                    .join() === [...known, movedId].toSorted().join(),
              ),
            },
          },
          deletedAccountId: fresh,
        },
      },
    });
    const before = await dump(graph.database);
    expect(await graph.ask(userViewer(world.scope), merge, variables)).toEqual(answer);
    expect(await dump(graph.database)).toEqual(before);
    const { data } = await graph.ask(userViewer(world.scope), `{ account(id: "${fresh}") { id } }`);
    expect(data).toEqual({ account: null });
  });

  test('names what speaks against it, and changes nothing', async () => {
    const before = await dump(graph.database);
    const answer = await graph.ask(userViewer(world.scope), merge, {
      input: { accountId: fresh, mergedAccountId: old },
    });
    expect(answer.data).toMatchInlineSnapshot(`
      {
        "accountMerge": {
          "__typename": "InvalidInput",
          "code": "VALIDATION_FAILED",
          "issues": [
            {
              "message": "The bank still lists this account: name here one that it lists no more, and as mergedAccountId the one that it lists in its place.",
              "path": [
                "accountId",
              ],
            },
          ],
          "message": "accountId: The bank still lists this account: name here one that it lists no more, and as mergedAccountId the one that it lists in its place.",
        },
      }
    `);
    expect(await dump(graph.database)).toEqual(before);
  });

  test('of another client’s accounts is NOT_FOUND, without accounts_manage FORBIDDEN, and changes nothing', async () => {
    const before = await dump(graph.database);
    const notFound = { __typename: 'NotFound', code: 'NOT_FOUND', message: 'No such account.' };
    const foreign = shownId('Account', stranger.accountId);
    for (const [viewer, given] of [
      [userViewer(stranger.scope), input()],
      [userViewer(world.scope), { ...input(), mergedAccountId: foreign }],
      [userViewer(world.scope), { ...input(), accountId: foreign }],
    ] as const) {
      expect(await graph.ask(viewer, merge, { input: given })).toEqual({ data: { accountMerge: notFound } });
    }
    const reader = userViewer(world.scope, ['accounts_read']);
    expect(codesOf(await graph.ask(reader, merge, { input: input() }))).toEqual(['FORBIDDEN']);
    expect(await dump(graph.database)).toEqual(before);
  });
});

describe('accountClose', () => {
  test('gives the account, closed, and nobody is asked about it any more', async () => {
    expect(await graph.ask(userViewer(world.scope), close, { input: { id: old } })).toEqual({
      data: {
        accountClose: {
          __typename: 'AccountClosePayload',
          account: { __typename: 'Account', id: old, status: 'CLOSED', failure: null, mappingCandidates: [] },
        },
      },
    });
  });

  test('of what the bank lists, or of another client’s account, changes nothing', async () => {
    const before = await dump(graph.database);
    expect((await graph.ask(userViewer(world.scope), close, { input: { id: fresh } })).data).toMatchInlineSnapshot(`
      {
        "accountClose": {
          "__typename": "InvalidInput",
          "code": "VALIDATION_FAILED",
          "issues": [
            {
              "message": "The bank still lists this account, so only the bank closes it; accountDelete takes it away here.",
              "path": [
                "id",
              ],
            },
          ],
          "message": "id: The bank still lists this account, so only the bank closes it; accountDelete takes it away here.",
        },
      }
    `);
    expect(await graph.ask(userViewer(stranger.scope), close, { input: { id: old } })).toEqual({
      data: { accountClose: { __typename: 'NotFound', code: 'NOT_FOUND', message: 'No such account.' } },
    });
    expect(await dump(graph.database)).toEqual(before);
  });
});

test('the health of the connection sends for the person, and names the way out', async () => {
  const health = `{ connections { nodes { health { __typename failure { code recovery } nextStep { __typename action actor mutation url } } } } }`;
  graph.statements.length = 0;
  expect(await graph.ask(userViewer(world.scope), health)).toEqual({
    data: {
      connections: {
        nodes: [
          {
            health: {
              __typename: 'ConnectionHealth',
              failure: { code: 'ACCOUNT_MAPPING_REQUIRED', recovery: 'CHOOSE_ACCOUNT' },
              nextStep: {
                __typename: 'NextStep',
                action: 'CHOOSE_ACCOUNT',
                actor: 'USER',
                mutation: 'accountMerge',
                url: null,
              },
            },
          },
        ],
      },
    },
  });
  expect(graph.statements).toHaveLength(1);
});
