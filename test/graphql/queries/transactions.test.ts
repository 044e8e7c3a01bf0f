import { beforeAll, describe, expect, test } from 'vitest';
import { seedAccount, seedTransactions, seedWorld, type World } from '../../support/fixtures.ts';
import { clientViewer, codesOf, openGraph, shownId, userViewer, type Graph } from '../execute.ts';

let graph: Graph;
let world: World;
let stranger: World;
let tiedAccountId: string;
const total = 23;

beforeAll(async () => {
  graph = await openGraph();
  world = await seedWorld(graph.database);
  stranger = await seedWorld(graph.database, { name: 'stranger' });
  const accountId = await seedAccount(graph.database, world.scope, world.connection, { name: 'Ties' });
  tiedAccountId = shownId('Account', accountId);
  await seedTransactions(
    graph.database,
    world.scope,
    accountId,
    // Few days and few amounts, so that most rows are equal to a neighbour in either order.
    Array.from({ length: total }, (_, index) => ({
      datedOn: index % 4 === 0 ? '2026-02-01' : '2026-02-02',
      amount: index % 3 === 0 ? '-9.00' : '-10.00',
      label: `Row ${index}`,
    })),
  );
});

const page = /* GraphQL */ `
  query (
    $filter: TransactionFilter
    $orderBy: TransactionOrder
    $first: Int
    $last: Int
    $after: Cursor
    $before: Cursor
  ) {
    transactions(filter: $filter, orderBy: $orderBy, first: $first, last: $last, after: $after, before: $before) {
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
      nodes {
        id
        datedOn
        amount {
          amount
        }
      }
    }
  }
`;

interface Page {
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
  nodes: { id: string; datedOn: string; amount: { amount: string } }[];
}

async function read(variables: Record<string, unknown>): Promise<Page> {
  const answer = await graph.ask(userViewer(world.scope), page, variables);
  expect(answer.errors).toBeUndefined();
  return (answer.data as { transactions: Page }).transactions;
}

describe('walking through pages', () => {
  const orders = ['DATE', 'AMOUNT'].flatMap((field) => ['ASC', 'DESC'].map((direction) => ({ field, direction })));

  test.each(orders)('gives every row once, forwards and backwards, under ties: $field $direction', async (orderBy) => {
    const filter = { accountIds: [tiedAccountId] };
    const whole = await read({ filter, orderBy, first: 500 });
    expect(whole.nodes).toHaveLength(total);
    expect(whole.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: false });
    const keys = whole.nodes.map((node) => (orderBy.field === 'DATE' ? node.datedOn : node.amount.amount));
    const sorted = orderBy.field === 'DATE' ? keys.toSorted() : keys.toSorted((a, b) => Number(a) - Number(b));
    expect(keys).toEqual(orderBy.direction === 'ASC' ? sorted : sorted.toReversed());

    const forward: string[] = [];
    for (let after: string | null = null, more = true; more;) {
      const part: Page = await read({ filter, orderBy, first: 5, after });
      forward.push(...part.nodes.map(({ id }) => id));
      after = part.pageInfo.endCursor;
      more = part.pageInfo.hasNextPage;
    }
    expect(forward).toEqual(whole.nodes.map(({ id }) => id));

    const backward: string[] = [];
    for (let before: string | null = null, more = true; more;) {
      const part: Page = await read({ filter, orderBy, last: 5, before });
      backward.unshift(...part.nodes.map(({ id }) => id));
      before = part.pageInfo.startCursor;
      more = part.pageInfo.hasPreviousPage;
    }
    expect(backward).toEqual(forward);
  });

  test('costs one statement a page', async () => {
    graph.statements.length = 0;
    await read({ first: 5 });
    expect(graph.statements).toHaveLength(1);
  });

  test('gives 20 rows when no size is asked', async () => {
    expect((await read({})).nodes).toHaveLength(20);
  });

  test('gives an empty page for first: 0', async () => {
    expect(await read({ first: 0 })).toMatchObject({ nodes: [], pageInfo: { hasNextPage: true } });
  });
});

describe('filters', () => {
  const labels = async (filter: object): Promise<string[]> => {
    const answer = await graph.ask(
      clientViewer(world.clientId),
      `query ($filter: TransactionFilter) { transactions(filter: $filter, first: 500) { nodes { label } } }`,
      { filter },
    );
    expect(answer.errors).toBeUndefined();
    return (answer.data as { transactions: { nodes: { label: string }[] } }).transactions.nodes.map(
      ({ label }) => label,
    );
  };
  const account = () => shownId('Account', world.accountId);

  test('by account', async () => {
    expect(await labels({ accountIds: [account()] })).toEqual(['Supermarket', 'Restaurant', 'Salary']);
  });
  test('by no account at all gives nothing', async () => {
    expect(await labels({ accountIds: [] })).toEqual([]);
  });
  test('by connection', async () => {
    const connectionId = shownId('Connection', world.connection.id);
    expect(await labels({ connectionId })).toHaveLength(total + 3);
    expect(await labels({ connectionId: shownId('Connection', stranger.connection.id) })).toEqual([]);
  });
  test('by days, both included', async () => {
    expect(await labels({ accountIds: [account()], datedOn: { from: '2026-02-28', to: '2026-03-01' } })).toEqual([
      'Supermarket',
      'Restaurant',
    ]);
  });
  test('by amounts, both included', async () => {
    expect(await labels({ accountIds: [account()], amount: { min: '-12.50', max: '0' } })).toEqual(['Restaurant']);
  });
  test('by status and type', async () => {
    expect(await labels({ accountIds: [account()], statuses: ['BOOKED'], types: ['CREDIT'] })).toEqual(['Salary']);
    expect(await labels({ statuses: ['VOID'] })).toEqual([]);
    expect(await labels({ statuses: [], types: [] })).toHaveLength(total + 3);
  });
  test('by category: a primary counts with its leaves', async () => {
    expect(await labels({ categoryId: shownId('Category', 'GROCERIES') })).toEqual(['Supermarket']);
    expect(await labels({ categoryId: shownId('Category', 'GROCERIES_SUPERMARKET') })).toEqual(['Supermarket']);
  });
  test('by text in any case, in which wildcards are plain characters', async () => {
    expect(await labels({ text: 'superM' })).toEqual(['Supermarket']);
    expect(await labels({ text: '%' })).toEqual([]);
    expect(await labels({ text: '\\' })).toEqual([]);
  });
});

describe('refusals', () => {
  const refuse = async (variables: Record<string, unknown>) => {
    graph.statements.length = 0;
    const answer = await graph.ask(userViewer(world.scope), page, variables);
    expect(answer.data ?? null).toBeNull();
    expect(graph.statements).toEqual([]);
    return { codes: codesOf(answer), message: answer.errors?.[0]?.message };
  };

  test('a page size that is negative or too large', async () => {
    expect(await refuse({ first: -1 })).toMatchInlineSnapshot(`
      {
        "codes": [
          "VALIDATION_FAILED",
        ],
        "message": "Argument "first": must be from 0 to 500, not -1.",
      }
    `);
    expect(await refuse({ first: 501 })).toMatchInlineSnapshot(`
      {
        "codes": [
          "VALIDATION_FAILED",
        ],
        "message": "Argument "first": must be from 0 to 500, not 501.",
      }
    `);
    expect(await refuse({ last: 501 })).toMatchInlineSnapshot(`
      {
        "codes": [
          "VALIDATION_FAILED",
        ],
        "message": "Argument "last": must be from 0 to 500, not 501.",
      }
    `);
    expect(await refuse({ first: 1, last: 1 })).toMatchInlineSnapshot(`
      {
        "codes": [
          "VALIDATION_FAILED",
        ],
        "message": "Argument "last": give "first" or "last", not both.",
      }
    `);
  });

  test('a cursor of another order, of another list, or broken', async () => {
    const byDate = (await read({ first: 1 })).pageInfo.endCursor;
    expect(await refuse({ after: byDate, orderBy: { field: 'AMOUNT', direction: 'ASC' } })).toMatchInlineSnapshot(`
      {
        "codes": [
          "CURSOR_INVALID",
        ],
        "message": "Argument "after": this cursor is not one that this list gave.",
      }
    `);
    expect(await refuse({ after: 'AAAA' })).toMatchInlineSnapshot(`
      {
        "codes": [
          "CURSOR_INVALID",
        ],
        "message": "Argument "after": this cursor is not one that this list gave.",
      }
    `);
    expect(await refuse({ before: '***' })).toMatchInlineSnapshot(`
      {
        "codes": [
          "VALIDATION_FAILED",
        ],
        "message": "Variable "$before" got invalid value "***"; Cursor must be a cursor that this list gave, not "***".",
      }
    `);
    const accounts = await graph.ask(userViewer(world.scope), '{ accounts(first: 1) { pageInfo { endCursor } } }');
    const { endCursor } = (accounts.data as { accounts: Page }).accounts.pageInfo;
    expect(endCursor).toEqual(expect.any(String));
    expect((await refuse({ after: endCursor })).codes).toEqual(['CURSOR_INVALID']);
  });

  test('values that are no days, amounts or ids', async () => {
    expect(await refuse({ filter: { datedOn: { from: '2026-02-30' } } })).toMatchInlineSnapshot(`
      {
        "codes": [
          "VALIDATION_FAILED",
        ],
        "message": "Variable "$filter" got invalid value "2026-02-30" at "filter.datedOn.from"; Date must be a day that exists, as YYYY-MM-DD, not "2026-02-30".",
      }
    `);
    expect(await refuse({ filter: { amount: { min: '1e3' } } })).toMatchInlineSnapshot(`
      {
        "codes": [
          "VALIDATION_FAILED",
        ],
        "message": "Variable "$filter" got invalid value "1e3" at "filter.amount.min"; Decimal must be a text with up to 18 digits and 9 decimals, such as "-12.50", not "1e3".",
      }
    `);
    expect(await refuse({ filter: { accountIds: [shownId('User', world.userId)] } })).toMatchInlineSnapshot(`
      {
        "codes": [
          "VALIDATION_FAILED",
        ],
        "message": "Argument "filter.accountIds": expected an id of type Account as this API gave it, got one of type User.",
      }
    `);
    expect(await refuse({ filter: { categoryId: 'x' } })).toMatchInlineSnapshot(`
      {
        "codes": [
          "VALIDATION_FAILED",
        ],
        "message": "Argument "filter.categoryId": expected an id of type Category as this API gave it, got "x", which is no id.",
      }
    `);
    expect(await refuse({ filter: { text: '' } })).toMatchInlineSnapshot(`
      {
        "codes": [
          "VALIDATION_FAILED",
        ],
        "message": "Argument "filter.text": must have from 1 to 200 characters.",
      }
    `);
  });

  test('a bad page size in a nested list, without a statement', async () => {
    graph.statements.length = 0;
    const answer = await graph.ask(
      userViewer(world.scope),
      '{ accounts { nodes { transactions(first: 501) { nodes { id } } } } }',
    );
    expect(codesOf(answer)).toEqual(['VALIDATION_FAILED']);
    expect(graph.statements).toEqual([]);
  });
});
