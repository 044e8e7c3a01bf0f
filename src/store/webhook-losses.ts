import { and, eq, sql, type SQL } from 'drizzle-orm';
import type { Scope } from '../domain/viewer.ts';
import type { WebhookId } from '../kernel/id.ts';
import type { Tx } from './database.ts';
import { cursorAt, type Place } from './log-place.ts';
import { eventStreams } from './schema/events.ts';
import { webhooks } from './schema/webhooks.ts';
import { lockWebhook, placeOfWebhook, type WebhookRow } from './webhooks.ts';

/** Events that an endpoint was never handed, because the log no longer keeps them. */
export interface WebhookLoss {
  readonly webhook: WebhookRow;
  /** The cursor behind which it has lost some, and that of the last one lost. */
  readonly after: string;
  readonly upTo: string;
}

/** The streams of this owner in which events behind the endpoint's place were lost of which its receiver was not told. */
function untoldIn({ clientId, userId }: Pick<WebhookRow, 'clientId' | 'userId'>): SQL {
  const ofUser = userId ? sql`and ${eventStreams.userId} = ${userId}` : sql``;
  return sql`from ${eventStreams}
    where ${eventStreams.clientId} = ${clientId} ${ofUser}
      and (${eventStreams.prunedXid}, ${eventStreams.prunedPosition}) > (${webhooks.afterXid}, ${webhooks.afterPosition})
      and (${eventStreams.prunedXid}, ${eventStreams.prunedPosition}) > (${webhooks.toldXid}, ${webhooks.toldPosition})`;
}

/**
 * Moves the endpoint's place, unless events behind it are lost of which its receiver was not told: false then. To be
 * called when the events up to the new place have been read and handed out: a loss that they missed is seen here.
 */
export async function movePlace(tx: Tx, webhook: WebhookRow, to: Place): Promise<boolean> {
  const moved = await tx
    .update(webhooks)
    .set({ afterXid: String(to.xid), afterPosition: to.position })
    .where(and(eq(webhooks.id, webhook.id), sql`not exists (select ${untoldIn(webhook)})`))
    .returning({ id: webhooks.id });
  return moved.length > 0;
}

/**
 * What the endpoint has lost and was not told of, marked as told; null when there is nothing, so that of several
 * workers one tells it. It holds the row of the endpoint until the transaction ends.
 */
export async function takeLoss(scope: Scope, tx: Tx, id: WebhookId): Promise<WebhookLoss | null> {
  const webhook = await lockWebhook(scope, tx, id);
  if (!webhook) return null;
  const [last] = await tx.execute<{ xid: string; position: string }>(sql`
    select lost.xid, lost.position
    from ${webhooks}
    cross join lateral (
      select ${eventStreams.prunedXid}::text as xid, ${eventStreams.prunedPosition}::text as position ${untoldIn(webhook)}
      order by ${eventStreams.prunedXid} desc, ${eventStreams.prunedPosition} desc limit 1
    ) as lost
    where ${webhooks.id} = ${id}`);
  if (!last) return null;
  const upTo = { xid: BigInt(last.xid), position: BigInt(last.position) };
  await tx.update(webhooks).set({ toldXid: last.xid, toldPosition: upTo.position }).where(eq(webhooks.id, id));
  return { webhook, after: placeOfWebhook(webhook), upTo: cursorAt(upTo) };
}
