import { expect, test } from 'vitest';
import { inUserTransaction } from '../../../src/store/log.ts';
import { applyChangeSet } from '../../../src/store/apply-change-set.ts';
import { prepareChangeSet } from '../../../src/store/prepare-change-set.ts';
import { bankTransaction } from '../../support/fake-connector.ts';
import { seededAt, seedWorld } from '../../support/fixtures.ts';
import { openGraph, userViewer } from '../execute.ts';

const purchases = [
  { original: { amount: '-22.26', currency: 'NZD' }, exchangeRate: '1.81', label: 'Both' },
  { original: { amount: '-2000', currency: 'JPY' }, label: 'Amount' },
  { exchangeRate: '0.000058824', label: 'Rate' },
  { label: 'Neither' },
];

test('a purchase in another currency is shown as the bank tells it, in one statement', async () => {
  const graph = await openGraph();
  const world = await seedWorld(graph.database);
  const created = purchases.map((one) => ({ datedOn: '2026-03-02', category: null, bank: bankTransaction(one) }));
  const changes = { created, updated: [], voided: [], unchanged: 0 };
  const prepared = await prepareChangeSet(world.scope, world.accountId, changes, seededAt);
  await inUserTransaction(graph.database, world.scope, ({ tx }) => applyChangeSet(tx, prepared, seededAt));
  graph.statements.length = 0;
  const answer = await graph.ask(
    userViewer(world.scope),
    /* GraphQL */ `
      {
        transactions(filter: { datedOn: { from: "2026-03-02" } }, orderBy: { field: DATE, direction: ASC }) {
          nodes {
            __typename
            label
            amount {
              __typename
              amount
              currency
            }
            originalAmount {
              __typename
              amount
              currency
            }
            exchangeRate
          }
        }
      }
    `,
  );
  expect(graph.statements).toHaveLength(1);
  expect(answer).toMatchInlineSnapshot(`
    {
      "data": {
        "transactions": {
          "nodes": [
            {
              "__typename": "Transaction",
              "amount": {
                "__typename": "Money",
                "amount": "-3.20",
                "currency": "EUR",
              },
              "exchangeRate": "1.81",
              "label": "Both",
              "originalAmount": {
                "__typename": "Money",
                "amount": "-22.26",
                "currency": "NZD",
              },
            },
            {
              "__typename": "Transaction",
              "amount": {
                "__typename": "Money",
                "amount": "-3.20",
                "currency": "EUR",
              },
              "exchangeRate": null,
              "label": "Amount",
              "originalAmount": {
                "__typename": "Money",
                "amount": "-2000",
                "currency": "JPY",
              },
            },
            {
              "__typename": "Transaction",
              "amount": {
                "__typename": "Money",
                "amount": "-3.20",
                "currency": "EUR",
              },
              "exchangeRate": "0.000058824",
              "label": "Rate",
              "originalAmount": null,
            },
            {
              "__typename": "Transaction",
              "amount": {
                "__typename": "Money",
                "amount": "-3.20",
                "currency": "EUR",
              },
              "exchangeRate": null,
              "label": "Neither",
              "originalAmount": null,
            },
          ],
        },
      },
    }
  `);
});
