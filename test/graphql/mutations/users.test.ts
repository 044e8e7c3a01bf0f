import { beforeAll, describe, expect, test } from 'vitest';
import { events, idempotencyKeys, users } from '../../../src/store/schema/tables.ts';
import { seedClient, seedWorld, type World } from '../../support/fixtures.ts';
import { clientViewer, codesOf, openGraph, shownId, userViewer, type Graph } from '../execute.ts';

let graph: Graph;
let world: World;

beforeAll(async () => {
  graph = await openGraph();
  world = await seedWorld(graph.database);
});

const create = /* GraphQL */ `
  mutation ($input: UserCreateInput!) {
    userCreate(input: $input) {
      __typename
      ... on UserCreatePayload {
        user {
          __typename
          email
          locale
        }
      }
      ... on Failure {
        code
        category
        actor
        recovery
        message
        retryAt
      }
      ... on InvalidInput {
        issues {
          path
          message
        }
      }
    }
  }
`;

const countUsers = () => graph.database.db.$count(users);

describe('userCreate', () => {
  test('creates a user and answers with it', async () => {
    const input = { email: 'Grace@example.com', password: 'correct1', locale: 'en-GB' };
    expect(await graph.ask(clientViewer(world.clientId), create, { input })).toMatchInlineSnapshot(`
      {
        "data": {
          "userCreate": {
            "__typename": "UserCreatePayload",
            "user": {
              "__typename": "User",
              "email": "Grace@example.com",
              "locale": "en-GB",
            },
          },
        },
      }
    `);
  });

  test('answers every issue of an input at once, and creates nothing', async () => {
    const before = await countUsers();
    const input = { email: 'nobody', password: 'short' };
    expect(await graph.ask(clientViewer(world.clientId), create, { input })).toMatchInlineSnapshot(`
      {
        "data": {
          "userCreate": {
            "__typename": "InvalidInput",
            "actor": "CLIENT",
            "category": "REQUEST",
            "code": "VALIDATION_FAILED",
            "issues": [
              {
                "message": "Give an e-mail address such as name@example.com, of at most 254 characters.",
                "path": [
                  "email",
                ],
              },
              {
                "message": "Choose 6 to 1024 characters with at least one letter and one digit.",
                "path": [
                  "password",
                ],
              },
            ],
            "message": "email: Give an e-mail address such as name@example.com, of at most 254 characters.",
            "recovery": "FIX_REQUEST",
            "retryAt": null,
          },
        },
      }
    `);
    expect(await countUsers()).toBe(before);
  });

  test('answers Conflict for an e-mail that is taken, whatever its case', async () => {
    const before = await countUsers();
    const input = { email: 'ADA@example.com', password: 'correct1' };
    expect(await graph.ask(clientViewer(world.clientId), create, { input })).toMatchInlineSnapshot(`
      {
        "data": {
          "userCreate": {
            "__typename": "Conflict",
            "actor": "CLIENT",
            "category": "REQUEST",
            "code": "CONFLICT",
            "message": "Another user of this client has this e-mail. Choose another one, or use that user.",
            "recovery": "FIX_REQUEST",
            "retryAt": null,
          },
        },
      }
    `);
    expect(await countUsers()).toBe(before);
  });

  test('refuses a user token and a missing scope', async () => {
    const before = await countUsers();
    const input = { email: 'eve@example.com', password: 'correct1' };
    for (const viewer of [userViewer(world.scope), clientViewer(world.clientId, ['users_read'])]) {
      expect(codesOf(await graph.ask(viewer, create, { input }))).toEqual(['FORBIDDEN']);
    }
    expect(await countUsers()).toBe(before);
  });
});

describe('an idempotency key', () => {
  const viewer = () => clientViewer(world.clientId);
  const source = create.replace('user { __typename email locale }', 'user { id }');

  test('gives the same answer again without doing it again, also when many come at once', async () => {
    const before = await countUsers();
    const input = { email: 'once@example.com', password: 'correct1', idempotencyKey: 'once' };
    const answers = await Promise.all(Array.from({ length: 4 }, () => graph.ask(viewer(), source, { input })));
    answers.push(await graph.ask(viewer(), source, { input }));
    expect(answers[0]?.data).toMatchObject({ userCreate: { __typename: 'UserCreatePayload' } });
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(await countUsers()).toBe(before + 1);
  });

  test('is refused with another input, and by another mutation', async () => {
    const before = await countUsers();
    const input = { email: 'twice@example.com', password: 'correct1', idempotencyKey: 'once' };
    expect((await graph.ask(viewer(), source, { input })).data).toMatchObject({
      userCreate: { __typename: 'Conflict', code: 'IDEMPOTENCY_KEY_REUSED' },
    });
    const answer = await graph.ask(
      viewer(),
      'mutation ($input: UserUpdateInput!) { userUpdate(input: $input) { __typename } }',
      { input: { id: shownId('User', world.userId), idempotencyKey: 'once' } },
    );
    expect(answer.data).toEqual({ userUpdate: { __typename: 'Conflict' } });
    expect(await countUsers()).toBe(before);
  });

  test('is given back by a request that failed', async () => {
    const bad = { email: 'nobody', password: 'correct1', idempotencyKey: 'again' };
    expect((await graph.ask(viewer(), source, { input: bad })).data).toMatchObject({
      userCreate: { __typename: 'InvalidInput' },
    });
    const input = { ...bad, email: 'again@example.com' };
    expect((await graph.ask(viewer(), source, { input })).data).toMatchObject({
      userCreate: { __typename: 'UserCreatePayload' },
    });
  });

  test('of one client is nothing to another', async () => {
    const other = clientViewer(await seedClient(graph.database, 'other'));
    const input = { email: 'once@example.com', password: 'other123', idempotencyKey: 'once' };
    expect((await graph.ask(other, source, { input })).data).toMatchObject({
      userCreate: { __typename: 'UserCreatePayload' },
    });
  });

  test('keeps no password and no e-mail', async () => {
    const kept = JSON.stringify(await graph.database.db.select().from(idempotencyKeys));
    expect(kept).not.toMatch(/correct1|example\.com/);
  });
});

describe('userUpdate and userDelete', () => {
  const update =
    'mutation ($input: UserUpdateInput!) { userUpdate(input: $input) { __typename ... on UserUpdatePayload { user { email } } ... on Failure { code message } } }';
  const remove =
    'mutation ($input: UserDeleteInput!) { userDelete(input: $input) { __typename ... on UserDeletePayload { deletedUserId } ... on Failure { code message } } }';

  test('answer NotFound for the user of another client, and change nothing', async () => {
    const stranger = await seedWorld(graph.database, { name: 'stranger' });
    const id = shownId('User', stranger.userId);
    const before = await graph.database.db.select().from(users).orderBy(users.id);
    const failure = { __typename: 'NotFound', code: 'NOT_FOUND', message: 'No such user.' };
    for (const viewer of [clientViewer(world.clientId), userViewer(world.scope)]) {
      expect(await graph.ask(viewer, update, { input: { id, email: 'x@example.com' } })).toEqual({
        data: { userUpdate: failure },
      });
      expect(await graph.ask(viewer, remove, { input: { id } })).toEqual({ data: { userDelete: failure } });
    }
    expect(await graph.database.db.select().from(users).orderBy(users.id)).toEqual(before);
  });

  test('answer InvalidInput for the id of something else', async () => {
    const input = { id: shownId('Account', world.accountId) };
    expect((await graph.ask(clientViewer(world.clientId), remove, { input })).data).toMatchInlineSnapshot(`
      {
        "userDelete": {
          "__typename": "InvalidInput",
          "code": "VALIDATION_FAILED",
          "message": "id: expected an id of type User as this API gave it, got one of type Account.",
        },
      }
    `);
  });

  test('change a user, then delete it, and say so in the log', async () => {
    const input = { id: shownId('User', world.userId), email: 'lovelace@example.com' };
    expect(await graph.ask(userViewer(world.scope), update, { input })).toEqual({
      data: { userUpdate: { __typename: 'UserUpdatePayload', user: { email: 'lovelace@example.com' } } },
    });
    const types = async () => {
      const logged = await graph.database.db.select({ type: events.type, userId: events.userId }).from(events);
      return logged.filter(({ userId }) => userId === world.userId).map(({ type }) => type);
    };
    expect(await types()).toContain('user.updated');
    expect(await graph.ask(clientViewer(world.clientId), remove, { input: { id: input.id } })).toEqual({
      data: { userDelete: { __typename: 'UserDeletePayload', deletedUserId: input.id } },
    });
    expect(await types()).toEqual(['user.deleted']);
  });
});
