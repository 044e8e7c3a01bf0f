import { desc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { answerChallenge } from '../../../src/actions/answer-challenge.ts';
import type { ActionContext } from '../../../src/actions/context.ts';
import { installTestBank } from '../../../src/actions/install-test-bank.ts';
import { requestSync } from '../../../src/actions/request-sync.ts';
import { startConnection } from '../../../src/actions/start-connection.ts';
import { scopeOfRow, type UserScope } from '../../../src/domain/viewer.ts';
import { manualClock } from '../../../src/kernel/clock.ts';
import type { ClientId, ConnectionId, ProviderId } from '../../../src/kernel/id.ts';
import { createDataKeys } from '../../../src/store/data-keys.ts';
import { accounts, challenges, events, syncs } from '../../../src/store/schema/tables.ts';
import { startTestBank, type TestBank } from '../../../src/test-bank/server.ts';
import { createVault } from '../../../src/vault/create-vault.ts';
import { generateKey, parseKeyRing } from '../../../src/vault/key-ring.ts';
import { testDatabase, type TestDatabase } from '../../support/database.ts';
import { seedClient, seedUser } from '../../support/fixtures.ts';
import { houseContext } from '../../support/house-context.ts';
import { work } from './worker.ts';

/** How many workers must have been killed in the middle of a sync that signs in. */
const hitsWanted = 12;
const psu = { ipAddress: '192.0.2.7' };
const clock = manualClock(new Date('2026-03-10T09:00:00Z'));
const keys = generateKey('test');
let bank: TestBank;
let database: TestDatabase;
let context: ActionContext;
let clientId: ClientId;
let providerId: ProviderId;

beforeAll(async () => {
  database = await testDatabase();
  bank = await startTestBank({ clock });
  const vault = createVault(parseKeyRing(keys), createDataKeys(database, clock));
  context = await houseContext({ database, clock, vault });
  providerId = await installTestBank(context, bank.url);
  clientId = await seedClient(database);
}, 60_000);

afterAll(() => bank?.close());

async function latestSync(connectionId: ConnectionId) {
  const rows = await database.db.select().from(syncs).where(eq(syncs.connectionId, connectionId));
  return rows.toSorted((left, right) => Number(left.requestedAt) - Number(right.requestedAt)).at(-1)!;
}

/** Answers what is open with the newest code on the phone. */
async function answerOpen(scope: UserScope): Promise<void> {
  const [open] = await database.db.select().from(challenges).where(eq(challenges.status, 'OPEN'));
  const code = bank.bank.challenges.sentTo('bruno')[0]?.code ?? '';
  await answerChallenge(context, scope, { challengeId: open!.id, answer: code, psu }).catch((error: unknown) => {
    expect(error).toMatchObject({ code: 'SCA_TIMEOUT' });
  });
}

/** Leads a person from the form to his accounts while workers die; gives how many died in the middle. */
async function link(scope: UserScope): Promise<{ connectionId: ConnectionId; hits: number }> {
  const credentials = [
    { name: 'login', value: 'bruno' },
    { name: 'password', value: 'tributary2' },
  ];
  const input = { providerId, channels: ['EMBEDDED'], credentials, redirectUrl: null, psu } as const;
  const { connectionId } = await startConnection(context, scope, input);
  let hits = 0;
  for (let round = 0; round < 25; round += 1) {
    const { status } = await latestSync(connectionId);
    if (status === 'SUCCEEDED') return { connectionId, hits };
    if (status === 'WAITING_FOR_USER') await answerOpen(scope);
    if (status === 'ACTION_REQUIRED' || status === 'FAILED') {
      await requestSync(context, scope, { connectionId, type: 'ALL', trigger: 'ON_DEMAND', psu });
    }
    await work({ database, clock, keys }, round < 6 ? Math.random() * 500 : null);
    if ((await latestSync(connectionId)).status === 'RUNNING') hits += 1;
  }
  throw new Error('The person never got to his accounts.');
}

test('a person gets to his accounts whenever workers die, and no code is used twice', async () => {
  const answers = vi.spyOn(bank.bank.challenges, 'answer');
  let hits = 0;
  for (let person = 0; hits < hitsWanted; person += 1) {
    if (person > 60) throw new Error(`Only ${hits} workers were hit.`);
    const scope = scopeOfRow({ clientId, userId: await seedUser(database, clientId, `person-${person}@example.com`) });
    const linked = await link(scope);
    hits += linked.hits;
    const own = await database.db.select().from(events).where(eq(events.userId, scope.userId)).orderBy(events.sequence);
    expect(own.map(({ sequence }) => Number(sequence))).toEqual(own.map((_, index) => index + 1));
    const count = (type: string) => own.filter((event) => event.type === type).length;
    expect(count('challenge.closed')).toBe(count('challenge.requested'));
    expect([count('consent.granted'), count('sync.succeeded')]).toEqual([1, 1]);
    expect(await database.db.$count(accounts, eq(accounts.connectionId, linked.connectionId))).toBeGreaterThan(0);
  }
  const typed = answers.mock.calls.map(([id, , code]) => `${id} ${code}`);
  expect(typed.length).toBeGreaterThan(0);
  expect(new Set(typed).size).toBe(typed.length);
  expect(new Set(answers.mock.results.map(({ value }) => String(value)))).toEqual(new Set(['passed']));
  const kept = await database.db.select().from(challenges).orderBy(desc(challenges.createdAt));
  expect(kept.filter(({ status }) => status === 'OPEN')).toEqual([]);
  expect(kept.filter(({ sealedAnswer, sealedSession }) => sealedAnswer ?? sealedSession)).toEqual([]);
}, 300_000);
