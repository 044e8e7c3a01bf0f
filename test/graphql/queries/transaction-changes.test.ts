import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { permissions } from '../../../src/domain/viewer.ts';
import { globalId } from '../../../src/graphql/global-id.ts';
import { inUserTransaction } from '../../../src/store/log.ts';
import { testDatabase } from '../../support/database.ts';
import { seedTransactions, seedWorld, seededAt } from '../../support/fixtures.ts';
import { openGateway } from '../../support/gateway.ts';

const query = `query ($after: Cursor, $first: Int) { transactionChanges(after: $after, first: $first) {
  nodes { __typename kind transaction { label voidReason successor { label } account { name } } deletedNodeId }
  pageInfo { hasNextPage endCursor }
} }`;

interface Answer {
  readonly data: { transactionChanges: { nodes: unknown[]; pageInfo: { hasNextPage: boolean; endCursor: string } } };
}

test('gives changes in their order with successor and deletions, one statement for the list and one for the rows', async () => {
  const statements: string[] = [];
  const database = await testDatabase({ onStatement: (text) => statements.push(text) });
  const gateway = await openGateway({ database, pollMilliseconds: 600_000 });
  const { scope, accountId, connection, transactionIds } = await seedWorld(database);
  const token = gateway.issue({ kind: 'user', ...scope, permissions: new Set(permissions) });
  const ask = async (variables: object) => (await gateway.ask(token, query, { ...variables })) as Answer;
  const [page] = [(await ask({ first: 2 })).data.transactionChanges];
  expect(page.nodes).toHaveLength(2);
  expect(page.pageInfo.hasNextPage).toBe(true);
  const rest = (await ask({ after: page.pageInfo.endCursor })).data.transactionChanges;
  expect([rest.nodes.length, rest.pageInfo.hasNextPage]).toEqual([1, false]);

  const [successor] = await seedTransactions(database, scope, accountId, [{ label: 'Booked' }]);
  await inUserTransaction(database, scope, async ({ tx }) => {
    await tx.execute(sql`
      update transactions set status = 'VOID', void_reason = 'DUPLICATE', superseded_by = ${successor}, updated_at = now()
      where id = ${transactionIds[1]!}`);
  });
  statements.length = 0;
  const changed = (await ask({ after: rest.pageInfo.endCursor })).data.transactionChanges;
  expect(statements).toHaveLength(2);
  expect(changed.nodes).toMatchInlineSnapshot(`
    [
      {
        "__typename": "TransactionChange",
        "deletedNodeId": null,
        "kind": "CREATED",
        "transaction": {
          "account": {
            "name": "Current account",
          },
          "label": "Booked",
          "successor": null,
          "voidReason": null,
        },
      },
      {
        "__typename": "TransactionChange",
        "deletedNodeId": null,
        "kind": "VOIDED",
        "transaction": {
          "account": {
            "name": "Current account",
          },
          "label": "Restaurant",
          "successor": {
            "label": "Booked",
          },
          "voidReason": "DUPLICATE",
        },
      },
    ]
  `);

  await inUserTransaction(database, scope, async ({ tx, append }) => {
    await tx.execute(sql`delete from accounts where id = ${accountId}`);
    await append(seededAt, { type: 'account.deleted', facts: { accountId, connectionId: connection.id } });
  });
  expect((await ask({ after: changed.pageInfo.endCursor })).data.transactionChanges.nodes).toEqual([
    {
      __typename: 'TransactionChange',
      kind: 'ACCOUNT_DELETED',
      transaction: null,
      deletedNodeId: globalId('Account', accountId),
    },
  ]);
});

test('needs transactions_read, a cursor of its own and a sound size; another’s user is NOT_FOUND', async () => {
  const gateway = await openGateway();
  const [mine, foreign] = [await seedWorld(gateway.database), await seedWorld(gateway.database, { name: 'foreign' })];
  const as = (scopes: readonly (typeof permissions)[number][]) =>
    gateway.issue({ kind: 'client', clientId: mine.clientId, permissions: new Set(scopes) });
  const refused = async (text: string, token = as(permissions)) =>
    ((await gateway.ask(token, `{ transactionChanges${text} { nodes { kind } } }`)) as { errors: unknown[] }).errors;
  const code = (name: string) => [expect.objectContaining({ extensions: expect.objectContaining({ code: name }) })];
  expect(await refused('', as(['events_read']))).toEqual(code('FORBIDDEN'));
  expect(await refused('(after: "ZXZ0OjA6MA")')).toEqual(code('CURSOR_INVALID'));
  expect(await refused('(first: 501)')).toEqual(code('VALIDATION_FAILED'));
  expect(await refused(`(userId: "${globalId('User', foreign.userId)}")`)).toEqual(code('NOT_FOUND'));
});
