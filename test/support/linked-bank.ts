import { requestSync } from '../../src/actions/request-sync.ts';
import type { ActionContext } from '../../src/actions/context.ts';
import { createRegistry } from '../../src/connectors/registry.ts';
import type { SyncType } from '../../src/domain/sync.ts';
import { scopeOfRow, type UserScope } from '../../src/domain/viewer.ts';
import { manualClock, type ManualClock } from '../../src/kernel/clock.ts';
import { newId, type SyncId } from '../../src/kernel/id.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { channelSealContext, updateChannel } from '../../src/store/channels.ts';
import { insertConsent } from '../../src/store/consents.ts';
import { events } from '../../src/store/schema/tables.ts';
import { mergeLedgers } from '../../src/sync/merge-ledgers.ts';
import { runSync } from '../../src/sync/run-sync.ts';
import type { Vault } from '../../src/vault/vault.ts';
import { testDatabase, type TestDatabase } from './database.ts';
import { fakeConnector, type FakeBank } from './fake-connector.ts';
import {
  seedClient,
  seedConnection,
  seedProvider,
  seedUser,
  type SeededConnection,
  type SeededProvider,
} from './fixtures.ts';

/** A vault that seals nothing but holds to its contract: what is opened elsewhere than it was sealed does not open. */
export function openVault(): Vault {
  const close = (owner: string, context: string, value: unknown) =>
    new TextEncoder().encode(JSON.stringify({ owner, context, value }));
  const open = (owner: string, context: string, sealed: Uint8Array): unknown => {
    const found: { owner: string; context: string; value: unknown } = JSON.parse(new TextDecoder().decode(sealed));
    if (found.owner !== owner || found.context !== context) throw new Error('It was sealed for another place.');
    return found.value;
  };
  return {
    seal: async (scope, context, value) => close(scope.userId, context, value),
    open: async (scope, context, sealed) => open(scope.userId, context, sealed),
    sealForHouse: (context, value) => close('house', context, value),
    openForHouse: (context, sealed) => open('house', context, sealed),
  };
}

export interface BankWorld {
  readonly database: TestDatabase;
  readonly clock: ManualClock;
  readonly bank: FakeBank;
  readonly context: ActionContext;
  readonly scope: UserScope;
  readonly provider: SeededProvider;
}

/** A user and a provider of the dialect `fake`, on 2 March 2026 at noon. */
export async function bankWorld(): Promise<BankWorld> {
  const database = await testDatabase();
  const { connector, bank } = fakeConnector();
  const clock = manualClock(new Date('2026-03-02T12:00:00.000Z'));
  const clientId = await seedClient(database);
  const userId = await seedUser(database, clientId);
  const context = {
    database,
    clock,
    connectors: createRegistry([connector]),
    vault: openVault(),
    log: silentLog,
    mergeLedgers,
    publicUrl: 'http://gateway.example',
  };
  return {
    database,
    clock,
    bank,
    context,
    scope: scopeOfRow({ clientId, userId }),
    provider: await seedProvider(database),
  };
}

export interface LinkedBank extends BankWorld {
  readonly connection: SeededConnection;
  /** Requests a sync with the person present, so that no budget counts, and works on it until it ends. */
  readonly sync: (type?: SyncType) => Promise<{ syncId: SyncId; result: string }>;
  /** The types of the user's events so far, in the order of the stream. */
  readonly eventTypes: () => Promise<string[]>;
}

/** The same with a connection whose consent is active. */
export async function linkedBank(): Promise<LinkedBank> {
  const world = await bankWorld();
  const { database, scope, context, clock } = world;
  const connection = await seedConnection(database, scope, world.provider);
  const at = clock.now();
  const sealedSession = await context.vault.seal(scope, channelSealContext(connection.channelId), {
    consentId: 'bank-consent',
  });
  await updateChannel(scope, database.db, connection.channelId, { sealedSession });
  await insertConsent(scope, database.db, {
    id: newId('consent', at),
    connectionId: connection.id,
    channelId: connection.channelId,
    status: 'ACTIVE',
    frequencyPerDay: 4,
    validUntil: '2026-08-01',
    createdAt: at,
    updatedAt: at,
  });
  return {
    ...world,
    connection,
    async sync(type = 'ALL') {
      const psu = { ipAddress: '192.0.2.1' };
      const input = { connectionId: connection.id, type, trigger: 'ON_DEMAND', psu } as const;
      const { syncId } = await requestSync(context, scope, input);
      return { syncId, result: await runSync(context, scope, syncId, new AbortController().signal) };
    },
    async eventTypes() {
      const rows = await database.db.select({ type: events.type }).from(events).orderBy(events.sequence);
      return rows.map((row) => row.type);
    },
  };
}
