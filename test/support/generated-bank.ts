import type { ActionContext } from '../../src/actions/context.ts';
import { requestSync } from '../../src/actions/request-sync.ts';
import type { Connector } from '../../src/connectors/connector.ts';
import { createRegistry } from '../../src/connectors/registry.ts';
import type { BankTransaction } from '../../src/domain/bank-snapshot.ts';
import { scopeOfRow, type UserScope } from '../../src/domain/viewer.ts';
import { addDays } from '../../src/kernel/calendar-date.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import { newId, type ConnectionId } from '../../src/kernel/id.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { updateChannel } from '../../src/store/channels.ts';
import { insertConsent } from '../../src/store/consents.ts';
import type { Database } from '../../src/store/database.ts';
import { runSync } from '../../src/sync/run-sync.ts';
import { mergeLedgers } from '../../src/sync/merge-ledgers.ts';
import { bankTransaction, fakeConnector } from './fake-connector.ts';
import { seedClient, seedConnection, seedProvider, seedUser } from './fixtures.ts';

interface GeneratedHistory {
  /** The newest day. */
  readonly today: string;
  readonly count: number;
  /** Over so many days the entries are spread. */
  readonly days: number;
  readonly pageSize: number;
  /** Characters that are added to each text of the bank. */
  readonly padding?: number;
}

/** Entries of an account from `start` up to `end`, the newest first, always the same. */
export function generatedEntries(history: GeneratedHistory, start: number, end: number): BankTransaction[] {
  const entries: BankTransaction[] = [];
  for (let index = start; index < Math.min(end, history.count); index += 1) {
    const on = addDays(history.today, -Math.floor((index * history.days) / history.count));
    entries.push(
      bankTransaction({
        bookedOn: on,
        valueOn: on,
        bankTransactionId: `entry-${index}`,
        money: { amount: `-${1 + (index % 97)}.${10 + (index % 89)}`, currency: 'EUR' },
        bankText: `CARTE MERCHANT ${index} CB*1234${'.'.repeat(history.padding ?? 0)}`,
        label: `Merchant ${index}`,
        merchantCategoryCode: '5411',
      }),
    );
  }
  return entries;
}

/** A connector of the dialect `fake` over a bank with one account, that answers at once and holds nothing itself. */
export function generatedConnector(history: GeneratedHistory): Connector {
  const { connector, bank } = fakeConnector();
  bank.consent = {
    status: 'ACTIVE',
    validUntil: addDays(history.today, 100),
    frequencyPerDay: 4,
    session: { consentId: 'bank-consent' },
  };
  return {
    ...connector,
    // oxlint-disable-next-line typescript/require-await -- the port is asynchronous, this bank is not
    async *readTransactions() {
      for (let start = 0; start < history.count; start += history.pageSize) {
        yield generatedEntries(history, start, start + history.pageSize);
      }
    },
  };
}

export interface GeneratedWorld {
  readonly scope: UserScope;
  readonly connectionId: ConnectionId;
  readonly context: ActionContext;
  /** Requests a sync with the person present, and works on it until it ends. */
  readonly sync: () => Promise<string>;
}

/** A user whose connection is linked to this bank; the session is not sealed. */
export async function generatedWorld(
  database: Database,
  connector: Connector,
  clock: Clock,
  name = 'generated',
): Promise<GeneratedWorld> {
  const clientId = await seedClient(database, name);
  const scope = scopeOfRow({ clientId, userId: await seedUser(database, clientId) });
  const connection = await seedConnection(database, scope, await seedProvider(database, { slug: name }));
  const at = clock.now();
  await updateChannel(scope, database.db, connection.channelId, { sealedSession: new Uint8Array([1]) });
  await insertConsent(scope, database.db, {
    id: newId('consent', at),
    connectionId: connection.id,
    channelId: connection.channelId,
    status: 'ACTIVE',
    frequencyPerDay: 4,
    validUntil: addDays(at.toISOString().slice(0, 10), 100),
    createdAt: at,
    updatedAt: at,
  });
  const session = { consentId: 'bank-consent' };
  const context: ActionContext = {
    database,
    clock,
    connectors: createRegistry([connector]),
    vault: {
      seal: async () => new Uint8Array([1]),
      open: async () => session,
      sealForHouse: () => new Uint8Array([1]),
      openForHouse: () => session,
    },
    log: silentLog,
    mergeLedgers,
    publicUrl: 'http://gateway.example',
  };
  const psu = { ipAddress: '192.0.2.1' };
  return {
    scope,
    connectionId: connection.id,
    context,
    async sync() {
      const input = { connectionId: connection.id, type: 'ALL', trigger: 'ON_DEMAND', psu } as const;
      const { syncId } = await requestSync(context, scope, input);
      return runSync(context, scope, syncId, new AbortController().signal);
    },
  };
}
