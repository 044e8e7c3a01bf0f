import { createHmac, createPrivateKey, sign } from 'node:crypto';

/** What signs for one endpoint, as it is sealed. */
export interface WebhookKeys {
  /** The HMAC secret: `whsec_` and base64. */
  readonly secret: string;
  /** The Ed25519 private key: PKCS #8 in base64. */
  readonly privateKey: string;
}

/** Signs a body under an id and a time, by every key that is valid. */
export type Signer = (id: string, timestampSeconds: number, body: string) => string;

/**
 * The value of `webhook-signature` by Standard Webhooks: over `id.timestamp.body`, an HMAC-SHA256 (`v1`) and an Ed25519
 * signature (`v1a`) for each pair of keys, newest first, so that a receiver may hold the old ones while it rotates.
 */
export function createSigner(keys: readonly WebhookKeys[]): Signer {
  const prepared = keys.map(({ secret, privateKey }) => ({
    secret: Buffer.from(secret.slice(secret.indexOf('_') + 1), 'base64'),
    privateKey: createPrivateKey({ key: Buffer.from(privateKey, 'base64'), format: 'der', type: 'pkcs8' }),
  }));
  return (id, timestampSeconds, body) => {
    const signed = Buffer.from(`${id}.${timestampSeconds}.${body}`);
    return prepared
      .flatMap(({ secret, privateKey }) => [
        `v1,${createHmac('sha256', secret).update(signed).digest('base64')}`,
        `v1a,${sign(null, signed, privateKey).toString('base64')}`,
      ])
      .join(' ');
  };
}
