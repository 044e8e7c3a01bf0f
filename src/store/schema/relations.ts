import { defineRelations } from 'drizzle-orm';
import * as tables from './tables.ts';

/**
 * How tables hang together, for nested reads. Relations of user data join on the user as well, so that a partitioned
 * or distributed table is read in one place.
 */
export const relations = defineRelations(tables, (r) => ({
  clients: { users: r.many.users() },
  users: {
    client: r.one.clients({ from: r.users.clientId, to: r.clients.id, optional: false }),
    connections: r.many.connections(),
    accounts: r.many.accounts(),
    transactions: r.many.transactions(),
    consents: r.many.consents(),
  },
  providers: { channelDefinitions: r.many.channelDefinitions() },
  channelDefinitions: {
    provider: r.one.providers({ from: r.channelDefinitions.providerId, to: r.providers.id, optional: false }),
  },
  connections: {
    user: r.one.users({ from: r.connections.userId, to: r.users.id, optional: false }),
    provider: r.one.providers({ from: r.connections.providerId, to: r.providers.id, optional: false }),
    channels: r.many.channels(),
    consents: r.many.consents(),
    accounts: r.many.accounts(),
    /** Those that the bank lists no more. */
    missingAccounts: r.many.accounts({
      from: [r.connections.id, r.connections.userId],
      to: [r.accounts.connectionId, r.accounts.userId],
      where: { status: 'NOT_FOUND', deletedAt: { isNull: true } },
    }),
    syncs: r.many.syncs(),
    /** The same under another name: a document may ask for a page of them and for the last few. */
    lastSyncs: r.many.syncs({
      from: [r.connections.id, r.connections.userId],
      to: [r.syncs.connectionId, r.syncs.userId],
    }),
    waitingSync: r.one.syncs({
      from: [r.connections.id, r.connections.userId],
      to: [r.syncs.connectionId, r.syncs.userId],
      where: { status: 'WAITING_FOR_USER' },
    }),
  },
  channels: {
    connection: r.one.connections({
      from: [r.channels.connectionId, r.channels.userId],
      to: [r.connections.id, r.connections.userId],
      optional: false,
    }),
    definition: r.one.channelDefinitions({
      from: r.channels.channelDefinitionId,
      to: r.channelDefinitions.id,
      optional: false,
    }),
    consents: r.many.consents(),
    accounts: r.many.accounts(),
    unattendedCalls: r.many.unattendedCalls(),
  },
  unattendedCalls: {
    channel: r.one.channels({
      from: [r.unattendedCalls.channelId, r.unattendedCalls.userId],
      to: [r.channels.id, r.channels.userId],
      optional: false,
    }),
  },
  consents: {
    user: r.one.users({ from: r.consents.userId, to: r.users.id, optional: false }),
    connection: r.one.connections({
      from: [r.consents.connectionId, r.consents.userId],
      to: [r.connections.id, r.connections.userId],
      optional: false,
    }),
    channel: r.one.channels({
      from: [r.consents.channelId, r.consents.userId],
      to: [r.channels.id, r.channels.userId],
      optional: false,
    }),
    successor: r.one.consents({
      from: [r.consents.successorId, r.consents.userId],
      to: [r.consents.id, r.consents.userId],
    }),
  },
  accounts: {
    user: r.one.users({ from: r.accounts.userId, to: r.users.id, optional: false }),
    connection: r.one.connections({
      from: [r.accounts.connectionId, r.accounts.userId],
      to: [r.connections.id, r.connections.userId],
      optional: false,
    }),
    channel: r.one.channels({
      from: [r.accounts.channelId, r.accounts.userId],
      to: [r.channels.id, r.channels.userId],
      optional: false,
    }),
    balances: r.many.balances(),
    /** All that its channel reads, itself as well. */
    channelAccounts: r.many.accounts({
      from: [r.accounts.channelId, r.accounts.userId],
      to: [r.accounts.channelId, r.accounts.userId],
      where: { deletedAt: { isNull: true } },
    }),
    transactions: r.many.transactions({
      from: [r.accounts.id, r.accounts.userId],
      to: [r.transactions.accountId, r.transactions.userId],
    }),
  },
  balances: {
    account: r.one.accounts({
      from: [r.balances.accountId, r.balances.userId],
      to: [r.accounts.id, r.accounts.userId],
      optional: false,
    }),
  },
  transactions: {
    user: r.one.users({ from: r.transactions.userId, to: r.users.id, optional: false }),
    account: r.one.accounts({
      from: [r.transactions.accountId, r.transactions.userId],
      to: [r.accounts.id, r.accounts.userId],
      optional: false,
    }),
    category: r.one.categories({ from: r.transactions.categoryKey, to: r.categories.key, optional: false }),
    settledCard: r.one.accounts({
      from: [r.transactions.settledCardId, r.transactions.userId],
      to: [r.accounts.id, r.accounts.userId],
      where: { deletedAt: { isNull: true } },
    }),
    successor: r.one.transactions({
      from: [r.transactions.supersededBy, r.transactions.userId],
      to: [r.transactions.id, r.transactions.userId],
    }),
  },
  categories: {
    parent: r.one.categories({ from: r.categories.parentKey, to: r.categories.key }),
    children: r.many.categories({ from: r.categories.key, to: r.categories.parentKey }),
  },
  syncs: {
    user: r.one.users({ from: r.syncs.userId, to: r.users.id, optional: false }),
    connection: r.one.connections({
      from: [r.syncs.connectionId, r.syncs.userId],
      to: [r.connections.id, r.connections.userId],
      optional: false,
    }),
    steps: r.many.syncSteps(),
    challenges: r.many.challenges(),
    openChallenge: r.one.challenges({
      from: [r.syncs.id, r.syncs.userId],
      to: [r.challenges.syncId, r.challenges.userId],
      where: { status: 'OPEN' },
    }),
  },
  syncSteps: {
    sync: r.one.syncs({
      from: [r.syncSteps.syncId, r.syncSteps.userId],
      to: [r.syncs.id, r.syncs.userId],
      optional: false,
    }),
    account: r.one.accounts({
      from: [r.syncSteps.accountId, r.syncSteps.userId],
      to: [r.accounts.id, r.accounts.userId],
    }),
  },
  challenges: {
    sync: r.one.syncs({
      from: [r.challenges.syncId, r.challenges.userId],
      to: [r.syncs.id, r.syncs.userId],
      optional: false,
    }),
    channel: r.one.channels({
      from: [r.challenges.channelId, r.challenges.userId],
      to: [r.channels.id, r.channels.userId],
      optional: false,
    }),
  },
  categoryRules: {
    category: r.one.categories({ from: r.categoryRules.categoryKey, to: r.categories.key, optional: false }),
    user: r.one.users({
      from: [r.categoryRules.userId, r.categoryRules.clientId],
      to: [r.users.id, r.users.clientId],
    }),
  },
  queues: {
    user: r.one.users({ from: [r.queues.userId, r.queues.clientId], to: [r.users.id, r.users.clientId] }),
    consumers: r.many.consumers(),
  },
  consumers: {
    queue: r.one.queues({
      from: [r.consumers.queueId, r.consumers.clientId],
      to: [r.queues.id, r.queues.clientId],
      optional: false,
    }),
  },
  webhooks: {
    user: r.one.users({ from: [r.webhooks.userId, r.webhooks.clientId], to: [r.users.id, r.users.clientId] }),
    deliveries: r.many.webhookDeliveries(),
  },
  webhookDeliveries: {
    webhook: r.one.webhooks({
      from: [r.webhookDeliveries.webhookId, r.webhookDeliveries.clientId],
      to: [r.webhooks.id, r.webhooks.clientId],
      optional: false,
    }),
    attemptLog: r.many.webhookAttempts(),
  },
  webhookAttempts: {
    delivery: r.one.webhookDeliveries({
      from: [r.webhookAttempts.deliveryId, r.webhookAttempts.clientId],
      to: [r.webhookDeliveries.id, r.webhookDeliveries.clientId],
      optional: false,
    }),
  },
}));
