import type { EventType } from '../domain/event.ts';
import { invalidInput, notFound } from '../domain/failure.ts';
import { scopeOfOwner, type Scope } from '../domain/viewer.ts';
import type { WebhookId } from '../kernel/id.ts';
import { inSetUpTransaction } from '../store/log.ts';
import { findWebhook, updateWebhook as updateRow, webhookSealContext, type WebhookRow } from '../store/webhooks.ts';
import { audit } from './audit.ts';
import type { ActionContext } from './context.ts';
import { certificateEnd, webhookIssues, type ClientCertificateInput } from './webhook-input.ts';

/** What is absent stays. */
interface UpdateWebhookInput {
  readonly url?: string;
  readonly description?: string | null;
  readonly types?: readonly EventType[];
  readonly isOrdered?: boolean;
  readonly isEnabled?: boolean;
  readonly clientCertificate?: ClientCertificateInput | null;
}

/**
 * Changes an endpoint. Enabling it forgives what failed before; it goes on where it stopped, and what is new reaches it
 * at once. Failures: NOT_FOUND, VALIDATION_FAILED. Appends webhook.updated when anything changed.
 */
export async function updateWebhook(
  context: ActionContext,
  scope: Scope,
  id: WebhookId,
  input: UpdateWebhookInput,
): Promise<void> {
  const { database, clock } = context;
  const now = clock.now();
  const found = await findWebhook(scope, database.db, id);
  if (!found) throw notFound('webhook');
  const issues = webhookIssues(input, context.isLoopbackAllowed ?? false, now);
  if (issues.length > 0) throw invalidInput(issues);
  const owner = scopeOfOwner(found);
  await inSetUpTransaction(database, owner, async ({ tx, append }) => {
    const webhook = await findWebhook(owner, tx, id);
    if (!webhook) throw notFound('webhook');
    const { changed, columns } = changeOf(context, webhook, input, now);
    if (changed.length === 0) return;
    await updateRow(owner, tx, id, { ...columns, updatedAt: now });
    await append(now, { type: 'webhook.updated', facts: { webhookId: id, changed } });
    await audit(context, { tx, scope: owner }, 'webhook.update', { webhookId: id });
  });
}

type Columns = Parameters<typeof updateRow>[3];

function changeOf(context: ActionContext, webhook: WebhookRow, input: UpdateWebhookInput, now: Date) {
  const changes: [field: string, columns: Columns][] = [];
  const url = input.url === undefined ? webhook.url : new URL(input.url).href;
  if (url !== webhook.url) changes.push(['url', { url }]);
  const description = input.description === undefined ? webhook.description : input.description?.trim() || null;
  if (description !== webhook.description) changes.push(['description', { description }]);
  const types = input.types && [...new Set(input.types)];
  if (types && types.join(' ') !== webhook.types.join(' ')) changes.push(['types', { types }]);
  const { isOrdered = webhook.isOrdered, isEnabled, clientCertificate } = input;
  if (isOrdered !== webhook.isOrdered) changes.push(['isOrdered', { isOrdered }]);
  if (isEnabled !== undefined && isEnabled !== (webhook.status === 'ENABLED')) {
    changes.push(['isEnabled', isEnabled ? enabled : disabledBy(now)]);
  }
  if (clientCertificate === null && webhook.sealedClientCertificate) {
    changes.push(['clientCertificate', { sealedClientCertificate: null, clientCertificateExpiresAt: null }]);
  } else if (clientCertificate) {
    const place = webhookSealContext(webhook.id, 'client_certificate');
    const sealedClientCertificate = context.vault.sealForHouse(place, clientCertificate);
    const clientCertificateExpiresAt = certificateEnd(clientCertificate);
    changes.push(['clientCertificate', { sealedClientCertificate, clientCertificateExpiresAt }]);
  }
  const columns: Columns = Object.assign({}, ...changes.map(([, each]) => each));
  return { changed: changes.map(([field]) => field), columns };
}

const enabled = {
  status: 'ENABLED',
  disabledReason: null,
  disabledAt: null,
  consecutiveFailures: 0,
  failingSince: null,
  circuitOpenUntil: null,
  circuitOpenings: 0,
} as const;

function disabledBy(now: Date) {
  return { status: 'DISABLED', disabledReason: 'REQUESTED', disabledAt: now } as const;
}
