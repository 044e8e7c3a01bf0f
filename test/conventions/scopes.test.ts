import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

/** Where a scope may be made of a row, and from which row: each was read, or is written, under a scope or by a job. */
const callers = {
  'src/actions/answer-challenge.ts': 'the challenge that was found in the wider scope',
  'src/actions/apply-category-rules.ts': 'the owner of the rules, as its job says, and the users of that owner',
  'src/actions/cancel-sync.ts': 'the sync that was found in the wider scope',
  'src/actions/close-account.ts': 'the account that was found in the wider scope',
  'src/actions/complete-authorization.ts': 'the consent whose 256-bit state the browser brought back',
  'src/actions/create-user.ts': 'the user who is being created',
  'src/actions/delete-account.ts': 'the account that was found in the wider scope',
  'src/actions/delete-connection.ts': 'the connection that was found in the wider scope',
  'src/actions/manage-accounts.ts': 'the connection that was found in the wider scope',
  'src/actions/merge-accounts.ts': 'the account that was found in the wider scope',
  'src/actions/renew-consent.ts': 'the consent that was found in the wider scope',
  'src/actions/request-sync.ts': 'the connection that was found in the wider scope',
  'src/actions/return-to-challenge.ts': 'the challenge whose 256-bit state the browser brought back',
  'src/actions/revoke-consent.ts': 'the consent that was found in the wider scope',
  'src/actions/update-account.ts': 'the account that was found in the wider scope',
  'src/actions/update-credentials.ts': 'the connection that was found in the wider scope',
  'src/actions/update-transaction.ts': 'the transaction that was found in the wider scope',
  'src/graphql/event-scope.ts': 'the connection that was found for the viewer',
  'src/graphql/mutation.ts': 'the user who was found for the viewer',
  'src/graphql/types/sync-event-types.ts': 'an event that was read in the viewer’s scope',
  'src/jobs/tasks/run-sync.ts': 'the payload that was written with the sync',
  'src/store/connections.ts': 'connections that are due, for the schedule',
  'src/store/consents.ts': 'consents that end soon or that nobody confirmed, for the schedule',
  'src/store/sealed.ts': 'data keys of all clients, to wrap them anew',
  'src/store/syncs.ts': 'syncs that nobody works on, for the schedule',
  'src/store/transaction-changes.ts': 'a change that was read within the scope',
};

test('a scope is made of a row only where this list says from which', () => {
  const found = execFileSync('grep', ['-rlE', 'scopeOfRow\\(', 'src'], { encoding: 'utf8' }).trim().split('\n');
  expect(found.filter((path) => path !== 'src/domain/viewer.ts').toSorted()).toEqual(Object.keys(callers));
});

/** The same for what has an owner that may be the client itself. */
const callersForOwners = {
  'src/actions/apply-category-rules.ts': 'the payload that was written with the rule',
  'src/actions/delete-category-rule.ts': 'the rule that was found in the wider scope',
  'src/actions/delete-webhook.ts': 'the webhook that was found in the wider scope',
  'src/actions/replay-webhook.ts': 'the webhook that was found in the wider scope',
  'src/actions/rotate-webhook-secret.ts': 'the webhook that was found in the wider scope',
  'src/actions/test-webhook.ts': 'the webhook that was found in the wider scope',
  'src/actions/update-webhook.ts': 'the webhook that was found in the wider scope',
  'src/store/queues.ts': 'the queue that was found in the wider scope',
  'src/store/webhooks.ts': 'webhooks that have something to send, for the delivery',
};

test('a scope is made of an owner only where this list says from which', () => {
  const found = execFileSync('grep', ['-rlE', 'scopeOfOwner\\(', 'src'], { encoding: 'utf8' }).trim().split('\n');
  expect(found.filter((path) => path !== 'src/domain/viewer.ts').toSorted()).toEqual(Object.keys(callersForOwners));
});

test('no literal is a scope: the compiler refuses it', () => {
  // If the types ever took a literal, tsc would report these directives as unused.
  const { scopeOfLiteral, scopeOfSpread } = refused;
  expect([scopeOfLiteral, scopeOfSpread].map(String)).toHaveLength(2);
});

const refused = {
  // @ts-expect-error -- a literal is no scope
  scopeOfLiteral: ((): import('../../src/domain/viewer.ts').Scope => ({ clientId: 'cli' as never }))(),
  scopeOfSpread: ((
    scope: import('../../src/domain/viewer.ts').UserScope,
  ): import('../../src/domain/viewer.ts').UserScope =>
    // @ts-expect-error -- a spread of one is none either: the user of it could be anybody
    ({ ...scope, userId: 'usr' as never }))({} as never),
};
