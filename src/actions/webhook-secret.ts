import { generateKeyPairSync, randomBytes } from 'node:crypto';

/** A new pair of keys of one endpoint, in the forms of Standard Webhooks. */
export interface NewWebhookKeys {
  /** The HMAC secret, `whsec_…`: 256 random bits. */
  readonly secret: string;
  /** The Ed25519 private key, PKCS #8 in base64. */
  readonly privateKey: string;
  /** Its public half, `whpk_…`: the 32 bytes of RFC 8032 in base64. */
  readonly publicKey: string;
}

/** Makes both keys. */
export function newWebhookKeys(): NewWebhookKeys {
  const pair = generateKeyPairSync('ed25519');
  // The last 32 bytes of the SPKI form are the key itself (RFC 8410 section 4).
  const raw = pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  return {
    secret: `whsec_${randomBytes(32).toString('base64')}`,
    privateKey: pair.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
    publicKey: `whpk_${raw.toString('base64')}`,
  };
}
