import { notFound } from '../domain/failure.ts';
import { scopeOfOwner, type Scope } from '../domain/viewer.ts';
import type { EventId, WebhookId } from '../kernel/id.ts';
import { inSetUpTransaction } from '../store/log.ts';
import { insertDeliveries, selectReplay } from '../store/webhook-replays.ts';
import { findWebhook } from '../store/webhooks.ts';
import type { ActionContext } from './context.ts';

/**
 * Sends an endpoint one event of type webhook.tested, whatever it has subscribed to and even while it is disabled. It
 * is a real event: it stands in the log, is signed, and its delivery is in the log of deliveries. This endpoint gets it
 * by that delivery alone, which is tried once; others get it as their filter says.
 * Fails with NOT_FOUND. Appends webhook.tested and gives its id.
 */
export async function testWebhook(
  { database, clock }: Pick<ActionContext, 'database' | 'clock'>,
  scope: Scope,
  id: WebhookId,
): Promise<EventId> {
  const found = await findWebhook(scope, database.db, id);
  if (!found) throw notFound('webhook');
  const owner = scopeOfOwner(found);
  return inSetUpTransaction(database, owner, async ({ tx, append }) => {
    const webhook = await findWebhook(owner, tx, id);
    if (!webhook) throw notFound('webhook');
    const now = clock.now();
    const [eventId] = await append(now, { type: 'webhook.tested', facts: { webhookId: id } });
    if (!eventId) throw new Error('The event was not appended.');
    const selection = { eventIds: [eventId], types: [], isFailedOnly: false, limit: 1 };
    await insertDeliveries(tx, webhook, 'TEST', await selectReplay(owner, tx, webhook, selection), now);
    return eventId;
  });
}
