import { and, asc, eq, inArray, sql, type SQL } from 'drizzle-orm';
import type { EventType } from '../domain/event.ts';
import type { Scope } from '../domain/viewer.ts';
import type { DeliveryKind } from '../domain/webhook.ts';
import { newId, type EventId } from '../kernel/id.ts';
import { isAfter, isUpTo } from './log-compare.ts';
import { events } from './schema/events.ts';
import { webhookDeliveries } from './schema/webhooks.ts';
import type { Executor } from './scope.ts';
import { isNoTestOf } from './webhook-tests.ts';
import type { WebhookRow } from './webhooks.ts';

/** An event that is to be sent again. */
export interface ReplayedEvent {
  readonly id: EventId;
  readonly streamId: (typeof events.$inferSelect)['userId'];
  readonly xid: string;
  readonly position: bigint;
}

/** Which events to send again; every condition that is given must hold. */
export interface ReplaySelection {
  readonly eventIds?: readonly EventId[];
  /** After this cursor. */
  readonly after?: string;
  /** Up to this cursor. */
  readonly upTo?: string;
  readonly types: readonly EventType[];
  /** Only those whose delivery to this endpoint has failed for good, and that no replay has brought since. */
  readonly isFailedOnly: boolean;
  readonly limit: number;
}

/**
 * The events of the webhook's scope that are selected, in the order of the log. Its own tests are selected by their ids
 * alone: nobody who asks for what happened, or for what has failed, means them.
 */
export async function selectReplay(
  scope: Scope,
  db: Executor,
  webhook: Pick<WebhookRow, 'id'>,
  selection: ReplaySelection,
): Promise<ReplayedEvent[]> {
  const { eventIds, types, isFailedOnly, after, upTo } = selection;
  return db
    .select({ id: events.id, streamId: events.userId, xid: events.xid, position: events.position })
    .from(events)
    .where(
      and(
        eq(events.clientId, scope.clientId),
        scope.userId ? eq(events.userId, scope.userId) : undefined,
        eventIds ? inArray(events.id, [...eventIds]) : isNoTestOf(webhook.id),
        types.length > 0 ? inArray(events.type, [...types]) : undefined,
        after === undefined ? undefined : isAfter(after),
        upTo === undefined ? undefined : isUpTo(upTo),
        isFailedOnly ? hasFailed(webhook) : undefined,
      ),
    )
    .orderBy(asc(events.xid), asc(events.position))
    .limit(selection.limit);
}

function hasFailed({ id }: Pick<WebhookRow, 'id'>): SQL {
  const of = sql`select from ${webhookDeliveries} where ${webhookDeliveries.webhookId} = ${id} and ${webhookDeliveries.eventId} = ${events.id}`;
  return sql`exists (${of} and ${webhookDeliveries.status} = 'FAILED')
    and not exists (${of} and ${webhookDeliveries.status} <> 'FAILED')`;
}

/** Gives each of these events one more delivery to the webhook, due now. */
export async function insertDeliveries(
  db: Executor,
  webhook: Pick<WebhookRow, 'id' | 'clientId' | 'userId'>,
  kind: DeliveryKind,
  replayed: readonly ReplayedEvent[],
  now: Date,
): Promise<void> {
  if (replayed.length === 0) return;
  const rows = replayed.map(({ id, ...place }) => ({
    id: newId('delivery', now),
    webhookId: webhook.id,
    clientId: webhook.clientId,
    userId: webhook.userId,
    eventId: id,
    ...place,
    kind,
    status: 'PENDING' as const,
    nextAttemptAt: now,
    createdAt: now,
  }));
  await db.insert(webhookDeliveries).values(rows);
}
