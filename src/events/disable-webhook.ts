import type { Scope } from '../domain/viewer.ts';
import { keepsFailing, type EndpointHealth } from '../domain/webhook.ts';
import type { WebhookId } from '../kernel/id.ts';
import type { Database } from '../store/database.ts';
import { inSetUpTransaction } from '../store/log.ts';
import { findWebhook, updateWebhook } from '../store/webhooks.ts';

/**
 * Disables an endpoint that has failed for too long, or has said that it is gone, and tells so by an event of the same
 * transaction. Its place stays: when it is enabled again it goes on where it stopped. Several workers may come at
 * once; the first one does it.
 */
export async function disableFailing(
  database: Database,
  scope: Scope,
  id: WebhookId,
  { health, isGone, now }: { readonly health: EndpointHealth; readonly isGone: boolean; readonly now: Date },
): Promise<void> {
  if (!isGone && !keepsFailing(health, now)) return;
  await inSetUpTransaction(database, scope, async ({ tx, append }) => {
    const webhook = await findWebhook(scope, tx, id);
    if (webhook?.status !== 'ENABLED') return;
    const reason = isGone ? 'GONE' : 'KEEPS_FAILING';
    const disabled = { status: 'DISABLED', disabledReason: reason, disabledAt: now, updatedAt: now } as const;
    await updateWebhook(scope, tx, id, disabled);
    await append(now, { type: 'webhook.disabled', facts: { webhookId: id, reason } });
  });
}
