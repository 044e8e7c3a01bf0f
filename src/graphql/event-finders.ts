// oxlint-disable-next-line no-restricted-imports -- only the type by which the plugin marks its queries
import type { SQL } from 'drizzle-orm';
import type {
  AccountId,
  CategoryRuleId,
  ChallengeId,
  ConnectionId,
  ConsentId,
  QueueId,
  SyncId,
  TransactionId,
  UserId,
  WebhookId,
} from '../kernel/id.ts';
import { eventObject } from './event-objects.ts';

/** The columns by which a row is matched with the event that speaks of it, besides those that the document asks for. */
export const columnsOfUser = { id: true, userId: true } as const;

interface Asked<Table, Columns> {
  readonly columns: Columns;
  readonly extras: { readonly $pothosQueryFor: SQL<Table | undefined> };
}
type AskedOfUser<Table> = Asked<Table, typeof columnsOfUser>;

export const loadUser = eventObject(
  (db, query: Asked<'users', { readonly id: true }>, ids: UserId[], { clientId }) =>
    db.query.users.findMany({ ...query, where: { id: { in: ids }, clientId } }),
  (row) => row.id,
);
export const loadConnection = eventObject(
  (db, query: AskedOfUser<'connections'>, ids: ConnectionId[], { clientId, userIds }) =>
    db.query.connections.findMany({ ...query, where: { id: { in: ids }, clientId, userId: { in: userIds } } }),
  (row) => row.userId,
);
export const loadConsent = eventObject(
  (db, query: AskedOfUser<'consents'>, ids: ConsentId[], { clientId, userIds }) =>
    db.query.consents.findMany({ ...query, where: { id: { in: ids }, clientId, userId: { in: userIds } } }),
  (row) => row.userId,
);
export const loadSync = eventObject(
  (db, query: AskedOfUser<'syncs'>, ids: SyncId[], { clientId, userIds }) =>
    db.query.syncs.findMany({ ...query, where: { id: { in: ids }, clientId, userId: { in: userIds } } }),
  (row) => row.userId,
);
export const loadChallenge = eventObject(
  (db, query: AskedOfUser<'challenges'>, ids: ChallengeId[], { clientId, userIds }) =>
    db.query.challenges.findMany({ ...query, where: { id: { in: ids }, clientId, userId: { in: userIds } } }),
  (row) => row.userId,
);
/** Deleted accounts are not there. */
export const loadAccount = eventObject(
  (db, query: AskedOfUser<'accounts'>, ids: AccountId[], { clientId, userIds }) =>
    db.query.accounts.findMany({
      ...query,
      where: { id: { in: ids }, clientId, userId: { in: userIds }, deletedAt: { isNull: true } },
    }),
  (row) => row.userId,
);
export const loadTransaction = eventObject(
  (db, query: AskedOfUser<'transactions'>, ids: TransactionId[], { clientId, userIds }) =>
    db.query.transactions.findMany({ ...query, where: { id: { in: ids }, clientId, userId: { in: userIds } } }),
  (row) => row.userId,
);

/** What was set up for these users, or by the client for itself; which of both, the row's own user tells. */
function setUpFor(userIds: UserId[]) {
  const ofClient = { userId: { isNull: true as const } };
  return userIds.length > 0 ? { OR: [{ userId: { in: userIds } }, ofClient] } : ofClient;
}

export const loadCategoryRule = eventObject(
  (db, query: AskedOfUser<'categoryRules'>, ids: CategoryRuleId[], { clientId, userIds }) =>
    db.query.categoryRules.findMany({ ...query, where: { id: { in: ids }, clientId, ...setUpFor(userIds) } }),
  (row) => row.userId,
);
export const loadQueue = eventObject(
  (db, query: AskedOfUser<'queues'>, ids: QueueId[], { clientId, userIds }) =>
    db.query.queues.findMany({ ...query, where: { id: { in: ids }, clientId, ...setUpFor(userIds) } }),
  (row) => row.userId,
);
export const loadWebhook = eventObject(
  (db, query: AskedOfUser<'webhooks'>, ids: WebhookId[], { clientId, userIds }) =>
    db.query.webhooks.findMany({ ...query, where: { id: { in: ids }, clientId, ...setUpFor(userIds) } }),
  (row) => row.userId,
);
