import { PassThrough } from 'node:stream';
import pino from 'pino';
import { expect, test } from 'vitest';
import { answerChallenge } from '../../src/actions/answer-challenge.ts';
import { completeAuthorization } from '../../src/actions/complete-authorization.ts';
import { createClient } from '../../src/actions/create-client.ts';
import { createUser } from '../../src/actions/create-user.ts';
import { deleteUser } from '../../src/actions/delete-user.ts';
import { endConsentAtBank } from '../../src/actions/end-consent-at-bank.ts';
import { startConnection } from '../../src/actions/start-connection.ts';
import { updateUser } from '../../src/actions/update-user.ts';
import { createRegistry } from '../../src/connectors/registry.ts';
import { permissions, scopeOfRow } from '../../src/domain/viewer.ts';
import { manualClock } from '../../src/kernel/clock.ts';
import { parseId } from '../../src/kernel/id.ts';
import type { TaskPayloads } from '../../src/store/jobs.ts';
import { challenges } from '../../src/store/schema/tables.ts';
import { runSync } from '../../src/sync/run-sync.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { fakeConnector } from '../support/fake-connector.ts';
import { seedClient, seededAt, seedProvider, seedUser } from '../support/fixtures.ts';
import { houseContext } from '../support/house-context.ts';
import { challenged, credentialFields, psu } from '../support/signed-in-bank.ts';

/** All rows of all tables of the database, as text, with bytes as they are and as hexadecimal. */
async function everyRow({ sql }: TestDatabase): Promise<string> {
  const tables = await sql<{ name: string }[]>`
    select format('%I.%I', table_schema, table_name) as name from information_schema.tables
    where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`;
  const parts: string[] = [];
  for (const { name } of tables) {
    const rows = await sql.unsafe<{ row: string }[]>(`select t::text as row from ${name} t`);
    parts.push(...rows.map(({ row }) => row));
  }
  return parts.join('\n');
}

/** The ways in which a secret could stand in a row or a line of the log. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [secret, bytes.toString('hex'), bytes.toString('base64').replace(/=+$/, ''), bytes.toString('base64url')];
}

test('no secret of a whole journey stands in any table or in the log, and none survives the user', async () => {
  const lines: string[] = [];
  const stream = new PassThrough();
  stream.on('data', (data) => lines.push(String(data)));
  const database = await testDatabase();
  const clock = manualClock(seededAt);
  const planted = {
    session: 'planted-session-0123456789',
    consent: 'bank-consent',
    refreshed: 'planted-refresh-9876543210',
  };
  const { connector, bank } = fakeConnector();
  const spying = {
    ...connector,
    async startAuthorization(...parameters: Parameters<typeof connector.startAuthorization>) {
      const started = await connector.startAuthorization(...parameters);
      return { ...started, session: { consentId: 'bank-consent', token: planted.session } };
    },
  };
  bank.consent = {
    status: 'ACTIVE',
    validUntil: '2026-08-01',
    frequencyPerDay: 4,
    session: { consentId: 'bank-consent', token: planted.refreshed },
  };
  const log = pino({ level: 'trace' }, stream);
  const context = await houseContext({ database, clock, log, connectors: createRegistry([spying]) });
  const client = await createClient(context, { name: 'Planted', permissions, isClientModeAllowed: true });
  const clientId = parseId('client', client.oauthClientId)!;
  const password = 'planted-password-1';
  const userId = await createUser(context, clientId, { email: 'ada@example.com', password });
  const scope = scopeOfRow({ clientId, userId });
  await updateUser(context, scope, { password: `${password}-changed` });
  const provider = await seedProvider(database);
  let state = '';
  const start = spying.startAuthorization.bind(spying);
  spying.startAuthorization = async (call, request) => {
    ({ state } = request);
    return start(call, request);
  };
  const started = await startConnection({ ...context, connectors: createRegistry([spying]) }, scope, {
    providerId: provider.id,
    channels: null,
    redirectUrl: null,
    psu: null,
  });
  await completeAuthorization(context, { state, parameters: { code: 'planted-code-5555555555' }, psu: null });
  const [sync] = await database.sql<
    { id: string }[]
  >`select id from syncs where connection_id = ${started.connectionId}`;
  await runSync(context, scope, parseId('sync', sync!.id)!, new AbortController().signal);

  const secrets = [planted.session, planted.refreshed, password, client.secret, state, 'planted-code-5555555555'];
  async function scan(): Promise<void> {
    const [rows, text] = [await everyRow(database), lines.join('')];
    expect(rows.length).toBeGreaterThan(1_000);
    for (const form of secrets.flatMap(formsOf)) {
      expect(rows.includes(form), `in a table: ${form}`).toBe(false);
      expect(text.includes(form), `in the log: ${form}`).toBe(false);
    }
  }
  await scan();

  const [{ sealed_session: sealed } = {}] =
    await database.sql`select sealed_session from channels where user_id = ${userId}`;
  await deleteUser(context, scope);
  await scan();
  const rows = await everyRow(database);
  expect(rows).not.toContain('ada@example.com');
  expect(rows).not.toContain(Buffer.from(sealed).toString('hex'));
  const [job] = await database.sql<{ payload: TaskPayloads['revoke-consent'] }[]>`
    select payload from graphile_worker._private_jobs as jobs
    join graphile_worker._private_tasks as tasks on tasks.id = jobs.task_id
    where tasks.identifier = 'revoke-consent'`;
  await endConsentAtBank(context, job!.payload);
  expect(bank.consent).toEqual({ status: 'REVOKED' });
  const [{ count } = {}] = await database.sql`select count(*)::int as count from data_keys where user_id = ${userId}`;
  expect(count).toBe(0);
  expect(await createUser(context, clientId, { email: 'ADA@example.com', password })).not.toBe(userId);
  const [proof] = await database.sql`select action, subject, result from audit_entries where action = 'user.delete'`;
  expect(proof).toEqual({ action: 'user.delete', subject: { userId }, result: 'OK' });
});

test('nothing that a person types to sign in stands in any table or in the log', async () => {
  const lines: string[] = [];
  const stream = new PassThrough();
  stream.on('data', (data) => lines.push(String(data)));
  const database = await testDatabase();
  const clock = manualClock(seededAt);
  const { connector, bank } = fakeConnector();
  const log = pino({ level: 'trace' }, stream);
  const context = await houseContext({ database, clock, log, connectors: createRegistry([connector]) });
  const clientId = await seedClient(database);
  const scope = scopeOfRow({ clientId, userId: await seedUser(database, clientId) });
  const provider = await seedProvider(database, { kind: 'EMBEDDED', credentialFields });
  const secrets = ['planted-login', 'planted-password-1', 'planted-session-77', 'planted-answer-5'];
  async function scan(): Promise<void> {
    const [rows, text] = [await everyRow(database), lines.join('')];
    for (const form of secrets.flatMap(formsOf)) {
      expect(rows.includes(form), `in a table: ${form}`).toBe(false);
      expect(text.includes(form), `in the log: ${form}`).toBe(false);
    }
  }
  const question = challenged({ clock }, 'QUESTION', { lengthMax: 30 });
  bank.signIns = [{ ...question, session: { token: 'planted-session-77' } }];
  const typed = [
    { name: 'login', value: 'planted-login' },
    { name: 'password', value: 'planted-password-1' },
  ];
  const input = { providerId: provider.id, channels: null, credentials: typed, redirectUrl: null, psu };
  const { syncId } = await startConnection(context, scope, input);
  await scan();
  const run = () => runSync(context, scope, syncId!, new AbortController().signal);
  expect(await run()).toBe('WAITING_FOR_USER');
  await scan();
  const [challenge] = await database.db.select({ id: challenges.id }).from(challenges);
  await answerChallenge(context, scope, { challengeId: challenge!.id, answer: 'planted-answer-5', psu });
  await scan();
  expect(await run()).toBe('SUCCEEDED');
  expect(bank.given[1]?.answer).toBe('planted-answer-5');
  expect(bank.given[0]?.request.credentials).toEqual({ login: 'planted-login', password: 'planted-password-1' });
  await scan();
});
