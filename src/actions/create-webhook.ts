import type { EventType } from '../domain/event.ts';
import { Failure, invalidInput } from '../domain/failure.ts';
import type { Scope } from '../domain/viewer.ts';
import { newId, type WebhookId } from '../kernel/id.ts';
import { headOfLog } from '../store/log-reader.ts';
import { inSetUpTransaction } from '../store/log.ts';
import { assertKept } from '../store/prune-log.ts';
import { countWebhooks, insertWebhook, webhookSealContext } from '../store/webhooks.ts';
import { audit } from './audit.ts';
import type { ActionContext } from './context.ts';
import { ofField } from './of-field.ts';
import { certificateEnd, webhookIssues, type ClientCertificateInput } from './webhook-input.ts';
import { newWebhookKeys } from './webhook-secret.ts';

interface NewWebhookInput {
  readonly url: string;
  readonly description?: string | null;
  /** Empty for every type. */
  readonly types: readonly EventType[];
  readonly isOrdered: boolean;
  readonly clientCertificate?: ClientCertificateInput | null;
  /** Begins after this cursor of the log, of whatever transport; null begins now. */
  readonly after: string | null;
}

export interface CreatedWebhook {
  readonly id: WebhookId;
  /** Shown this once: it is kept sealed. */
  readonly secret: string;
}

/**
 * Adds an endpoint to which the events of one user, or of all users of the client and its own, are pushed. Failures:
 * VALIDATION_FAILED with every issue, CURSOR_INVALID, CURSOR_EXPIRED, CONFLICT when there are too many. Appends
 * webhook.created, which the endpoint itself gets as well where its filter wants it.
 */
export async function createWebhook(
  context: ActionContext,
  scope: Scope,
  input: NewWebhookInput,
): Promise<CreatedWebhook> {
  const { database, clock, vault } = context;
  const now = clock.now();
  const issues = webhookIssues(input, context.isLoopbackAllowed ?? false, now);
  if (issues.length > 0) throw invalidInput(issues);
  const { after } = input;
  if (after !== null) await ofField('after', () => assertKept(database, scope, after));
  const id = newId('webhook', now);
  const { publicKey, ...keys } = newWebhookKeys();
  const certificate = input.clientCertificate ?? null;
  const webhook = {
    id,
    url: new URL(input.url).href,
    description: input.description?.trim() || null,
    types: [...new Set(input.types)],
    isOrdered: input.isOrdered,
    status: 'ENABLED' as const,
    sealedSecret: vault.sealForHouse(webhookSealContext(id, 'secret'), keys),
    publicKey,
    sealedClientCertificate:
      certificate && vault.sealForHouse(webhookSealContext(id, 'client_certificate'), certificate),
    clientCertificateExpiresAt: certificate && certificateEnd(certificate),
    createdAt: now,
    updatedAt: now,
  };
  const head = input.after ?? (await headOfLog(database, scope));
  await inSetUpTransaction(database, scope, async ({ tx, append }) => {
    const { count, max } = await countWebhooks(scope, tx);
    if (count >= max) throw new Failure('CONFLICT', { message: `At most ${max} webhooks: delete one first.` });
    await insertWebhook(scope, tx, webhook, head);
    await append(now, { type: 'webhook.created', facts: { webhookId: id } });
    await audit(context, { tx, scope }, 'webhook.create', { webhookId: id });
  });
  return { id, secret: keys.secret };
}
