import { expect, test } from 'vitest';
import { permissions, scopeOfRow } from '../../../src/domain/viewer.ts';
import { newId } from '../../../src/kernel/id.ts';
import { inUserTransaction } from '../../../src/store/log.ts';
import { challenges, syncs } from '../../../src/store/schema/tables.ts';
import { seedClient, seedConnection, seedProvider, seedUser, seededAt } from '../../support/fixtures.ts';
import { follow } from '../../support/follow.ts';
import { openGateway } from '../../support/gateway.ts';
import { shownId } from '../execute.ts';

test('syncEvents brings the question with the event, and its answer’s end', async () => {
  const gateway = await openGateway();
  const { database } = gateway;
  const clientId = await seedClient(database);
  const scope = scopeOfRow({ clientId, userId: await seedUser(database, clientId) });
  const connection = await seedConnection(database, scope, await seedProvider(database));
  const syncId = newId('sync', seededAt);
  const challengeId = newId('challenge', seededAt);
  const of = { ...scope, connectionId: connection.id };
  await database.db.insert(syncs).values({
    id: syncId,
    ...of,
    type: 'ALL',
    trigger: 'ON_DEMAND',
    status: 'WAITING_FOR_USER',
    requestedAt: seededAt,
  });
  await database.db.insert(challenges).values({
    id: challengeId,
    ...of,
    channelId: connection.channelId,
    syncId,
    kind: 'APP_APPROVAL',
    status: 'OPEN',
    prompt: 'Open your app.',
    details: { kind: 'APP_APPROVAL', comparisonCode: '42', pollAfterSeconds: 5 },
    expiresAt: seededAt,
    createdAt: seededAt,
  });
  const facts = { connectionId: connection.id, syncId, challengeId, kind: 'APP_APPROVAL' } as const;
  await inUserTransaction(database, scope, async ({ append }) => {
    await append(seededAt, { type: 'challenge.requested', facts }, { type: 'challenge.closed', facts });
  });
  const token = gateway.issue({ kind: 'user', ...scope, permissions: new Set(permissions) });
  const query = `subscription ($id: ID!) { syncEvents(connectionId: $id, after: "ZXZ0OjA6MA") {
    __typename
    ... on SyncEvent { sync { challenge { prompt } } }
    ... on ChallengeRequestedEvent { kind challenge { __typename status ... on AppApprovalChallenge { comparisonCode } } }
    ... on ChallengeClosedEvent { kind }
  } }`;
  const variables = { id: shownId('Connection', connection.id) };
  expect(await follow(gateway, token, query, variables).take(2)).toEqual([
    {
      data: {
        syncEvents: {
          __typename: 'ChallengeRequestedEvent',
          kind: 'APP_APPROVAL',
          sync: { challenge: { prompt: 'Open your app.' } },
          challenge: { __typename: 'AppApprovalChallenge', status: 'OPEN', comparisonCode: '42' },
        },
      },
    },
    {
      data: {
        syncEvents: {
          __typename: 'ChallengeClosedEvent',
          kind: 'APP_APPROVAL',
          sync: { challenge: { prompt: 'Open your app.' } },
        },
      },
    },
  ]);
});
