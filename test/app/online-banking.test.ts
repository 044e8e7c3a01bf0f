import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'cheerio';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { startTributary, type Tributary } from '../../src/app/compose.ts';
import { readConfig } from '../../src/app/config.ts';
import { roles } from '../../src/app/roles.ts';
import { connectGateway, requestToken } from '../../src/cli/demo/gateway-client.ts';
import * as questions from '../../src/cli/demo/questions.ts';
import { silentLog } from '../../src/kernel/log.ts';

const sandbox = { id: 'sandbox', secret: 'sandbox-secret' };
let directory: string;
let tributary: Tributary;
const gatewayUrl = () => tributary.addresses.publicUrl ?? '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tributary-portal-'));
  const config = readConfig({ TRIBUTARY_DATA_DIR: directory, PORT: '0', TEST_BANK_PORT: '0' });
  tributary = await startTributary({ config, roles: new Set(roles), log: silentLog });
});

afterAll(async () => {
  await tributary?.shutdown.run();
  await rm(directory, { recursive: true, force: true });
});

/** A new user's own client: a request with his token is one of a person who is there. */
async function person(email: string) {
  const grant = { grant_type: 'client_credentials' };
  const client = connectGateway(gatewayUrl(), await requestToken(gatewayUrl(), sandbox, grant));
  const password = `live-${crypto.randomUUID()}`;
  const input = { email, password };
  await client.ask(questions.createUser.shape, questions.createUser.document, { input });
  const token = await requestToken(gatewayUrl(), sandbox, { grant_type: 'password', username: email, password });
  return connectGateway(gatewayUrl(), token);
}

/** The newest code on the simulated phone. */
async function codeSentTo(login: string): Promise<string> {
  const page = await fetch(`${tributary.addresses.testBankUrl}/phone?login=${login}`);
  return load(await page.text())('#code')
    .first()
    .text()
    .trim();
}

const failure = '... on Failure { code message }';
const begun = z.object({
  connectionCreate: z.looseObject({ __typename: z.string(), sync: z.object({ id: z.string() }) }),
});
const answered = z.object({ challengeAnswer: z.looseObject({ __typename: z.string() }) });
const seen = z.object({
  sync: z.looseObject({
    status: z.string(),
    challenge: z.looseObject({ __typename: z.string(), id: z.string() }).nullable(),
    connection: z.looseObject({
      accounts: z.object({
        nodes: z.array(z.object({ transactions: z.object({ nodes: z.array(z.unknown()) }) })),
      }),
    }),
  }),
});
type Sync = z.infer<typeof seen>['sync'];

test('a person links online banking by its form: a wrong code, the right one, then his accounts', async () => {
  const user = await person('portal@example.com');
  const { providers } = await user.ask(questions.findTestBank.shape, questions.findTestBank.document);
  const providerId = providers.nodes.find(({ name }) => name === 'Tributary Test Bank')?.id;
  const { connectionCreate } = await user.ask(
    begun,
    `mutation ($input: ConnectionCreateInput!) { connectionCreate(input: $input) {
      __typename ${failure}
      ... on ConnectionCreatePayload { authorizationUrl sync { id status } connection { id status channels { kind status } } }
    } }`,
    {
      input: {
        providerId,
        channels: ['EMBEDDED'],
        credentials: [
          { name: 'login', value: 'bruno' },
          { name: 'password', value: 'tributary2' },
        ],
      },
    },
  );
  expect(connectionCreate).toMatchObject({
    __typename: 'ConnectionCreatePayload',
    authorizationUrl: null,
    connection: { status: 'AUTHORIZING', channels: [{ kind: 'EMBEDDED', status: 'AUTHORIZING' }] },
  });

  /** The sync once it stands as this test waits for. */
  async function until(isReached: (sync: Sync) => boolean) {
    return vi.waitFor(
      async () => {
        const { sync } = await user.ask(
          seen,
          `query ($id: ID!) { sync(id: $id) {
            status failure { code }
            challenge { __typename id prompt status expiresAt ... on OtpChallenge { lengthMax isNumeric attemptsLeft } }
            challenges { id kind status outcome }
            connection { status accounts { nodes { type transactions(first: 1) { nodes { status } } } } }
          } }`,
          { id: connectionCreate.sync.id },
        );
        if (!isReached(sync)) throw new Error(JSON.stringify(sync));
        return sync;
      },
      { timeout: 60_000, interval: 100 },
    );
  }
  async function answer(id: string, text: string) {
    const { challengeAnswer } = await user.ask(
      answered,
      `mutation ($input: ChallengeAnswerInput!) { challengeAnswer(input: $input) {
        __typename ${failure} ... on ChallengeAnswerPayload { challenge { status } sync { status } }
      } }`,
      { input: { id, answer: text } },
    );
    return challengeAnswer;
  }

  const first = await until(({ challenge }) => challenge !== null);
  expect(first).toMatchObject({
    status: 'WAITING_FOR_USER',
    challenge: { __typename: 'OtpChallenge', status: 'OPEN', isNumeric: true },
  });
  const { id } = first.challenge!;
  const wrong = (await codeSentTo('bruno')) === '000000' ? '111111' : '000000';
  expect(await answer(id, 'not a code')).toMatchObject({ __typename: 'InvalidInput' });
  expect(await answer(id, wrong)).toMatchObject({ challenge: { status: 'ANSWERED' } });
  expect(await answer(id, wrong)).toMatchObject({ __typename: 'Conflict' });

  const second = await until(({ challenge }) => challenge !== null && challenge.id !== id);
  expect(second['challenges']).toMatchObject([
    { kind: 'OTP', status: 'ANSWERED', outcome: 'REFUSED' },
    { kind: 'OTP', status: 'OPEN', outcome: null },
  ]);
  const right = await answer(second.challenge!.id, await codeSentTo('bruno'));
  expect(right).toMatchObject({ challenge: { status: 'ANSWERED' } });

  const done = await until(({ status }) => !['QUEUED', 'RUNNING', 'WAITING_FOR_USER'].includes(status));
  expect(done).toMatchObject({ status: 'SUCCEEDED', failure: null, challenge: null, connection: { status: 'ACTIVE' } });
  const withData = done.connection.accounts.nodes.filter(({ transactions }) => transactions.nodes.length > 0);
  expect(withData.length).toBeGreaterThan(0);
});
