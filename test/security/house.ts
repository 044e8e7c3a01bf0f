import { eq } from 'drizzle-orm';
import { execute, parse, subscribe, validate, type ExecutionResult } from 'graphql';
import { createRegistry } from '../../src/connectors/registry.ts';
import { actorOf } from '../../src/domain/audit.ts';
import { permissions, type Viewer } from '../../src/domain/viewer.ts';
import { startEventReader } from '../../src/events/event-reader.ts';
import type { GraphqlContext } from '../../src/graphql/context.ts';
import { maskError } from '../../src/graphql/mask-error.ts';
import { schema } from '../../src/graphql/schema.ts';
import { manualClock } from '../../src/kernel/clock.ts';
import { newId } from '../../src/kernel/id.ts';
import { silentLog } from '../../src/kernel/log.ts';
import {
  accounts,
  categoryRules,
  challenges,
  channelDefinitions,
  channels,
  consents,
  queues,
  syncs,
  syncSteps,
  webhooks,
} from '../../src/store/schema/tables.ts';
import { append } from '../events/log-support.ts';
import { shownId } from '../graphql/execute.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { fakeConnector } from '../support/fake-connector.ts';
import { seedAccount, seededAt, seedUser, seedWorld, type World } from '../support/fixtures.ts';
import { houseContext } from '../support/house-context.ts';

/** A world with at least one thing of every type that has an id, and their ids as the API shows them. */
export interface FullWorld extends World {
  readonly ids: Readonly<Record<string, string>>;
}

/** Everything that a user can have, with this mark in every text. */
export async function seedFullWorld(database: TestDatabase, name: string): Promise<FullWorld> {
  const world = await seedWorld(database, { name });
  const { scope, connection } = world;
  const of = { ...scope, connectionId: connection.id };
  const at = { createdAt: seededAt, updatedAt: seededAt };
  const syncId = newId('sync', seededAt);
  const consentId = newId('consent', seededAt);
  const challengeId = newId('challenge', seededAt);
  const { channelId } = connection;
  await database.db
    .insert(syncs)
    .values({ id: syncId, ...of, type: 'ALL', trigger: 'INITIAL', status: 'WAITING_FOR_USER', requestedAt: seededAt });
  await seedForm(database, world);
  await database.db
    .insert(syncSteps)
    .values({ syncId, ...scope, position: 1, kind: 'READ_ACCOUNT', accountId: world.accountId, status: 'PENDING' });
  await database.db.insert(consents).values({
    id: consentId,
    ...of,
    ...at,
    channelId,
    status: 'PENDING',
    frequencyPerDay: 4,
    validUntil: '2026-08-01',
    authorizationUrl: `https://bank.example/${name}`,
  });
  await database.db.insert(challenges).values({
    id: challengeId,
    ...of,
    channelId,
    syncId,
    kind: 'APP_APPROVAL',
    status: 'OPEN',
    prompt: name,
    details: { kind: 'APP_APPROVAL', comparisonCode: name, pollAfterSeconds: 5 },
    expiresAt: new Date(seededAt.getTime() + 3_600_000),
    createdAt: seededAt,
  });
  const queueId = newId('queue', seededAt);
  const webhookId = newId('webhook', seededAt);
  const { clientId, userId } = scope;
  const categoryRuleId = newId('categoryRule', seededAt);
  await database.db
    .insert(categoryRules)
    .values({ id: categoryRuleId, clientId, userId, text: name, categoryKey: 'GROCERIES', createdAt: seededAt });
  await database.db
    .insert(queues)
    .values({ id: queueId, clientId, userId, name, startCursor: 'ZXZ0OjA6MA', createdAt: seededAt });
  await database.db.insert(webhooks).values({
    id: webhookId,
    clientId,
    userId,
    url: `https://${name}.example/`,
    description: name,
    status: 'ENABLED',
    sealedSecret: new Uint8Array([1]),
    publicKey: name,
    afterXid: '0',
    afterPosition: 0n,
    ...at,
  });
  // The bank lists the account no more, and a new one in its place.
  const mergedAccountId = await seedAccount(database, scope, connection, {});
  const later = { createdAt: new Date(seededAt.getTime() + 1000) };
  await database.db.update(accounts).set(later).where(eq(accounts.id, mergedAccountId));
  await database.db.update(accounts).set({ status: 'NOT_FOUND' }).where(eq(accounts.id, world.accountId));
  await append(database, scope, name);
  const { sql } = database;
  await sql`update users set email = ${`${name}@example.com`} where id = ${world.userId}`;
  await sql`update accounts set name = ${name}, owner_name = ${name}, product = ${name} where user_id = ${world.userId}`;
  await sql`update transactions set label = ${name}, bank_text = ${name}, notes = ${name} where user_id = ${world.userId}`;
  const [event] = await sql<{ id: string }[]>`select id from events where user_id = ${world.userId} limit 1`;
  return {
    ...world,
    ids: {
      Client: shownId('Client', world.clientId),
      User: shownId('User', world.userId),
      Provider: shownId('Provider', world.provider.id),
      Category: shownId('Category', 'GROCERIES'),
      Connection: shownId('Connection', connection.id),
      Channel: shownId('Channel', channelId),
      Consent: shownId('Consent', consentId),
      Account: shownId('Account', world.accountId),
      MergedAccount: shownId('Account', mergedAccountId),
      Transaction: shownId('Transaction', world.transactionIds[0] ?? ''),
      Sync: shownId('Sync', syncId),
      Challenge: shownId('Challenge', challengeId),
      CategoryRule: shownId('CategoryRule', categoryRuleId),
      Queue: shownId('Queue', queueId),
      Webhook: shownId('Webhook', webhookId),
      Event: shownId('Event', event?.id ?? ''),
    },
  };
}

/** A second channel of the connection, with a form that takes what a walk fills in. */
async function seedForm(database: TestDatabase, { scope, connection, provider }: World): Promise<void> {
  const channelDefinitionId = newId('channelDefinition', seededAt);
  const label = { en: 'Text', fr: 'Texte' };
  await database.db.insert(channelDefinitions).values({
    id: channelDefinitionId,
    providerId: provider.id,
    kind: 'EMBEDDED',
    dialect: 'fake',
    baseUrl: 'http://bank.example',
    accountTypes: ['CHECKINGS'],
    credentialFields: [{ name: 'text-1', label, isSecret: true, isRequired: true, maxLength: 20 }],
  });
  await database.db.insert(channels).values({
    id: newId('channel', seededAt),
    ...scope,
    connectionId: connection.id,
    channelDefinitionId,
    kind: 'EMBEDDED',
    status: 'ACTIVE',
    createdAt: seededAt,
    updatedAt: seededAt,
  });
}

/** An id of the type of this one that nobody has. */
export function freshId(like: string): string {
  const [typeName, inner = ''] = Buffer.from(like, 'base64url').toString().split(':');
  return Buffer.from(`${typeName}:${inner.slice(0, 14)}${'0'.repeat(inner.length - 14)}`).toString('base64url');
}

export interface House {
  readonly database: TestDatabase;
  readonly statements: string[];
  readonly victim: FullWorld;
  readonly stranger: FullWorld;
  /** Another user of the victim's client. */
  readonly sibling: Viewer;
  /** What this viewer gets, errors as the API shows them. A stream that begins is ended and told as `STREAM`. */
  ask(
    viewer: Viewer,
    source: string,
    variables: Record<string, unknown>,
  ): Promise<{ data?: unknown; errors?: unknown[] } | 'STREAM'>;
  close(): Promise<void>;
}

export const everything: ReadonlySet<(typeof permissions)[number]> = new Set(permissions);

export async function openHouse(): Promise<House> {
  const statements: string[] = [];
  const database = await testDatabase({ onStatement: (text) => void statements.push(text) });
  const clock = manualClock(seededAt);
  const actions = await houseContext({ database, clock, connectors: createRegistry([fakeConnector().connector]) });
  const events = await startEventReader({ database });
  const victim = await seedFullWorld(database, 'victim-mark');
  const stranger = await seedFullWorld(database, 'stranger-mark');
  const userId = await seedUser(database, victim.clientId, 'sibling@example.com');
  const mask = maskError(silentLog);
  const documents = new Map<string, ReturnType<typeof prepared>>();
  return {
    database,
    statements,
    victim,
    stranger,
    sibling: { kind: 'user', clientId: victim.clientId, userId, permissions: everything },
    async ask(viewer, source, variables) {
      const contextValue: GraphqlContext = {
        viewer,
        db: database.db,
        actions: { ...actions, actor: actorOf(viewer, '192.0.2.77') },
        psu: null,
        locale: 'en',
        ipAddress: '192.0.2.77',
        untilGone: () => new AbortController().signal,
        events,
      };
      const { document, errors } = documents.get(source) ?? prepared(source);
      documents.set(source, { document, errors });
      if (errors.length > 0) return shown({ errors }, mask);
      const run = source.startsWith('subscription') ? subscribe : execute;
      const result = await run({ schema, document, contextValue, variableValues: variables });
      if (Symbol.asyncIterator in result) {
        await result.return?.(undefined);
        return 'STREAM';
      }
      return shown(result, mask);
    },
    close: () => events.close(),
  };
}

/** Held against the schema once, for every viewer sends the same: a document that asks `node` for all is large. */
function prepared(source: string) {
  const document = parse(source);
  return { document, errors: validate(schema, document) };
}

function shown({ data, errors }: ExecutionResult, mask: (error: unknown) => Error) {
  return {
    data,
    ...(errors ? { errors: errors.map((error) => JSON.parse(JSON.stringify(mask(error))) as unknown) } : {}),
  };
}
