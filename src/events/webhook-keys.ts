import type { WebhookId } from '../kernel/id.ts';
import { webhookSealContext, type WebhookRow } from '../store/webhooks.ts';
import type { ClientCertificate } from './webhook-sender.ts';
import { createSigner, type Signer, type WebhookKeys } from './webhook-signature.ts';

/** The part of the vault that opens what was sealed for the house. */
export interface HouseVault {
  openForHouse(context: string, sealed: Uint8Array): unknown;
}

/** A webhook's secrets, open for the length of a round. */
export interface OpenedWebhook {
  readonly sign: Signer;
  readonly certificate: ClientCertificate | null;
}

/** Opens the keys that are valid now, and the client certificate. */
export function openWebhookKeys(vault: HouseVault, webhook: WebhookRow, now: Date): OpenedWebhook {
  const { id, sealedSecret, sealedPreviousSecret, previousSecretExpiresAt, sealedClientCertificate } = webhook;
  const hasPrevious = sealedPreviousSecret && previousSecretExpiresAt && previousSecretExpiresAt > now;
  const sealed = hasPrevious ? [sealedSecret, sealedPreviousSecret] : [sealedSecret];
  return {
    sign: createSigner(sealed.map((each) => keysOf(id, vault.openForHouse(webhookSealContext(id, 'secret'), each)))),
    certificate: sealedClientCertificate
      ? certificateOf(id, vault.openForHouse(webhookSealContext(id, 'client_certificate'), sealedClientCertificate))
      : null,
  };
}

function keysOf(id: WebhookId, opened: unknown): WebhookKeys {
  const { secret, privateKey } = textsOf(id, opened);
  if (secret === undefined || privateKey === undefined) throw malformed(id);
  return { secret, privateKey };
}

function certificateOf(id: WebhookId, opened: unknown): ClientCertificate {
  const { certificate, privateKey } = textsOf(id, opened);
  if (certificate === undefined || privateKey === undefined) throw malformed(id);
  return { certificate, privateKey };
}

function textsOf(id: WebhookId, opened: unknown): Partial<Record<string, string>> {
  if (typeof opened !== 'object' || opened === null) throw malformed(id);
  return Object.fromEntries(Object.entries(opened).filter(([, value]) => typeof value === 'string'));
}

function malformed(id: WebhookId): Error {
  return new Error(`What is sealed for the webhook ${id} has not the shape it had.`);
}
