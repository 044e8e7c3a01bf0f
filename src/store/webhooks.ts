import { and, eq, inArray, isNull, lte, or, sql, type SQL } from 'drizzle-orm';
import { scopeOfOwner, type Scope } from '../domain/viewer.ts';
import type { ClientId, WebhookId } from '../kernel/id.ts';
import type { Database, Tx } from './database.ts';
import { cursorAt, placeOf } from './log-place.ts';
import { clients } from './schema/clients.ts';
import { events } from './schema/events.ts';
import { webhookDeliveries, webhooks } from './schema/webhooks.ts';
import { inScope, type Executor } from './scope.ts';

export type WebhookRow = typeof webhooks.$inferSelect;
type WebhookChange = Partial<Omit<WebhookRow, 'id' | 'userId' | 'clientId' | 'createdAt'>>;

/** Where a webhook's secret, or its client certificate, belongs, for the vault. */
export function webhookSealContext(id: WebhookId, what: 'secret' | 'client_certificate'): string {
  return `webhooks.sealed_${what}:${id}`;
}

/** The webhook, or undefined when it does not exist in this scope. */
export async function findWebhook(scope: Scope, db: Executor, id: WebhookId): Promise<WebhookRow | undefined> {
  const [row] = await db
    .select()
    .from(webhooks)
    .where(and(eq(webhooks.id, id), inScope(webhooks, scope)));
  return row;
}

/** The same, and nobody else changes it until the transaction ends. */
export async function lockWebhook(scope: Scope, tx: Tx, id: WebhookId): Promise<WebhookRow | undefined> {
  const [row] = await tx
    .select()
    .from(webhooks)
    .where(and(eq(webhooks.id, id), inScope(webhooks, scope)))
    .for('update');
  return row;
}

type NewWebhook = Omit<typeof webhooks.$inferInsert, 'userId' | 'clientId' | 'afterXid' | 'afterPosition'>;

/** Adds a webhook that begins after this cursor. */
export async function insertWebhook(scope: Scope, db: Executor, webhook: NewWebhook, after: string): Promise<void> {
  const place = placeOf(after);
  const at = { afterXid: String(place.xid), afterPosition: place.position };
  await db.insert(webhooks).values({ ...webhook, ...at, clientId: scope.clientId, userId: scope.userId ?? null });
}

/** Changes the webhook; false when it is not there. */
export async function updateWebhook(
  scope: Scope,
  db: Executor,
  id: WebhookId,
  change: WebhookChange,
): Promise<boolean> {
  const changed = await db
    .update(webhooks)
    .set(change)
    .where(and(eq(webhooks.id, id), inScope(webhooks, scope)))
    .returning({ id: webhooks.id });
  return changed.length > 0;
}

/** Deletes the webhook with its deliveries; false when it was not there. */
export async function deleteWebhookRow(scope: Scope, db: Executor, id: WebhookId): Promise<boolean> {
  const deleted = await db
    .delete(webhooks)
    .where(and(eq(webhooks.id, id), inScope(webhooks, scope)))
    .returning({ id: webhooks.id });
  return deleted.length > 0;
}

/** How many webhooks this owner has (one user, or the client for itself), and how many it may have. */
export async function countWebhooks(scope: Scope, db: Executor): Promise<{ count: number; max: number }> {
  const owned = scope.userId ? eq(webhooks.userId, scope.userId) : isNull(webhooks.userId);
  const [row] = await db
    .select({
      max: clients.webhooksMax,
      count: sql<number>`(select count(*)::int from ${webhooks} where ${and(eq(webhooks.clientId, scope.clientId), owned)})`,
    })
    .from(clients)
    .where(eq(clients.id, scope.clientId));
  return row ?? { count: 0, max: 0 };
}

/** A webhook that has something to send. */
export interface DueWebhook {
  readonly id: WebhookId;
  readonly scope: Scope;
  /** Its last attempt failed. */
  readonly isFailing: boolean;
}

/** The condition that a webhook is sent what happens: it is enabled, and its circuit closed or due for a probe. */
function isServed(now: Date): SQL | undefined {
  return and(
    eq(webhooks.status, 'ENABLED'),
    or(isNull(webhooks.circuitOpenUntil), lte(webhooks.circuitOpenUntil, now)),
  );
}

/**
 * The webhooks that have something to send now: a delivery that is due, or events after their place, wanted or not. Of
 * these clients, or of all.
 */
export async function findDueWebhooks(
  database: Database,
  now: Date,
  options: { readonly clientIds?: readonly ClientId[]; readonly limit: number },
): Promise<DueWebhook[]> {
  const isDue = sql`exists (
    select from ${webhookDeliveries}
    where ${webhookDeliveries.webhookId} = ${webhooks.id}
      and ${webhookDeliveries.status} = 'PENDING'
      and ${lte(webhookDeliveries.nextAttemptAt, now)}
      and (${webhookDeliveries.leasedUntil} is null or ${lte(webhookDeliveries.leasedUntil, now)})
      and (${webhookDeliveries.kind} = 'TEST' or ${isServed(now)}))`;
  const isBehind = sql`exists (
    select from ${events}
    where ${events.clientId} = ${webhooks.clientId}
      and (${webhooks.userId} is null or ${events.userId} = ${webhooks.userId})
      and ${events.xid} >= ${webhooks.afterXid}
      and (${events.xid}, ${events.position}) > (${webhooks.afterXid}, ${webhooks.afterPosition}))`;
  const rows = await database.db
    .select({
      id: webhooks.id,
      clientId: webhooks.clientId,
      userId: webhooks.userId,
      consecutiveFailures: webhooks.consecutiveFailures,
    })
    .from(webhooks)
    .where(
      and(
        options.clientIds ? inArray(webhooks.clientId, [...options.clientIds]) : undefined,
        or(isDue, and(isServed(now), isBehind)),
      ),
    )
    .limit(options.limit);
  return rows.map(({ consecutiveFailures, ...row }) => ({
    id: row.id,
    scope: scopeOfOwner(row),
    isFailing: consecutiveFailures > 0,
  }));
}

/** The cursor of the place up to which a webhook has been handed its events. */
export function placeOfWebhook({ afterXid, afterPosition }: WebhookRow): string {
  return cursorAt({ xid: BigInt(afterXid), position: afterPosition });
}
