import { expect, test } from 'vitest';
import { permissions, type Viewer } from '../../src/domain/viewer.ts';
import { shownId } from '../graphql/execute.ts';
import { seedWorld } from '../support/fixtures.ts';
import { openGateway } from '../support/gateway.ts';
import { dump } from './dump.ts';

async function owned() {
  const gateway = await openGateway();
  const world = await seedWorld(gateway.database);
  const viewer: Viewer = { kind: 'client', clientId: world.clientId, permissions: new Set(permissions) };
  const token = gateway.issue(viewer);
  async function refusal(query: string, variables: object) {
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json',
        authorization: `Bearer ${token}`,
      },
      body: JSON.stringify({ query, variables }),
    });
    const { errors } = (await response.json()) as { errors: { message: string; extensions: object }[] };
    return { status: response.status, message: errors[0]?.message, ...errors[0]?.extensions };
  }
  return { gateway, world, refusal };
}

test('a text that no column can keep is refused by its place, wherever it stands, and changes nothing', async () => {
  const { gateway, world, refusal } = await owned();
  const before = await dump(gateway.database as Parameters<typeof dump>[0]);
  const rename = 'mutation ($input: AccountUpdateInput!) { accountUpdate(input: $input) { __typename } }';
  const variables = { input: { id: shownId('Account', world.accountId), label: 'a\u0000b' } };
  expect(await refusal(rename, variables)).toMatchObject({
    code: 'VALIDATION_FAILED',
    message: 'Variable "$input.label" must not contain the null character (U+0000).',
  });
  const inline = '{ transactions(filter: { text: "a\\u0000b" }) { nodes { id } } }';
  expect(await refusal(inline, {})).toMatchObject({
    status: 400,
    code: 'VALIDATION_FAILED',
    message: 'A text must not contain the null character (U+0000).',
  });
  expect(await dump(gateway.database as Parameters<typeof dump>[0])).toEqual(before);
});

test('an invalid variable is named without the values beside it', async () => {
  const { refusal } = await owned();
  const create = 'mutation ($input: UserCreateInput!) { userCreate(input: $input) { __typename } }';
  const answer = await refusal(create, { input: { password: 'hunter2hunter2' } });
  expect(answer).toMatchObject({
    code: 'VALIDATION_FAILED',
    recovery: 'FIX_REQUEST',
    message: 'Variable "$input" is not valid: Field "email" of required type "String!" was not provided.',
  });
});
