import { z } from 'zod';

/** What the demo asks, each beside the shape of its answer. */
const money = z.object({ amount: z.string(), currency: z.string() });
const failure = z.object({ __typename: z.string(), code: z.string().optional(), message: z.string().optional() });

export const createUser = {
  document: `mutation ($input: UserCreateInput!) {
    userCreate(input: $input) { __typename ... on UserCreatePayload { user { id email } } ... on Failure { code message } }
  }`,
  shape: z.object({ userCreate: failure.extend({ user: z.object({ id: z.string(), email: z.string() }).optional() }) }),
};

export const findTestBank = {
  document: `{
    providers(first: 100) { nodes { id name isTest } }
    events(first: 100) { pageInfo { endCursor } }
  }`,
  shape: z.object({
    providers: z.object({
      nodes: z.array(
        z.object({
          id: z.string(),
          name: z.string(),
          isTest: z.boolean(),
        }),
      ),
    }),
    events: z.object({ pageInfo: z.object({ endCursor: z.string().nullable() }) }),
  }),
};

export const createConnection = {
  document: `mutation ($input: ConnectionCreateInput!) {
    connectionCreate(input: $input) {
      __typename
      ... on ConnectionCreatePayload { authorizationUrl connection { id status provider { name } } }
      ... on Failure { code message }
    }
  }`,
  shape: z.object({
    connectionCreate: failure.extend({
      authorizationUrl: z.string().optional(),
      connection: z.object({ id: z.string(), status: z.string(), provider: z.object({ name: z.string() }) }).optional(),
    }),
  }),
};

const counts = z.object({ created: z.number(), updated: z.number(), voided: z.number(), unchanged: z.number() });

export const eventsOfConnection = {
  document: `subscription ($connectionId: ID!, $after: Cursor) {
    events(connectionId: $connectionId, after: $after) {
      __typename
      ... on Event { id sequence occurredAt }
      ... on ConnectionStatusChangedEvent { to }
      ... on SyncProgressedEvent { progressPercent step { kind status counts { created updated voided unchanged } account { name } } }
      ... on SyncSucceededEvent { counts { created updated voided unchanged } }
      ... on SyncPartiallySucceededEvent { counts { created updated voided unchanged } }
      ... on SyncFailedEvent { failure { code message } }
      ... on SyncActionRequiredEvent { failure { code message } }
      ... on TransactionsChangedEvent { counts { created updated voided unchanged } account { name } }
    }
  }`,
  shape: z.object({
    events: z.object({
      __typename: z.string(),
      id: z.string().optional(),
      sequence: z.union([z.string(), z.number()]).optional(),
      to: z.string().optional(),
      progressPercent: z.number().optional(),
      step: z
        .object({
          kind: z.string(),
          status: z.string(),
          counts: counts.nullish(),
          account: z.object({ name: z.string() }).nullish(),
        })
        .optional(),
      counts: counts.optional(),
      account: z.object({ name: z.string() }).nullish(),
      failure: z.object({ code: z.string(), message: z.string() }).optional(),
    }),
  }),
};

export const readAccounts = {
  document: `{ accounts(first: 100) { nodes { id name type iban currency status balance { amount currency } } } }`,
  shape: z.object({
    accounts: z.object({
      nodes: z.array(
        z.object({
          id: z.string(),
          name: z.string(),
          type: z.string(),
          iban: z.string().nullable(),
          currency: z.string(),
          status: z.string(),
          balance: money.nullable(),
        }),
      ),
    }),
  }),
};

export const readTransactions = {
  document: `query ($filter: TransactionFilter, $first: Int!, $after: Cursor) {
    transactions(filter: $filter, first: $first, after: $after) {
      nodes { id datedOn label status type amount { amount currency } category { id key label parent { key label } } account { name } }
      pageInfo { hasNextPage endCursor }
    }
  }`,
  shape: z.object({
    transactions: z.object({
      nodes: z.array(
        z.object({
          id: z.string(),
          datedOn: z.string(),
          label: z.string(),
          status: z.string(),
          type: z.string(),
          amount: money,
          category: z.object({
            key: z.string(),
            label: z.string(),
            parent: z.object({ key: z.string(), label: z.string() }).nullable(),
          }),
          account: z.object({ name: z.string() }).nullable(),
        }),
      ),
      pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
    }),
  }),
};
