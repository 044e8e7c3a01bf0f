import type { AccountType } from '../../src/domain/account.ts';
import type { ChannelKind } from '../../src/domain/connection.ts';
import type { TransactionStatus } from '../../src/domain/transaction.ts';
import { scopeOf, scopeOfRow, type Scope, type UserScope } from '../../src/domain/viewer.ts';
import { addDays, type CalendarDate } from '../../src/kernel/calendar-date.ts';
import {
  newId,
  type AccountId,
  type ChannelDefinitionId,
  type ChannelId,
  type ClientId,
  type ConnectionId,
  type ProviderId,
  type TransactionId,
  type UserId,
} from '../../src/kernel/id.ts';
import type { Database } from '../../src/store/database.ts';
import type { CredentialField } from '../../src/store/schema/providers.ts';
import {
  accounts,
  channelDefinitions,
  channels,
  clients,
  connections,
  providers,
  transactions,
  users,
} from '../../src/store/schema/tables.ts';

/** When everything in the fixtures was made; tests that have a clock begin at or after it. */
export const seededAt = new Date('2026-03-02T09:00:00.000Z');
const at = { createdAt: seededAt, updatedAt: seededAt };

/** A client in client mode without a usable secret. */
export async function seedClient(database: Database, name = 'Acme'): Promise<ClientId> {
  const id = newId('client', seededAt);
  await database.db
    .insert(clients)
    .values({ id, oauthClientId: id, name, isClientModeAllowed: true, createdAt: seededAt });
  return id;
}

/** A user without a usable password. */
export async function seedUser(database: Database, clientId: ClientId, email = 'ada@example.com'): Promise<UserId> {
  const id = newId('user', seededAt);
  await database.db.insert(users).values({ id, clientId, email, passwordHash: '!', ...at });
  return id;
}

export interface SeededProvider {
  readonly id: ProviderId;
  readonly channelDefinitionId: ChannelDefinitionId;
}

interface ProviderSeed {
  readonly slug?: string;
  readonly dialect?: string;
  readonly kind?: ChannelKind;
  /** The form of a channel that is signed in to. */
  readonly credentialFields?: readonly CredentialField[];
}

/** A provider with one channel definition; its dialect is `fake` unless told. */
export async function seedProvider(
  database: Database,
  { slug = 'test-bank', dialect = 'fake', kind = 'REDIRECT', credentialFields = [] }: ProviderSeed = {},
): Promise<SeededProvider> {
  const id = newId('provider', seededAt);
  const channelDefinitionId = newId('channelDefinition', seededAt);
  await database.db.insert(providers).values({ id, slug, name: `Bank ${slug}`, country: 'FR', isTest: true, ...at });
  await database.db.insert(channelDefinitions).values({
    id: channelDefinitionId,
    providerId: id,
    kind,
    dialect,
    baseUrl: 'http://bank.example',
    accountTypes: ['CHECKINGS', 'SAVINGS'],
    credentialFields: [...credentialFields],
  });
  return { id, channelDefinitionId };
}

export interface SeededConnection {
  readonly id: ConnectionId;
  readonly channelId: ChannelId;
}

/** An ACTIVE connection with one ACTIVE channel. */
export async function seedConnection(
  database: Database,
  scope: UserScope,
  provider: SeededProvider,
): Promise<SeededConnection> {
  const id = newId('connection', seededAt);
  const channelId = newId('channel', seededAt);
  await database.db.insert(connections).values({ id, ...scope, providerId: provider.id, status: 'ACTIVE', ...at });
  await database.db.insert(channels).values({
    id: channelId,
    ...scope,
    connectionId: id,
    channelDefinitionId: provider.channelDefinitionId,
    kind: 'REDIRECT',
    status: 'ACTIVE',
    ...at,
  });
  return { id, channelId };
}

interface AccountSeed {
  readonly name?: string;
  readonly type?: AccountType;
  readonly iban?: string | null;
  readonly currency?: string;
  readonly balanceAmount?: string;
}

/** An ACTIVE account in EUR with a balance. */
export async function seedAccount(
  database: Database,
  scope: UserScope,
  connection: SeededConnection,
  seed: AccountSeed = {},
): Promise<AccountId> {
  const id = newId('account', seededAt);
  await database.db.insert(accounts).values({
    id,
    ...scope,
    connectionId: connection.id,
    channelId: connection.channelId,
    bankAccountId: `bank-${id}`,
    iban: seed.iban === undefined ? 'FR7630006000011234567890189' : seed.iban,
    currency: seed.currency ?? 'EUR',
    name: seed.name ?? 'Current account',
    type: seed.type ?? 'CHECKINGS',
    status: 'ACTIVE',
    balanceAmount: seed.balanceAmount ?? '1000.00',
    balanceType: 'INTERIM_BOOKED',
    balanceAt: seededAt,
    ...at,
  });
  return id;
}

interface TransactionSeed {
  readonly amount?: string;
  readonly currency?: string;
  readonly label?: string;
  readonly datedOn?: CalendarDate;
  readonly status?: TransactionStatus;
  readonly categoryKey?: string;
  readonly bankTransactionId?: string;
}

/** Transactions of one account; without a day of its own, each is dated one day before the one in front of it. */
export async function seedTransactions(
  database: Database,
  scope: UserScope,
  accountId: AccountId,
  seeds: readonly TransactionSeed[],
): Promise<TransactionId[]> {
  const rows = seeds.map((seed, index) => {
    const datedOn = seed.datedOn ?? addDays('2026-03-01', -index);
    const amount = seed.amount ?? '-10.00';
    const status = seed.status ?? 'BOOKED';
    return {
      id: newId('transaction', seededAt),
      ...scope,
      accountId,
      status,
      type: amount.startsWith('-') ? ('DEBIT' as const) : ('CREDIT' as const),
      amount,
      currency: seed.currency ?? 'EUR',
      datedOn,
      bookedOn: status === 'BOOKED' ? datedOn : null,
      label: seed.label ?? `Transaction ${index + 1}`,
      bankText: (seed.label ?? `Transaction ${index + 1}`).toUpperCase(),
      bankTransactionId: seed.bankTransactionId ?? null,
      ...(seed.categoryKey ? { categoryKey: seed.categoryKey, categorySource: 'PROVIDER' as const } : {}),
      ...at,
    };
  });
  if (rows.length > 0) await database.db.insert(transactions).values(rows);
  return rows.map((row) => row.id);
}

/** The scope of all users of a client. */
export function clientScope(clientId: ClientId): Scope {
  const scope = scopeOf({ kind: 'client', clientId, permissions: new Set() });
  if (!scope) throw new Error('A client has a scope.');
  return scope;
}

export interface World {
  readonly clientId: ClientId;
  readonly userId: UserId;
  readonly scope: UserScope;
  readonly provider: SeededProvider;
  readonly connection: SeededConnection;
  readonly accountId: AccountId;
  /** Three transactions, the newest first. */
  readonly transactionIds: readonly TransactionId[];
}

/** One client with one user, a linked bank, an account and three transactions. Call it again for a stranger. */
export async function seedWorld(database: Database, { name = 'acme' } = {}): Promise<World> {
  const clientId = await seedClient(database, name);
  const userId = await seedUser(database, clientId);
  const scope = scopeOfRow({ clientId, userId });
  const provider = await seedProvider(database, { slug: `${name}-${clientId}` });
  const connection = await seedConnection(database, scope, provider);
  const accountId = await seedAccount(database, scope, connection);
  const transactionIds = await seedTransactions(database, scope, accountId, [
    { amount: '-42.10', label: 'Supermarket', categoryKey: 'GROCERIES_SUPERMARKET' },
    { amount: '-12.50', label: 'Restaurant' },
    { amount: '2100.00', label: 'Salary', categoryKey: 'INCOME_SALARY' },
  ]);
  return { clientId, userId, scope, provider, connection, accountId, transactionIds };
}
