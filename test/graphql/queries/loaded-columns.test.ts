import { beforeAll, expect, test } from 'vitest';
import { seedWorld, type World } from '../../support/fixtures.ts';
import { clientViewer, openGraph, shownId, type Graph } from '../execute.ts';

let graph: Graph;
let world: World;

beforeAll(async () => {
  graph = await openGraph();
  world = await seedWorld(graph.database);
});

test('a list asked for twice gives each answer its own rows with its own fields', async () => {
  const source = /* GraphQL */ `
    query ($id: ID!) {
      user(id: $id) {
        newest: transactions(first: 1) {
          nodes {
            __typename
            label
          }
        }
        largest: transactions(first: 2, orderBy: { field: AMOUNT, direction: DESC }) {
          nodes {
            __typename
            label
            amount {
              amount
            }
            category {
              key
            }
          }
        }
        again: transactions(first: 1) {
          nodes {
            title: label
            type
            datedOn
          }
        }
      }
    }
  `;
  const answer = await graph.ask(clientViewer(world.clientId), source, { id: shownId('User', world.userId) });
  expect(answer).toMatchInlineSnapshot(`
    {
      "data": {
        "user": {
          "again": {
            "nodes": [
              {
                "datedOn": "2026-03-01",
                "title": "Supermarket",
                "type": "DEBIT",
              },
            ],
          },
          "largest": {
            "nodes": [
              {
                "__typename": "Transaction",
                "amount": {
                  "amount": "2100.00",
                },
                "category": {
                  "key": "INCOME_SALARY",
                },
                "label": "Salary",
              },
              {
                "__typename": "Transaction",
                "amount": {
                  "amount": "-12.50",
                },
                "category": {
                  "key": "UNCATEGORISED",
                },
                "label": "Restaurant",
              },
            ],
          },
          "newest": {
            "nodes": [
              {
                "__typename": "Transaction",
                "label": "Supermarket",
              },
            ],
          },
        },
      },
    }
  `);
});

test('a row that was loaded with one column loads the others when they are asked for', async () => {
  const source = /* GraphQL */ `
    query ($id: ID!) {
      account(id: $id) {
        __typename
        name
        user {
          accounts(first: 1) {
            nodes {
              __typename
              iban
              balance {
                amount
                currency
              }
              transactions(first: 1) {
                nodes {
                  label
                  account {
                    name
                    currency
                  }
                }
              }
            }
          }
        }
      }
    }
  `;
  const answer = await graph.ask(clientViewer(world.clientId), source, { id: shownId('Account', world.accountId) });
  expect(answer).toMatchInlineSnapshot(`
    {
      "data": {
        "account": {
          "__typename": "Account",
          "name": "Current account",
          "user": {
            "accounts": {
              "nodes": [
                {
                  "__typename": "Account",
                  "balance": {
                    "amount": "1000.00",
                    "currency": "EUR",
                  },
                  "iban": "FR7630006000011234567890189",
                  "transactions": {
                    "nodes": [
                      {
                        "account": {
                          "currency": "EUR",
                          "name": "Current account",
                        },
                        "label": "Supermarket",
                      },
                    ],
                  },
                },
              ],
            },
          },
        },
      },
    }
  `);
});
