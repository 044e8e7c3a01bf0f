import { generateKeyPairSync } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { events, idempotencyKeys, webhooks } from '../../../src/store/schema/tables.ts';
import { seedWorld, type World } from '../../support/fixtures.ts';
import { clientViewer, codesOf, openGraph, shownId, userViewer, type Graph } from '../execute.ts';

let graph: Graph;
let world: World;
let stranger: World;

beforeEach(async () => {
  graph = await openGraph();
  world = await seedWorld(graph.database);
  stranger = await seedWorld(graph.database, { name: 'stranger' });
});

const failure = '... on Failure { code message } ... on InvalidInput { issues { path message } }';
const create = `mutation ($input: WebhookCreateInput!) {
  webhookCreate(input: $input) {
    __typename
    ... on WebhookCreatePayload {
      secret
      webhook {
        __typename id url description types isOrdered isEnabled disabledReason disabledAt failingSinceAt pausedUntilAt
        signingKeys { __typename publicKey expiresAt } clientCertificateExpiresAt createdAt user { __typename id }
        deliveries { nodes { id } }
      }
    }
    ${failure}
  }
}`;

async function made(input: object = {}, viewer = clientViewer(world.clientId)) {
  const answer = await graph.ask(viewer, create, { input: { url: 'https://hook.example/', ...input } });
  const { webhookCreate } = answer.data as { webhookCreate: { secret: string | null; webhook: { id: string } } };
  return webhookCreate;
}

const typesOfEvents = async () =>
  (await graph.database.db.select({ type: events.type }).from(events)).map((row) => row.type);

test('adds an endpoint and shows its secret and public key', async () => {
  const input = {
    url: 'https://hook.example/path',
    description: 'Mine',
    types: ['SYNC_SUCCEEDED', 'WEBHOOK_DISABLED'],
    isOrdered: true,
    userId: shownId('User', world.userId),
  };
  expect(await graph.ask(clientViewer(world.clientId), create, { input })).toEqual({
    data: {
      webhookCreate: {
        __typename: 'WebhookCreatePayload',
        secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/),
        webhook: {
          __typename: 'Webhook',
          id: expect.any(String),
          ...input,
          userId: undefined,
          isEnabled: true,
          disabledReason: null,
          disabledAt: null,
          failingSinceAt: null,
          pausedUntilAt: null,
          signingKeys: [
            {
              __typename: 'WebhookSigningKey',
              publicKey: expect.stringMatching(/^whpk_[A-Za-z0-9+/]{43}=$/),
              expiresAt: null,
            },
          ],
          clientCertificateExpiresAt: null,
          createdAt: '2026-03-02T09:00:00.000Z',
          user: { __typename: 'User', id: shownId('User', world.userId) },
          deliveries: { nodes: [] },
        },
      },
    },
  });
  expect(await typesOfEvents()).toEqual(['webhook.created']);
});

test('shows the secret once: neither a repeated request nor anything that is stored has it', async () => {
  const first = await made({ idempotencyKey: 'k' });
  const second = await made({ idempotencyKey: 'k' });
  expect([second.webhook.id, second.secret]).toEqual([first.webhook.id, null]);
  const stored = [
    ...(await graph.database.sql`select outcome::text as text from idempotency_keys`),
    ...(await graph.database.sql`select encode(sealed_secret, 'escape') as text from webhooks`),
    ...(await graph.database.sql`select facts::text as text from events`),
  ];
  expect(stored).toHaveLength(3);
  const bare = first.secret!.replace('whsec_', '');
  expect(stored.filter((row) => String(row['text']).includes(bare))).toEqual([]);
  expect(await graph.database.db.$count(idempotencyKeys)).toBe(1);
});

test('refuses what cannot be called, with every issue, and adds nothing', async () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const input = {
    url: 'http://hook.example/',
    description: 'x'.repeat(201),
    clientCertificate: { certificate: 'nonsense', privateKey: pem },
  };
  expect(await graph.ask(clientViewer(world.clientId), create, { input })).toMatchInlineSnapshot(`
    {
      "data": {
        "webhookCreate": {
          "__typename": "InvalidInput",
          "code": "VALIDATION_FAILED",
          "issues": [
            {
              "message": "Must be an https address.",
              "path": [
                "url",
              ],
            },
            {
              "message": "Must have at most 200 characters.",
              "path": [
                "description",
              ],
            },
            {
              "message": "Must be a certificate and a private key in PEM, the key without a passphrase.",
              "path": [
                "clientCertificate",
              ],
            },
          ],
          "message": "url: Must be an https address.",
        },
      },
    }
  `);
  expect(await graph.database.db.$count(webhooks)).toBe(0);
});

test('an owner has no more endpoints than the client may have, whoever asks at the same time', async () => {
  const all = await Promise.all(Array.from({ length: 12 }, () => made()));
  expect(all.filter(({ webhook }) => webhook)).toHaveLength(10);
  expect(all.filter(({ webhook }) => !webhook)).toEqual(
    Array.from({ length: 2 }, () => ({
      __typename: 'Conflict',
      code: 'CONFLICT',
      message: 'At most 10 webhooks: delete one first.',
    })),
  );
});

const changes = {
  webhookUpdate: 'isEnabled: false',
  webhookRotateSecret: '',
  webhookTest: '',
  webhookReplay: 'occurredFromAt: "2026-01-01T00:00:00Z"',
  webhookDelete: '',
};

function changeOf(name: keyof typeof changes): string {
  const input = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  return `mutation ($id: ID!) { ${name}(input: { id: $id, ${changes[name]} }) { __typename ${failure} } } # ${input}`;
}

test.each(Object.keys(changes) as (keyof typeof changes)[])(
  '%s works for its owner and for nobody else',
  async (name) => {
    const { webhook } = await made({ userId: shownId('User', world.userId) });
    const before = await graph.database.sql`select * from webhooks order by id`;
    const others = [clientViewer(stranger.clientId), userViewer(stranger.scope)];
    for (const viewer of others) {
      expect(await graph.ask(viewer, changeOf(name), { id: webhook.id })).toEqual({
        data: { [name]: { __typename: 'NotFound', code: 'NOT_FOUND', message: 'No such webhook.' } },
      });
    }
    expect(await graph.database.sql`select * from webhooks order by id`).toEqual(before);
    expect(await graph.database.sql`select 1 from webhook_deliveries`).toHaveLength(0);
    const allowed = clientViewer(world.clientId, ['events_read']);
    expect(codesOf(await graph.ask(allowed, changeOf(name), { id: webhook.id }))).toEqual(['FORBIDDEN']);
    const answer = await graph.ask(userViewer(world.scope), changeOf(name), { id: webhook.id });
    const payload = `W${name.slice(1)}Payload`;
    expect(answer).toEqual({ data: { [name]: { __typename: payload } } });
  },
);

test('a user’s token neither sees nor changes the client’s own endpoints', async () => {
  const { webhook } = await made();
  const viewer = userViewer(world.scope);
  expect(await graph.ask(viewer, '{ webhooks { nodes { id } } }')).toEqual({ data: { webhooks: { nodes: [] } } });
  const answer = await graph.ask(viewer, changeOf('webhookDelete'), { id: webhook.id });
  expect(answer.data).toMatchObject({ webhookDelete: { code: 'NOT_FOUND' } });
  expect(await graph.database.db.$count(webhooks)).toBe(1);
});

test('an endpoint for another client’s user, or another user, is NOT_FOUND', async () => {
  const input = { url: 'https://hook.example/', userId: shownId('User', stranger.userId) };
  for (const viewer of [clientViewer(world.clientId), userViewer(world.scope)]) {
    const answer = await graph.ask(viewer, create, { input });
    expect(answer.data).toMatchObject({ webhookCreate: { code: 'NOT_FOUND' } });
  }
  expect(await graph.database.db.$count(webhooks)).toBe(0);
});

test('updating emits what changed, and nothing when nothing did', async () => {
  const { webhook } = await made();
  const update = `mutation ($input: WebhookUpdateInput!) {
    webhookUpdate(input: $input) { ... on WebhookUpdatePayload { webhook { isEnabled disabledReason types } } }
  }`;
  const input = { id: webhook.id, isEnabled: false, types: ['USER_CREATED'], url: 'https://hook.example/' };
  for (let round = 0; round < 2; round += 1) {
    expect(await graph.ask(clientViewer(world.clientId), update, { input })).toEqual({
      data: {
        webhookUpdate: { webhook: { isEnabled: false, disabledReason: 'REQUESTED', types: ['USER_CREATED'] } },
      },
    });
  }
  const rows = await graph.database.sql`select facts->'changed' as changed from events where type = 'webhook.updated'`;
  expect(rows.map((row) => row['changed'])).toEqual([['types', 'isEnabled']]);
});

test('a rotation shows a new secret once and both public keys', async () => {
  const { webhook, secret } = await made();
  const rotate = `mutation ($id: ID!) { webhookRotateSecret(input: { id: $id, idempotencyKey: "r" }) {
    ... on WebhookRotateSecretPayload { secret webhook { signingKeys { expiresAt } } } } }`;
  const ask = () => graph.ask(clientViewer(world.clientId), rotate, { id: webhook.id });
  const signingKeys = [{ expiresAt: null }, { expiresAt: '2026-03-03T09:00:00.000Z' }];
  const first = (await ask()).data as { webhookRotateSecret: { secret: string } };
  expect(first).toEqual({
    webhookRotateSecret: { secret: expect.stringMatching(/^whsec_/), webhook: { signingKeys } },
  });
  expect(first.webhookRotateSecret.secret).not.toBe(secret);
  expect((await ask()).data).toEqual({ webhookRotateSecret: { secret: null, webhook: { signingKeys } } });
});

test('deleting a user ends the endpoints and queues that are his', async () => {
  await made({ userId: shownId('User', world.userId) });
  await made();
  const remove = `mutation ($id: ID!) { userDelete(input: { id: $id }) { __typename } }`;
  await graph.ask(clientViewer(world.clientId), remove, { id: shownId('User', world.userId) });
  expect(await graph.database.sql`select user_id from webhooks`).toEqual([{ user_id: null }]);
});

test('who adds, changes, rotates and deletes an endpoint is in the audit log', async () => {
  const { webhook } = await made();
  for (const name of ['webhookUpdate', 'webhookRotateSecret', 'webhookDelete'] as const) {
    await graph.ask(clientViewer(world.clientId), changeOf(name), { id: webhook.id });
  }
  const rows = await graph.database.sql`select actor_kind, actor_id, action from audit_entries order by sequence`;
  const by = { actor_kind: 'CLIENT', actor_id: world.clientId };
  expect([...rows]).toEqual(
    ['create', 'update', 'rotate_secret', 'delete'].map((verb) => ({ ...by, action: `webhook.${verb}` })),
  );
});
