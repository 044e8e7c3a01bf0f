import { notFound } from '../domain/failure.ts';
import { scopeOfOwner, type Scope } from '../domain/viewer.ts';
import { rotationOverlapMilliseconds } from '../domain/webhook.ts';
import type { WebhookId } from '../kernel/id.ts';
import { inSetUpTransaction } from '../store/log.ts';
import { findWebhook, updateWebhook, webhookSealContext } from '../store/webhooks.ts';
import { audit } from './audit.ts';
import type { ActionContext } from './context.ts';
import { newWebhookKeys } from './webhook-secret.ts';

/**
 * Gives an endpoint a new secret and a new signing key. Those before sign beside them for a day, so that the receiver
 * changes over without losing an event; a second rotation within the day ends the oldest. Fails with NOT_FOUND. Appends
 * webhook.secret_rotated.
 */
export async function rotateWebhookSecret(
  context: ActionContext,
  scope: Scope,
  id: WebhookId,
): Promise<{ readonly secret: string }> {
  const { database, clock, vault } = context;
  const found = await findWebhook(scope, database.db, id);
  if (!found) throw notFound('webhook');
  const owner = scopeOfOwner(found);
  const { publicKey, ...keys } = newWebhookKeys();
  const now = clock.now();
  await inSetUpTransaction(database, owner, async ({ tx, append }) => {
    const webhook = await findWebhook(owner, tx, id);
    if (!webhook) throw notFound('webhook');
    await updateWebhook(owner, tx, id, {
      sealedSecret: vault.sealForHouse(webhookSealContext(id, 'secret'), keys),
      publicKey,
      sealedPreviousSecret: webhook.sealedSecret,
      previousPublicKey: webhook.publicKey,
      previousSecretExpiresAt: new Date(now.getTime() + rotationOverlapMilliseconds),
      updatedAt: now,
    });
    await append(now, { type: 'webhook.secret_rotated', facts: { webhookId: id } });
    await audit(context, { tx, scope: owner }, 'webhook.rotate_secret', { webhookId: id });
  });
  return { secret: keys.secret };
}
