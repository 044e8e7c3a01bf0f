import { and, eq, inArray, lt, sql } from 'drizzle-orm';
import type { LogEntry } from '../domain/event.ts';
import type { Scope, UserScope } from '../domain/viewer.ts';
import type { DeliveryKind } from '../domain/webhook.ts';
import { newId, type ClientId, type DeliveryId, type EventId, type UserId } from '../kernel/id.ts';
import type { Database, Tx } from './database.ts';
import { placeOf } from './log-place.ts';
import { webhookDeliveries, webhooks } from './schema/webhooks.ts';
import { inScope, type Executor } from './scope.ts';
import { movePlace } from './webhook-losses.ts';
import { placeOfWebhook, type WebhookRow } from './webhooks.ts';

/** A delivery that this round may send. */
export interface ClaimedDelivery {
  readonly id: DeliveryId;
  readonly eventId: EventId;
  readonly streamId: UserId | ClientId;
  readonly kind: DeliveryKind;
  /** Attempts made before. */
  readonly attempts: number;
}

interface ClaimOptions {
  readonly now: Date;
  /** Names this round; only it can say how its deliveries ended. */
  readonly token: string;
  readonly leasedUntil: Date;
  /** How many deliveries may be under way at once, counted over all workers. */
  readonly inFlightMax: number;
  /** What follows the webhook's place, and how far that reaches: already without what its filter does not want. */
  readonly handOut: { readonly after: string; readonly upTo: string; readonly events: readonly LogEntry[] } | null;
}

/**
 * What a round got: its deliveries; BUSY when the webhook is another's for now, or gone; EVENTS_LOST when events behind
 * its place are no longer kept and its receiver must be told first.
 */
type Claim = readonly ClaimedDelivery[] | 'BUSY' | 'EVENTS_LOST';

/** Undoes a hand-out behind which events are missing. */
class EventsLost extends Error {}

/**
 * Hands the webhook its next events and takes what is due for this round, in one short transaction that holds the row
 * of the webhook: another worker skips it meanwhile. A worker that dies afterwards loses nothing: what it took is free
 * again when the lease has run out.
 */
export async function claimDeliveries(
  scope: Scope,
  database: Database,
  id: WebhookRow['id'],
  options: ClaimOptions,
): Promise<Claim> {
  try {
    return await claimInTransaction(scope, database, id, options);
  } catch (error) {
    if (error instanceof EventsLost) return 'EVENTS_LOST';
    throw error;
  }
}

async function claimInTransaction(
  scope: Scope,
  database: Database,
  id: WebhookRow['id'],
  options: ClaimOptions,
): Promise<Claim> {
  return database.db.transaction(async (tx) => {
    const [webhook] = await tx
      .select()
      .from(webhooks)
      .where(and(eq(webhooks.id, id), inScope(webhooks, scope)))
      .for('update', { skipLocked: true });
    if (!webhook) return 'BUSY';
    const { now, inFlightMax } = options;
    const isServed =
      webhook.status === 'ENABLED' && (webhook.circuitOpenUntil === null || webhook.circuitOpenUntil <= now);
    const isProbe = webhook.circuitOpenUntil !== null;
    const { leased, waiting } = await countDue(tx, webhook, now);
    const room = (isProbe ? 1 : inFlightMax) - leased;
    const handed = isServed && room > waiting ? await handOut(tx, webhook, options, room - waiting) : [];
    if (waiting === 0 && !webhook.isOrdered) return handed;
    const due = await takeDue(tx, webhook, {
      ...options,
      kinds: isServed ? null : ['TEST'],
      limit: (isServed ? room : inFlightMax) - handed.length,
    });
    return [...due, ...handed];
  });
}

async function countDue(tx: Tx, webhook: WebhookRow, now: Date): Promise<{ leased: number; waiting: number }> {
  const isLeased = sql`${webhookDeliveries.leasedUntil} > ${now.toISOString()}::timestamptz`;
  const [row] = await tx
    .select({
      leased: sql<number>`count(*) filter (where ${isLeased})::int`,
      waiting: sql<number>`count(*) filter (where not coalesce(${isLeased}, false))::int`,
    })
    .from(webhookDeliveries)
    .where(
      and(
        eq(webhookDeliveries.webhookId, webhook.id),
        eq(webhookDeliveries.status, 'PENDING'),
        sql`${webhookDeliveries.nextAttemptAt} <= ${now.toISOString()}::timestamptz`,
      ),
    );
  return row ?? { leased: 0, waiting: 0 };
}

/**
 * Gives the next events a delivery each and moves the webhook's place past them: both or neither. An event that was
 * erased with its user meanwhile gets none; one that was lost to its age undoes all, and is told of first. They are taken by this round at once, but for those of an ordered endpoint,
 * which may have to wait for earlier ones.
 */
async function handOut(tx: Tx, webhook: WebhookRow, options: ClaimOptions, limit: number): Promise<ClaimedDelivery[]> {
  const page = options.handOut;
  if (!page || page.after !== placeOfWebhook(webhook)) return [];
  const taken = page.events.slice(0, limit);
  const last = taken.at(-1);
  const reached = taken.length < page.events.length && last ? last.cursor : page.upTo;
  const handed = taken.length === 0 ? [] : await insertHandedOut(tx, webhook, options, taken);
  if (!(await movePlace(tx, webhook, placeOf(reached)))) throw new EventsLost();
  if (!webhook.isOrdered || handed.length === 0) return handed;
  await holdBehindEarlier(tx, webhook);
  return [];
}

// The limit makes PostgreSQL look each event up by its id; by the client it would read all that this client has.
async function insertHandedOut(
  tx: Tx,
  webhook: WebhookRow,
  { now, token, leasedUntil }: ClaimOptions,
  events: readonly LogEntry[],
): Promise<ClaimedDelivery[]> {
  const rows = events.map((event) => {
    const { xid, position } = placeOf(event.cursor);
    return {
      id: newId('delivery', now),
      event_id: event.id,
      stream_id: event.userId ?? event.clientId,
      xid: String(xid),
      position: String(position),
    };
  });
  const lease = webhook.isOrdered ? [null, null] : [token, leasedUntil.toISOString()];
  const at = sql`${now.toISOString()}::timestamptz`;
  const inserted = await tx.execute<{ id: DeliveryId }>(sql`
    insert into webhook_deliveries (id, webhook_id, client_id, user_id, event_id, stream_id, xid, position, kind, status,
                                    next_attempt_at, lease_token, leased_until, created_at)
    select given.id, ${webhook.id}, ${webhook.clientId}, ${webhook.userId}::text, given.event_id, given.stream_id,
           given.xid::xid8, given.position, 'LIVE', 'PENDING', ${at}, ${lease[0]}::text, ${lease[1]}::timestamptz, ${at}
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
           as given (id text, event_id text collate "C", stream_id text, xid text, position bigint)
    cross join lateral (
      select client_id from events where events.id = given.event_id and events.xid = given.xid::xid8 limit 1
    ) as event
    where event.client_id = ${webhook.clientId}
    on conflict do nothing
    returning id`);
  const ids = new Set(inserted.map(({ id }) => id));
  return rows
    .filter(({ id }) => ids.has(id))
    .map(({ id, event_id, stream_id }) => ({ id, eventId: event_id, streamId: stream_id, kind: 'LIVE', attempts: 0 }));
}

/** What stands behind a failed delivery of the same stream becomes due no earlier than that one. */
async function holdBehindEarlier(tx: Tx, webhook: WebhookRow): Promise<void> {
  await tx.execute(sql`
    update webhook_deliveries as later
    set next_attempt_at = held.until
    from (
      select stream_id, max(next_attempt_at) as until
      from webhook_deliveries
      where webhook_id = ${webhook.id} and status = 'PENDING' and kind = 'LIVE'
      group by stream_id
    ) as held
    where later.webhook_id = ${webhook.id} and later.status = 'PENDING' and later.kind = 'LIVE'
      and later.attempts = 0 and later.leased_until is null
      and later.stream_id = held.stream_id and later.next_attempt_at < held.until`);
}

async function takeDue(
  tx: Tx,
  webhook: WebhookRow,
  options: ClaimOptions & { readonly kinds: readonly DeliveryKind[] | null; readonly limit: number },
): Promise<ClaimedDelivery[]> {
  if (options.limit <= 0) return [];
  const now = options.now.toISOString();
  const ofKind = options.kinds ? sql`and due.kind in ${[...options.kinds]}` : sql``;
  // In order, a stream of which something is under way waits until that has ended.
  const inOrder = webhook.isOrdered
    ? sql`and not exists (
        select from webhook_deliveries as ahead
        where ahead.webhook_id = due.webhook_id and ahead.status = 'PENDING' and ahead.stream_id = due.stream_id
          and ahead.kind = due.kind and ahead.leased_until > ${now}::timestamptz)`
    : sql``;
  const rows = await tx.execute<{
    id: DeliveryId;
    event_id: EventId;
    stream_id: UserId | ClientId;
    kind: DeliveryKind;
    attempts: number;
  }>(sql`
    with taken as (
      select due.id from webhook_deliveries as due
      where due.webhook_id = ${webhook.id} and due.status = 'PENDING' and due.next_attempt_at <= ${now}::timestamptz
        and (due.leased_until is null or due.leased_until <= ${now}::timestamptz) ${ofKind} ${inOrder}
      order by due.next_attempt_at, due.xid, due.position
      limit ${options.limit}
    ), leased as (
      update webhook_deliveries as delivery
      set lease_token = ${options.token}, leased_until = ${options.leasedUntil.toISOString()}::timestamptz
      from taken where delivery.id = taken.id
      returning delivery.*
    )
    select id, event_id, stream_id, kind, attempts from leased order by xid, position`);
  return rows.map((row) => ({
    id: row.id,
    eventId: row.event_id,
    streamId: row.stream_id,
    kind: row.kind,
    attempts: row.attempts,
  }));
}

/** Forgets deliveries that ended before this time, with their attempts; at most `limit`. Gives how many. */
export async function pruneDeliveries(db: Executor, finishedBefore: Date, limit: number): Promise<number> {
  const pruned = await db
    .delete(webhookDeliveries)
    .where(
      sql`${webhookDeliveries.id} in (
        select ${webhookDeliveries.id} from ${webhookDeliveries}
        where ${lt(webhookDeliveries.finishedAt, finishedBefore)} limit ${limit})`,
    )
    .returning({ id: webhookDeliveries.id });
  return pruned.length;
}

/**
 * Deletes the deliveries of this user's events, to whichever endpoint of the client. The endpoints are locked first and
 * in order, as the rounds of workers do: no two of them wait for each other.
 */
export async function deleteDeliveriesOf(scope: UserScope, tx: Tx): Promise<void> {
  const endpoints = await tx
    .select({ id: webhooks.id })
    .from(webhooks)
    .where(eq(webhooks.clientId, scope.clientId))
    .orderBy(webhooks.id)
    .for('update');
  if (endpoints.length === 0) return;
  const ids = endpoints.map(({ id }) => id);
  await tx
    .delete(webhookDeliveries)
    .where(
      and(
        eq(webhookDeliveries.clientId, scope.clientId),
        inArray(webhookDeliveries.webhookId, ids),
        eq(webhookDeliveries.streamId, scope.userId),
      ),
    );
}
