import { expect, onTestFinished, test, vi } from 'vitest';
import { bankConnectors } from '../../src/app/bank-connectors.ts';
import { completeAuthorization } from '../../src/actions/complete-authorization.ts';
import { createClient } from '../../src/actions/create-client.ts';
import { createUser } from '../../src/actions/create-user.ts';
import { installTestBank } from '../../src/actions/install-test-bank.ts';
import { startConnection } from '../../src/actions/start-connection.ts';
import { visitBank } from '../../src/cli/demo/bank-visit.ts';
import { createBankHttp } from '../../src/connectors/bank-http.ts';
import { permissions, scopeOfRow } from '../../src/domain/viewer.ts';
import { installJobs } from '../../src/jobs/install.ts';
import { startWorker } from '../../src/jobs/worker.ts';
import { addDays } from '../../src/kernel/calendar-date.ts';
import { parseId, type ProviderId } from '../../src/kernel/id.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { sandboxThirdParty } from '../../src/test-bank/scenario/third-party.ts';
import { startTestBank } from '../../src/test-bank/server.ts';
import { testDatabase } from '../support/database.ts';
import { houseContext } from '../support/house-context.ts';

test('the STET entry of the sandbox is linked and synced: account and deferred-debit card, all that the bank keeps', async () => {
  const testBank = await startTestBank();
  onTestFinished(() => testBank.close());
  const { clientId: id, clientSecret } = sandboxThirdParty;
  const identities = new Map([['default', { clientId: id, clientSecret }]]);
  const http = createBankHttp({ identities });
  onTestFinished(() => http.close());
  const database = await testDatabase();
  const connectors = bankConnectors(http, identities);
  const context = await houseContext({ database, connectors, isLoopbackAllowed: true });
  await installTestBank(context, testBank.url);
  const [provider] = await database.sql<{ id: ProviderId }[]>`select id from providers where slug = 'test-bank-stet'`;
  await installJobs(database.url, silentLog);
  const worker = await startWorker({ context, databaseUrl: database.url, concurrency: 1, log: silentLog });
  onTestFinished(() => worker.stop());
  const client = await createClient(context, { name: 'Real', permissions, isClientModeAllowed: true });
  const clientId = parseId('client', client.oauthClientId)!;
  const userId = await createUser(context, clientId, { email: 'ada@example.com', password: 'tributary-1' });
  const psu = { ipAddress: '192.0.2.1' };
  const { authorizationUrl } = await startConnection(context, scopeOfRow({ clientId, userId }), {
    providerId: provider!.id,
    channels: null,
    redirectUrl: null,
    psu,
  });
  const back = new URL(await visitBank(authorizationUrl!, { login: 'alice', password: 'tributary1' }));
  const parameters = Object.fromEntries(back.searchParams);
  const forged = completeAuthorization(context, {
    state: parameters['state']!,
    parameters: { ...parameters, code: 'guessed' },
    psu,
  });
  await expect(forged).rejects.toMatchObject({ code: 'SCA_FAILED' });
  await completeAuthorization(context, { state: parameters['state']!, parameters, psu });
  await vi.waitFor(async () => {
    const syncs = await database.sql`select status, failure from syncs where user_id = ${userId}`;
    expect(syncs).toEqual([{ status: 'SUCCEEDED', failure: null }]);
  }, 60_000);

  const accounts = await database.sql<{ type: string; entries: number }[]>`
    select a.type, count(t.id)::int as entries from accounts a join transactions t on t.account_id = a.id
    where a.user_id = ${userId} and t.status = 'BOOKED' group by a.type order by a.type`;
  const { day } = testBank.bank.ledger();
  const kept = (name: string) => {
    const book = testBank.bank.ledger().account(name)!;
    return book.bookedCount - book.positionOf(addDays(day, -730));
  };
  expect(accounts).toEqual([
    { type: 'CHECKINGS', entries: kept('alice-current') },
    { type: 'CREDIT_CARD', entries: kept('alice-card') },
  ]);
  const sealed = await database.sql<{ row: string }[]>`select c::text as row from channels c where user_id = ${userId}`;
  expect(JSON.stringify(sealed)).not.toMatch(/accessToken|refreshToken/);
});
