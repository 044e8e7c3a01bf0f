import { completeAuthorization } from '../../src/actions/complete-authorization.ts';
import { requestSync } from '../../src/actions/request-sync.ts';
import { startConnection } from '../../src/actions/start-connection.ts';
import { createRegistry } from '../../src/connectors/registry.ts';
import type { AccountType } from '../../src/domain/account.ts';
import type { DataType } from '../../src/domain/connection.ts';
import type { SyncType } from '../../src/domain/sync.ts';
import { newId } from '../../src/kernel/id.ts';
import { accounts, channelDefinitions, channels, transactions } from '../../src/store/schema/tables.ts';
import { runSync } from '../../src/sync/run-sync.ts';
import { bankAccount, bankTransaction, fakeConnector } from './fake-connector.ts';
import { seededAt } from './fixtures.ts';
import { bankWorld } from './linked-bank.ts';
import { credentialFields, credentials, psu } from './signed-in-bank.ts';

const savings = bankAccount({ bankAccountId: 'form-2', iban: null, otherIdentification: 'LIVRET 7', type: 'SAVINGS' });

interface Wanted {
  readonly accountTypes?: readonly AccountType[];
  readonly dataTypes?: readonly DataType[];
}

/** A bank that shows its current account by its interface, and with its savings by a form as well. */
export async function bothChannels(wanted: Wanted = {}) {
  const world = await bankWorld();
  const form = fakeConnector();
  form.bank.accounts = [bankAccount({ bankAccountId: 'form-1' }), savings];
  const entry = bankTransaction();
  world.bank.transactions = { 'bank-account-1': [entry] };
  form.bank.transactions = { 'form-1': [entry], 'form-2': [entry] };
  let state = '';
  const connector = world.context.connectors.get('fake')!;
  const byPage = {
    ...connector,
    startAuthorization: (...[call, request]: Parameters<typeof connector.startAuthorization>) => {
      ({ state } = request);
      return connector.startAuthorization(call, request);
    },
  };
  const connectors = createRegistry([byPage, { ...form.connector, dialect: 'form', channel: 'EMBEDDED' }]);
  const context = { ...world.context, connectors };
  const { database, scope, provider } = world;
  await database.db.insert(channelDefinitions).values({
    id: newId('channelDefinition', seededAt),
    providerId: provider.id,
    kind: 'EMBEDDED',
    dialect: 'form',
    baseUrl: 'http://bank.example',
    accountTypes: ['CHECKINGS', 'SAVINGS'],
    credentialFields,
  });
  const started = await startConnection(context, scope, {
    providerId: provider.id,
    channels: ['EMBEDDED', 'REDIRECT'],
    credentials,
    ...wanted,
    redirectUrl: null,
    psu,
  });
  const { connectionId } = started;
  const run = (syncId: NonNullable<typeof started.syncId>) =>
    runSync(context, scope, syncId, new AbortController().signal);
  return {
    ...world,
    context,
    form: form.bank,
    connectionId,
    syncId: started.syncId!,
    run,
    confirm: () => completeAuthorization(context, { state, parameters: {}, psu }),
    async sync(type: SyncType = 'ALL') {
      const input = { connectionId, type, trigger: 'ON_DEMAND', psu } as const;
      return run((await requestSync(context, scope, input)).syncId);
    },
    /** Each account with the kind of the channel that reads it. */
    async shown() {
      const kinds = new Map((await database.db.select().from(channels)).map(({ id, kind }) => [id, kind]));
      const rows = await database.db.select().from(accounts).orderBy(accounts.type);
      return rows.map((row) => `${row.type} by ${kinds.get(row.channelId)} as ${row.bankAccountId}`);
    },
    async ids() {
      return (await database.db.select().from(accounts)).map(({ id }) => id).toSorted();
    },
    transactionCount: () => database.db.$count(transactions),
  };
}
