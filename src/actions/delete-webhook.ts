import { notFound } from '../domain/failure.ts';
import { scopeOfOwner, type Scope } from '../domain/viewer.ts';
import type { WebhookId } from '../kernel/id.ts';
import { inSetUpTransaction } from '../store/log.ts';
import { deleteWebhookRow, findWebhook } from '../store/webhooks.ts';
import { audit } from './audit.ts';
import type { ActionContext } from './context.ts';

/**
 * Deletes an endpoint with its secrets and its log of deliveries. A request that is on its way now may still arrive.
 * Fails with NOT_FOUND. Appends webhook.deleted.
 */
export async function deleteWebhook(
  context: Pick<ActionContext, 'database' | 'clock' | 'actor'>,
  scope: Scope,
  id: WebhookId,
): Promise<void> {
  const { database, clock } = context;
  const found = await findWebhook(scope, database.db, id);
  if (!found) throw notFound('webhook');
  const owner = scopeOfOwner(found);
  await inSetUpTransaction(database, owner, async ({ tx, append }) => {
    if (!(await deleteWebhookRow(owner, tx, id))) throw notFound('webhook');
    await append(clock.now(), { type: 'webhook.deleted', facts: { webhookId: id } });
    await audit(context, { tx, scope: owner }, 'webhook.delete', { webhookId: id });
  });
}
