import { beforeAll, expect, test } from 'vitest';
import { seedWorld, type World } from '../../support/fixtures.ts';
import { clientViewer, openGraph, shownId, type Graph } from '../execute.ts';

let graph: Graph;
let world: World;

beforeAll(async () => {
  graph = await openGraph();
  world = await seedWorld(graph.database);
  await seedWorld(graph.database, { name: 'stranger' });
});

const nested = /* GraphQL */ `
  query ($id: ID!) {
    user(id: $id) {
      __typename
      email
      createdAt
      connections {
        nodes {
          __typename
          status
          provider {
            __typename
            country
            channelDefinitions {
              __typename
              kind
              accountTypes
            }
          }
          channels {
            __typename
            kind
            status
          }
        }
      }
      accounts(first: 10) {
        edges {
          node {
            __typename
            name
            iban
            balance {
              __typename
              amount
              currency
            }
            failure {
              __typename
              code
            }
            transactions(first: 2) {
              pageInfo {
                hasNextPage
                hasPreviousPage
              }
              edges {
                node {
                  __typename
                  label
                  datedOn
                  createdAt
                  amount {
                    __typename
                    amount
                    currency
                  }
                  category {
                    __typename
                    key
                    label
                    parent {
                      key
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
  }
`;

test('reads a user, accounts, transactions and categories in one statement', async () => {
  graph.statements.length = 0;
  const answer = await graph.ask(clientViewer(world.clientId), nested, { id: shownId('User', world.userId) });
  expect(graph.statements).toHaveLength(1);
  expect(answer).toMatchInlineSnapshot(`
    {
      "data": {
        "user": {
          "__typename": "User",
          "accounts": {
            "edges": [
              {
                "node": {
                  "__typename": "Account",
                  "balance": {
                    "__typename": "Money",
                    "amount": "1000.00",
                    "currency": "EUR",
                  },
                  "failure": null,
                  "iban": "FR7630006000011234567890189",
                  "name": "Current account",
                  "transactions": {
                    "edges": [
                      {
                        "node": {
                          "__typename": "Transaction",
                          "amount": {
                            "__typename": "Money",
                            "amount": "-42.10",
                            "currency": "EUR",
                          },
                          "category": {
                            "__typename": "Category",
                            "key": "GROCERIES_SUPERMARKET",
                            "label": "Supermarket",
                            "parent": {
                              "key": "GROCERIES",
                            },
                          },
                          "createdAt": "2026-03-02T09:00:00.000Z",
                          "datedOn": "2026-03-01",
                          "label": "Supermarket",
                        },
                      },
                      {
                        "node": {
                          "__typename": "Transaction",
                          "amount": {
                            "__typename": "Money",
                            "amount": "-12.50",
                            "currency": "EUR",
                          },
                          "category": {
                            "__typename": "Category",
                            "key": "UNCATEGORISED",
                            "label": "Uncategorised",
                            "parent": null,
                          },
                          "createdAt": "2026-03-02T09:00:00.000Z",
                          "datedOn": "2026-02-28",
                          "label": "Restaurant",
                        },
                      },
                    ],
                    "pageInfo": {
                      "hasNextPage": true,
                      "hasPreviousPage": false,
                    },
                  },
                },
              },
            ],
          },
          "connections": {
            "nodes": [
              {
                "__typename": "Connection",
                "channels": [
                  {
                    "__typename": "Channel",
                    "kind": "REDIRECT",
                    "status": "ACTIVE",
                  },
                ],
                "provider": {
                  "__typename": "Provider",
                  "channelDefinitions": [
                    {
                      "__typename": "ChannelDefinition",
                      "accountTypes": [
                        "CHECKINGS",
                        "SAVINGS",
                      ],
                      "kind": "REDIRECT",
                    },
                  ],
                  "country": "FR",
                },
                "status": "ACTIVE",
              },
            ],
          },
          "createdAt": "2026-03-02T09:00:00.000Z",
          "email": "ada@example.com",
        },
      },
    }
  `);
});
