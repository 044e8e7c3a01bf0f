import { createHmac, createPrivateKey, createSecretKey, sign, type KeyObject } from 'node:crypto';

/** What signs for one endpoint, as it is sealed. */
export interface WebhookKeys {
  /** The HMAC secret: `whsec_` and base64. */
  readonly secret: string;
  /** The Ed25519 private key: PKCS #8 in base64. */
  readonly privateKey: string;
}

/** Signs a body under an id and a time, by every key that is valid. */
export type Signer = (id: string, timestampSeconds: number, body: string) => Promise<string>;

/**
 * The value of `webhook-signature` by Standard Webhooks: over `id.timestamp.body`, an HMAC-SHA256 (`v1`) and an Ed25519
 * signature (`v1a`) for each pair of keys, newest first, so that a receiver may hold the old ones while it rotates.
 * Ed25519 costs as much as the rest of a delivery, so it is computed beside the event loop.
 */
export function createSigner(keys: readonly WebhookKeys[]): Signer {
  const prepared = keys.map(({ secret, privateKey }) => ({
    secret: createSecretKey(secret.slice(secret.indexOf('_') + 1), 'base64'),
    privateKey: createPrivateKey({ key: Buffer.from(privateKey, 'base64'), format: 'der', type: 'pkcs8' }),
  }));
  return async (id, timestampSeconds, body) => {
    const signed = Buffer.from(`${id}.${timestampSeconds}.${body}`);
    const pairs = prepared.map(async ({ secret, privateKey }) => {
      const byKey = signEd25519(signed, privateKey);
      const bySecret = createHmac('sha256', secret).update(signed).digest('base64');
      return `v1,${bySecret} v1a,${(await byKey).toString('base64')}`;
    });
    return (await Promise.all(pairs)).join(' ');
  };
}

function signEd25519(data: Buffer, key: KeyObject): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    sign(null, data, key, (error, signature) => (error ? reject(error) : resolve(signature)));
  });
}
