import type { Scope } from '../domain/viewer.ts';
import type { WebhookId } from '../kernel/id.ts';
import type { Database } from '../store/database.ts';
import { inSetUpTransaction } from '../store/log.ts';
import { takeLoss } from '../store/webhook-losses.ts';
import { insertDeliveries } from '../store/webhook-replays.ts';

/**
 * Tells that an endpoint has lost events to their age, by an event of its owner's stream that the endpoint itself gets,
 * whatever its filter wants. What was told, the event and its delivery are one transaction: it is told once, by whichever
 * worker comes first, and the endpoint goes on behind it.
 */
export async function tellOfLoss(database: Database, scope: Scope, id: WebhookId, now: Date): Promise<void> {
  await inSetUpTransaction(database, scope, async ({ tx, append }) => {
    const loss = await takeLoss(scope, tx, id);
    if (!loss) return;
    const { webhook, after, upTo } = loss;
    const facts = { webhookId: id, lostAfter: after, lostUpTo: upTo };
    const [eventId] = await append(now, { type: 'webhook.events_lost', facts });
    if (!eventId) throw new Error('The event was not appended.');
    // Where the order counts it stands in front of what is kept, though it is the latest of its stream.
    const place = { xid: webhook.afterXid, position: webhook.afterPosition };
    const streamId = webhook.userId ?? webhook.clientId;
    await insertDeliveries(tx, webhook, 'LIVE', [{ id: eventId, streamId, ...place }], now);
  });
}
