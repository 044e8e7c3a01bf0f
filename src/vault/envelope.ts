import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;
const version = 1;

/** What a ciphertext is bound to beside its key; it opens only under the same texts in the same order. */
export type Binding = readonly string[];

/** Bytes that do not open: another key, another binding, or not the bytes that were sealed. */
export class EnvelopeError extends Error {
  override readonly name = 'EnvelopeError';
}

/** Version (1 byte), nonce (12), ciphertext, tag (16): AES-256-GCM with a random nonce (NIST SP 800-38D, 8.2.2). */
export function encrypt(key: Uint8Array, binding: Binding, plain: Uint8Array): Uint8Array {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(authenticated(binding));
  return Buffer.concat([Buffer.of(version), nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** The bytes that `encrypt` was given; throws an EnvelopeError when anything differs. */
export function decrypt(key: Uint8Array, binding: Binding, envelope: Uint8Array): Uint8Array {
  if (envelope[0] !== version || envelope.length < 1 + nonceBytes + tagBytes) {
    throw new EnvelopeError(`A sealed text is of the unknown version ${envelope[0] ?? '(empty)'} or cut short.`);
  }
  const nonce = envelope.subarray(1, 1 + nonceBytes);
  const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
  decipher.setAAD(authenticated(binding));
  decipher.setAuthTag(envelope.subarray(-tagBytes));
  try {
    return Buffer.concat([decipher.update(envelope.subarray(1 + nonceBytes, -tagBytes)), decipher.final()]);
  } catch {
    throw new EnvelopeError('A sealed text does not open: its key, its place or a byte of it differs.');
  }
}

/** JSON, so that no two lists of texts become the same bytes; the version is bound as well. */
function authenticated(binding: Binding): Uint8Array {
  return Buffer.from(JSON.stringify([version, ...binding]));
}
