import { readFile } from 'node:fs/promises';
import { asc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerChallenge } from '../../../src/actions/answer-challenge.ts';
import { cancelSync } from '../../../src/actions/cancel-sync.ts';
import { completeAuthorization } from '../../../src/actions/complete-authorization.ts';
import type { ActionContext } from '../../../src/actions/context.ts';
import { installTestBank } from '../../../src/actions/install-test-bank.ts';
import { requestSync } from '../../../src/actions/request-sync.ts';
import { startConnection } from '../../../src/actions/start-connection.ts';
import { visitBank } from '../../../src/cli/demo/bank-visit.ts';
import { createBankHttp, type BankHttp } from '../../../src/connectors/bank-http.ts';
import { createBerlinGroupConnector } from '../../../src/connectors/berlin-group/connector.ts';
import { createPortalConnector } from '../../../src/connectors/portal/connector.ts';
import { createRegistry } from '../../../src/connectors/registry.ts';
import type { ChannelKind } from '../../../src/domain/connection.ts';
import { Failure } from '../../../src/domain/failure.ts';
import { failureCatalogue, type FailureCode } from '../../../src/domain/failure-catalogue.ts';
import { scopeOfRow, type UserScope } from '../../../src/domain/viewer.ts';
import { manualClock, millisecondsPerDay } from '../../../src/kernel/clock.ts';
import type { ClientId, ConnectionId, ProviderId, SyncId } from '../../../src/kernel/id.ts';
import {
  accounts,
  challenges,
  channelDefinitions,
  consents,
  syncSteps,
  syncs,
} from '../../../src/store/schema/tables.ts';
import { runSync } from '../../../src/sync/run-sync.ts';
import { startTestBank, type TestBank } from '../../../src/test-bank/server.ts';
import { seedClient, seedUser } from '../../support/fixtures.ts';
import { houseContext } from '../../support/house-context.ts';
import { codesByLogin } from '../../test-bank/failure-codes.ts';

const psu = { ipAddress: '192.0.2.7' };
// The number pad of the portal knows digits only.
const password = '123456';

const start = new Date('2026-03-10T09:00:00Z');
const clock = manualClock(start);
let bank: TestBank;
let http: BankHttp;
let context: ActionContext;
let providerId: ProviderId;
let clientId: ClientId;

beforeAll(async () => {
  bank = await startTestBank({ clock });
  http = createBankHttp({ retryDelayMilliseconds: 1, answerTimeoutMilliseconds: 400 });
  const connectors = createRegistry([createBerlinGroupConnector(http), createPortalConnector(http)]);
  context = await houseContext({ clock, connectors });
  providerId = await installTestBank(context, bank.url);
  // A season is enough, and quick.
  await context.database.db.update(channelDefinitions).set({ historyDays: 90 });
  clientId = await seedClient(context.database);
});

afterAll(async () => {
  await http?.close();
  await bank?.close();
});

/** Every code that a user's rows tell. */
async function toldOf({ userId }: UserScope): Promise<Set<string>> {
  const { db } = context.database;
  const rows = await Promise.all(
    [syncs, syncSteps, accounts, consents].map((table) =>
      db.select({ failure: table.failure }).from(table).where(eq(table.userId, userId)),
    ),
  );
  return new Set(rows.flat().flatMap(({ failure }) => (failure ? [failure.code] : [])));
}

/** Does what may fail, and gives the code of the failure. */
async function codeOf(work: () => Promise<unknown>): Promise<FailureCode | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (error instanceof Failure) return error.code;
    throw error;
  }
}

/** Works on a sync and answers what the bank asks, as a willing person does. */
async function runToEnd(scope: UserScope, syncId: SyncId, login: string): Promise<void> {
  for (let round = 0; round < 5; round += 1) {
    await runSync(context, scope, syncId, new AbortController().signal);
    const [open] = await context.database.db
      .select()
      .from(challenges)
      .where(eq(challenges.syncId, syncId))
      .orderBy(asc(challenges.createdAt), asc(challenges.id))
      .then((rows) => rows.filter((row) => row.status === 'OPEN'));
    if (!open) return;
    const person = bank.bank.people.find(login);
    const message = person ? bank.bank.challenges.sentTo(person.id)[0] : undefined;
    const answer = open.kind === 'OTP' ? (message?.code ?? '000000') : null;
    if (open.kind === 'APP_APPROVAL' && message) bank.bank.challenges.decide(message.id, true);
    const choice = open.kind === 'CHOICE' && 'options' in open.details ? open.details.options[0]?.value : undefined;
    await answerChallenge(context, scope, { challengeId: open.id, answer: choice ?? answer, psu });
  }
}

async function link(scope: UserScope, channel: ChannelKind, login: string): Promise<ConnectionId> {
  const credentials = [
    { name: 'login', value: login },
    { name: 'password', value: password },
  ];
  const ofForm = channel === 'EMBEDDED' ? { credentials } : {};
  const input = { providerId, channels: [channel], redirectUrl: null, psu, ...ofForm };
  const { connectionId, authorizationUrl, syncId } = await startConnection(context, scope, input);
  if (syncId) await runToEnd(scope, syncId, login);
  if (authorizationUrl) await approve(scope, authorizationUrl, login);
  return connectionId;
}

/** Some logins are stopped by the bank's own page: nobody comes back then. */
async function approve(scope: UserScope, authorizationUrl: string, login: string): Promise<void> {
  const back = await visitBank(authorizationUrl, { login, password }).catch(() => null);
  if (back === null) return;
  const { state = '', ...parameters } = Object.fromEntries(new URL(back).searchParams);
  await completeAuthorization(context, { state, parameters, psu });
  const [first] = await context.database.db.select().from(syncs).where(eq(syncs.userId, scope.userId));
  if (first) await runToEnd(scope, first.id, login);
}

/** Links with this login, then syncs a season later without the person and with him: all codes that somebody is told. */
async function reachedBy(channel: ChannelKind, login: string): Promise<Set<string>> {
  clock.set(start);
  const email = `${channel}-${login}@example.com`.toLowerCase();
  const scope = scopeOfRow({ clientId, userId: await seedUser(context.database, clientId, email) });
  const told = new Set<string>();
  const tell = async (code: FailureCode | null) => {
    if (code) told.add(code);
    for (const one of await toldOf(scope)) told.add(one);
  };
  let connectionId: ConnectionId | null = null;
  await tell(
    await codeOf(async () => {
      connectionId = await link(scope, channel, login);
    }),
  );
  if (!connectionId) return told;
  clock.advance(75 * millisecondsPerDay);
  await takeUpOpen(scope, login);
  for (const present of [null, psu]) {
    const input = { connectionId, type: 'ALL', trigger: 'ON_DEMAND', psu: present } as const;
    await tell(
      await codeOf(async () => {
        const { syncId } = await requestSync(context, scope, input);
        if (present) await runToEnd(scope, syncId, login);
        else await runSync(context, scope, syncId, new AbortController().signal);
      }),
    );
  }
  return told;
}

/** What still waits for the person is looked at once more, after its time. */
async function takeUpOpen(scope: UserScope, login: string): Promise<void> {
  const rows = await context.database.db.select().from(syncs).where(eq(syncs.userId, scope.userId));
  for (const { id } of rows.filter((row) => row.finishedAt === null)) await runToEnd(scope, id, login);
}

/** Codes that no login at a bank can cause, and the test that reaches each. */
const elsewhere: Partial<Record<FailureCode, string>> = {
  BALANCE_DRIFT: 'test/sync/run-sync.test.ts',
  CONSENT_EXPIRING: 'test/domain/connection-health.test.ts',
  // Before a first sign-in only: afterwards it is told by which way the bank asks.
  SCA_REQUIRED: 'test/connectors/portal/unattended.test.ts',
  SCA_REDIRECT_REQUIRED: 'test/actions/link-bank.test.ts',
  CONSENT_REVOKED_BY_USER: 'test/sync/consents/revocation.test.ts',
  CONSENT_REVOKED_BY_CLIENT: 'test/sync/consents/revocation.test.ts',
  TERMS_NOT_ACCEPTED: 'test/actions/terms.test.ts',
  CONNECTOR_BUG: 'test/sync/run-sync.test.ts',
  CONNECTOR_DISABLED: 'test/domain/connection-health.test.ts',
  CONNECTOR_CONFIG_INVALID: 'test/connectors/http/identity.test.ts',
  ACCOUNT_MAPPING_REQUIRED: 'test/sync/left-over-accounts.test.ts',
  SYNC_PERSON_REQUIRED: 'test/domain/connection-health.test.ts',
  SYNC_ALREADY_RUNNING: 'test/sync/failures/by-name.test.ts',
  SYNC_BUDGET_EXHAUSTED: 'test/sync/budget/four-a-day.test.ts',
  SYNC_CANCELLED: 'test/sync/failures/by-name.test.ts',
  VALIDATION_FAILED: 'test/actions/answer-once.test.ts',
  NOT_FOUND: 'test/actions/link-bank.test.ts',
  CONFLICT: 'test/actions/create-user.test.ts',
  IDEMPOTENCY_KEY_REUSED: 'test/actions/answer-once.test.ts',
  CURSOR_INVALID: 'test/graphql/queries/transactions.test.ts',
  CURSOR_EXPIRED: 'test/events/retention.test.ts',
  UNAUTHENTICATED: 'test/oauth/revocation.test.ts',
  FORBIDDEN: 'test/graphql/mutations/accounts.test.ts',
  RATE_LIMITED: 'test/security/rate-limits.test.ts',
  QUERY_TOO_COMPLEX: 'test/security/attacks.test.ts',
  INTERNAL: 'test/http/bad-requests.test.ts',
};

const byChannels = [...codesByLogin()].toSorted();

test.each(byChannels.filter((code) => !Object.hasOwn(elsewhere, code)))(
  'the login of %s leads to that failure through the whole product',
  async (code) => {
    const login = `error.${code.toLowerCase()}`;
    const reached = new Set([...(await reachedBy('REDIRECT', login)), ...(await reachedBy('EMBEDDED', login))]);
    expect([...reached]).toContain(code);
  },
  60_000,
);

test('every code of the catalogue is reached by a login, or by the test that is named here', async () => {
  const known = new Set([...byChannels, ...Object.keys(elsewhere)]);
  expect(Object.keys(failureCatalogue).filter((code) => !known.has(code))).toEqual([]);
  for (const [code, file] of Object.entries(elsewhere)) expect(await readFile(file, 'utf8')).toContain(code);
});

test('a sync that is cancelled says so, and one that is open refuses whoever may not join it', async () => {
  clock.set(start);
  const scope = scopeOfRow({ clientId, userId: await seedUser(context.database, clientId, 'cancel@example.com') });
  const connectionId = await link(scope, 'REDIRECT', 'error.pending_unsupported');
  const input = { connectionId, type: 'ALL', trigger: 'ON_DEMAND', psu } as const;
  const { syncId } = await requestSync(context, scope, input);
  const rows = () => context.database.db.select().from(syncs).where(eq(syncs.userId, scope.userId)).orderBy(syncs.id);
  const before = await rows();
  expect(await codeOf(() => requestSync(context, scope, { ...input, canJoin: false }))).toBe('SYNC_ALREADY_RUNNING');
  expect(await rows()).toEqual(before);
  await cancelSync(context, scope, syncId);
  expect((await rows()).find(({ id }) => id === syncId)).toMatchObject({
    status: 'CANCELLED',
    failure: { code: 'SYNC_CANCELLED' },
  });
});
