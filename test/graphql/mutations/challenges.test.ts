import { beforeEach, describe, expect, test } from 'vitest';
import type { ChallengeDetails } from '../../../src/domain/challenge.ts';
import { newId, type ChallengeId, type SyncId } from '../../../src/kernel/id.ts';
import { challenges, syncs } from '../../../src/store/schema/tables.ts';
import { seededAt, seedWorld, type World } from '../../support/fixtures.ts';
import { clientViewer, openGraph, shownId, userViewer, type Graph } from '../execute.ts';

const failure = '... on Failure { code message recovery } ... on InvalidInput { issues { path message } }';
let graph: Graph;
let world: World;
let stranger: World;

beforeEach(async () => {
  graph = await openGraph();
  world = await seedWorld(graph.database);
  stranger = await seedWorld(graph.database, { name: 'stranger' });
});

async function asked(details: ChallengeDetails): Promise<{ challengeId: ChallengeId; syncId: SyncId }> {
  const { scope, connection } = world;
  const syncId = newId('sync', seededAt);
  const challengeId = newId('challenge', seededAt);
  const of = { ...scope, connectionId: connection.id };
  await graph.database.db.insert(syncs).values({
    id: syncId,
    ...of,
    type: 'ALL',
    trigger: 'ON_DEMAND',
    status: 'WAITING_FOR_USER',
    requestedAt: seededAt,
  });
  await graph.database.db.insert(challenges).values({
    id: challengeId,
    ...of,
    channelId: connection.channelId,
    syncId,
    kind: details.kind,
    status: 'OPEN',
    prompt: 'The bank asks.',
    details,
    sealedSession: new Uint8Array([1]),
    expiresAt: new Date(seededAt.getTime() + 300_000),
    createdAt: seededAt,
  });
  return { challengeId, syncId };
}

const otp: ChallengeDetails = { kind: 'OTP', sentTo: '06 ** 12', attemptsLeft: 3, lengthMax: 6, isNumeric: true };
const everyKind: ChallengeDetails[] = [
  otp,
  { kind: 'CHOICE', options: [{ value: 'sms', label: 'By SMS' }] },
  { kind: 'QUESTION', isSecret: true, lengthMax: 10 },
  { kind: 'APP_APPROVAL', comparisonCode: '42', pollAfterSeconds: 5 },
  { kind: 'ACT_AT_BANK', reason: 'TERMS', url: 'https://bank.example/terms', pollAfterSeconds: 30 },
  { kind: 'REDIRECT', url: 'https://bank.example/confirm' },
];

const challengeFields = `
  __typename id kind status outcome prompt expiresAt closedAt
  ... on OtpChallenge { sentTo attemptsLeft lengthMax isNumeric }
  ... on ChoiceChallenge { options { value label } }
  ... on QuestionChallenge { isSecret lengthMax }
  ... on AppApprovalChallenge { comparisonCode pollAfterSeconds }
  ... on ActAtBankChallenge { reason url pollAfterSeconds }
  ... on RedirectChallenge { authorizationUrl }`;

describe('a challenge', () => {
  test.each(everyKind.map((details) => [details.kind, details] as const))(
    'of kind %s is a type of its own, read with its sync in one statement',
    async (kind, details) => {
      const { syncId, challengeId } = await asked(details);
      const source = `query ($id: ID!) { sync(id: $id) { status challenge { ${challengeFields} } challenges { id } } }`;
      graph.statements.length = 0;
      const answer = await graph.ask(userViewer(world.scope), source, { id: shownId('Sync', syncId) });
      const id = shownId('Challenge', challengeId);
      const { kind: _, ...others } = details;
      const facts = details.kind === 'REDIRECT' ? { authorizationUrl: details.url } : others;
      const names = { OTP: 'Otp', CHOICE: 'Choice', QUESTION: 'Question', REDIRECT: 'Redirect' };
      const __typename = `${{ ...names, APP_APPROVAL: 'AppApproval', ACT_AT_BANK: 'ActAtBank' }[kind]}Challenge`;
      const always = { id, kind, status: 'OPEN', outcome: null, prompt: 'The bank asks.', closedAt: null };
      const challenge = { __typename, ...always, expiresAt: '2026-03-02T09:05:00.000Z', ...facts };
      expect(answer).toEqual({ data: { sync: { status: 'WAITING_FOR_USER', challenge, challenges: [{ id }] } } });
      expect(graph.statements).toHaveLength(1);
    },
  );
});

describe('challengeAnswer', () => {
  const source = `mutation ($input: ChallengeAnswerInput!) { challengeAnswer(input: $input) {
    __typename ${failure}
    ... on ChallengeAnswerPayload { challenge { __typename status closedAt } sync { status } }
  } }`;

  test('hands the answer over once, and shows it nowhere', async () => {
    const { challengeId } = await asked(otp);
    const input = { id: shownId('Challenge', challengeId), answer: '736251' };
    const first = await graph.ask(userViewer(world.scope), source, { input });
    expect(first.data).toMatchInlineSnapshot(`
      {
        "challengeAnswer": {
          "__typename": "ChallengeAnswerPayload",
          "challenge": {
            "__typename": "OtpChallenge",
            "closedAt": "2026-03-02T09:00:00.000Z",
            "status": "ANSWERED",
          },
          "sync": {
            "status": "QUEUED",
          },
        },
      }
    `);
    expect((await graph.ask(userViewer(world.scope), source, { input })).data).toMatchInlineSnapshot(`
      {
        "challengeAnswer": {
          "__typename": "Conflict",
          "code": "CONFLICT",
          "message": "The challenge is answered already.",
          "recovery": "FIX_REQUEST",
        },
      }
    `);
    const rows = await graph.database.sql<{ row: string }[]>`
      select challenges::text as row from challenges union all select facts::text from events`;
    expect(rows.map(({ row }) => row).join('\n')).not.toContain('736251');
  });

  test('names what is wrong with an answer, and never repeats it', async () => {
    const { challengeId } = await asked(otp);
    const input = { id: shownId('Challenge', challengeId), answer: 'sesame' };
    const refused = await graph.ask(userViewer(world.scope), source, { input });
    expect(refused.data).toMatchInlineSnapshot(`
      {
        "challengeAnswer": {
          "__typename": "InvalidInput",
          "code": "VALIDATION_FAILED",
          "issues": [
            {
              "message": "Must be digits only.",
              "path": [
                "answer",
              ],
            },
          ],
          "message": "answer: Must be digits only.",
          "recovery": "FIX_REQUEST",
        },
      }
    `);
    expect(JSON.stringify(refused)).not.toContain('sesame');
    const [row] = await graph.database.db.select().from(challenges);
    expect(row).toMatchObject({ status: 'OPEN', sealedAnswer: null });
  });

  test('is NotFound for the challenge of another user, and of another client, and changes nothing', async () => {
    const { challengeId } = await asked(otp);
    const input = { id: shownId('Challenge', challengeId), answer: '123456' };
    for (const viewer of [userViewer(stranger.scope), clientViewer(stranger.clientId)]) {
      expect(await graph.ask(viewer, source, { input })).toMatchObject({
        data: { challengeAnswer: { __typename: 'NotFound', message: 'No such challenge.' } },
      });
    }
    const [row] = await graph.database.db.select().from(challenges);
    expect(row).toMatchObject({ status: 'OPEN', sealedAnswer: null });
  });
});

describe('syncCancel', () => {
  const source = `mutation ($input: SyncCancelInput!) { syncCancel(input: $input) {
    __typename ${failure} ... on SyncCancelPayload { sync { status challenges { status } connection { status } } }
  } }`;

  test('ends the sync and its challenge, and asking twice is asking once', async () => {
    const { syncId } = await asked(otp);
    const ask = () => graph.ask(userViewer(world.scope), source, { input: { id: shownId('Sync', syncId) } });
    const first = await ask();
    expect(first.data).toMatchInlineSnapshot(`
      {
        "syncCancel": {
          "__typename": "SyncCancelPayload",
          "sync": {
            "challenges": [
              {
                "status": "CANCELLED",
              },
            ],
            "connection": {
              "status": "ACTIVE",
            },
            "status": "CANCELLED",
          },
        },
      }
    `);
    expect(await ask()).toEqual(first);
  });
});
