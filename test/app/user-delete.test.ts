import { expect, onTestFinished, test, vi } from 'vitest';
import { completeAuthorization } from '../../src/actions/complete-authorization.ts';
import { createClient } from '../../src/actions/create-client.ts';
import { createUser } from '../../src/actions/create-user.ts';
import { deleteUser } from '../../src/actions/delete-user.ts';
import { installTestBank } from '../../src/actions/install-test-bank.ts';
import { startConnection } from '../../src/actions/start-connection.ts';
import { visitBank } from '../../src/cli/demo/bank-visit.ts';
import { createBankHttp } from '../../src/connectors/bank-http.ts';
import { createBerlinGroupConnector } from '../../src/connectors/berlin-group/connector.ts';
import { createRegistry } from '../../src/connectors/registry.ts';
import { permissions, scopeOfRow } from '../../src/domain/viewer.ts';
import { installJobs } from '../../src/jobs/install.ts';
import { startWorker } from '../../src/jobs/worker.ts';
import { parseId, type ChannelId } from '../../src/kernel/id.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { channelSealContext } from '../../src/store/channels.ts';
import { startTestBank } from '../../src/test-bank/server.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { houseContext } from '../support/house-context.ts';

/** The rows of all tables that name one of these texts anywhere, by table; those of a partition are its table's. */
async function rowsThatName({ sql }: TestDatabase, texts: readonly string[]): Promise<Record<string, string[]>> {
  const tables = await sql<{ name: string }[]>`
    select format('%I.%I', nspname, relname) as name from pg_class join pg_namespace on relnamespace = pg_namespace.oid
    where relkind in ('r', 'p') and not relispartition
      and nspname not in ('pg_catalog', 'information_schema') and nspname not like 'pg_toast%'`;
  const found: Record<string, string[]> = {};
  for (const { name } of tables) {
    const rows = await sql.unsafe<{ row: string }[]>(`select t::text as row from ${name} t`);
    const naming = rows.map(({ row }) => row).filter((row) => texts.some((text) => row.includes(text)));
    if (naming.length > 0) found[name] = naming;
  }
  return found;
}

/** The real road: test bank over HTTP, Berlin Group connector, vault, worker. A user has linked a bank and synced it. */
async function syncedUser() {
  const testBank = await startTestBank();
  onTestFinished(() => testBank.close());
  const http = createBankHttp();
  onTestFinished(() => http.close());
  const database = await testDatabase();
  const connectors = createRegistry([createBerlinGroupConnector(http)]);
  const context = await houseContext({ database, connectors, isLoopbackAllowed: true });
  const providerId = await installTestBank(context, testBank.url);
  await installJobs(database.url, silentLog);
  const worker = await startWorker({ context, databaseUrl: database.url, concurrency: 1, log: silentLog });
  onTestFinished(() => worker.stop());
  const client = await createClient(context, { name: 'Real', permissions, isClientModeAllowed: true });
  const clientId = parseId('client', client.oauthClientId)!;
  const account = { email: 'ada@example.com', password: 'tributary-1' };
  const userId = await createUser(context, clientId, account);
  const scope = scopeOfRow({ clientId, userId });
  const psu = { ipAddress: '192.0.2.1' };
  const input = { providerId, channels: null, redirectUrl: null, psu };
  const { authorizationUrl, connectionId } = await startConnection(context, scope, input);
  const back = new URL(await visitBank(authorizationUrl!, { login: 'alice', password: 'tributary1' }));
  const { state, ...parameters } = Object.fromEntries(back.searchParams);
  await completeAuthorization(context, { state: state!, parameters, psu });
  await vi.waitFor(async () => {
    const syncs = await database.sql`select status from syncs where user_id = ${userId}`;
    expect(syncs.map((sync) => sync['status'])).toEqual(['SUCCEEDED']);
  }, 60_000);
  return { testBank, database, context, account, clientId, scope, connectionId };
}

test('deleting a user ends his consent at the bank and leaves nothing of his to read or to decrypt', async () => {
  const { testBank, database, context, account, clientId, scope, connectionId } = await syncedUser();
  const [consent] = testBank.bank.consents.all();
  const statusAtBank = async (): Promise<unknown> =>
    (
      await fetch(`${testBank.url}/berlin-group/v1/consents/${consent!.id}/status`, {
        headers: { 'x-request-id': crypto.randomUUID() },
      })
    ).json();
  expect(await statusAtBank()).toEqual({ consentStatus: 'valid' });
  const [channel] = await database.sql<{ id: ChannelId; sealed: Uint8Array }[]>`
    select id, sealed_session as sealed from channels where user_id = ${scope.userId}`;
  const sealContext = channelSealContext(channel!.id);
  expect(await context.vault.open(scope, sealContext, channel!.sealed)).toMatchObject({ consentId: consent!.id });
  const hex = Buffer.from(channel!.sealed).toString('hex');
  const bankAccounts = await database.sql<{ iban: string }[]>`select iban from accounts where iban is not null`;
  const hisOwn = [account.email, connectionId, hex, consent!.id, ...bankAccounts.map(({ iban }) => iban)];
  const before = await rowsThatName(database, [scope.userId]);
  expect(Object.keys(before)).toEqual(expect.arrayContaining(['public.transactions', 'public.data_keys']));
  expect(Object.keys(await rowsThatName(database, hisOwn))).toContain('public.channels');

  await deleteUser(context, scope);
  await vi.waitFor(async () => expect(await statusAtBank()).toEqual({ consentStatus: 'terminatedByTpp' }), 20_000);
  await vi.waitFor(async () => {
    expect(await database.sql`select id from graphile_worker.jobs where task_identifier = 'revoke-consent'`).toEqual(
      [],
    );
  }, 20_000);

  const after = await rowsThatName(database, [scope.userId, ...hisOwn]);
  expect(Object.keys(after).toSorted()).toEqual(['public.audit_entries', 'public.event_streams', 'public.events']);
  const events = await database.sql`select type, facts from events where user_id = ${scope.userId}`;
  expect([...events]).toEqual([{ type: 'user.deleted', facts: {} }]);
  await expect(context.vault.open(scope, sealContext, channel!.sealed)).rejects.toThrow();
  expect(await createUser(context, clientId, account)).not.toBe(scope.userId);
});
