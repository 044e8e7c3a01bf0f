import type { UserScope } from '../domain/viewer.ts';
import type { WrappedDataKey } from './create-vault.ts';
import { decrypt, encrypt, EnvelopeError } from './envelope.ts';
import { sealingKeyId, withKeyId } from './house-envelope.ts';
import type { KeyRing } from './key-ring.ts';

/** Seals again with the current key what an older one has sealed; the secrets themselves are not looked at. */
export interface KeyRotation {
  readonly currentId: string;
  /** The same data key under the current key-encryption key. */
  rewrap(scope: UserScope, wrapped: WrappedDataKey): WrappedDataKey;
  /** The same secret of the house under the current key. */
  reseal(context: string, sealed: Uint8Array): Uint8Array;
}

/** Both throw an EnvelopeError that names the key when it is not in the ring. */
export function createKeyRotation(keyRing: KeyRing): KeyRotation {
  const { currentId } = keyRing;

  function keyOf(id: string, use: Parameters<KeyRing['keyFor']>[1]): Uint8Array {
    const key = keyRing.keyFor(id, use);
    if (!key)
      throw new EnvelopeError(`A secret is sealed with the key ${JSON.stringify(id)}, which is not in the ring.`);
    return key;
  }

  return {
    currentId,
    rewrap({ userId }, { keyId, wrappedKey }) {
      const binding = ['data key', userId];
      const plain = decrypt(keyOf(keyId, 'wrap data key'), binding, wrappedKey);
      const rewrapped = encrypt(keyOf(currentId, 'wrap data key'), binding, plain);
      plain.fill(0);
      return { keyId: currentId, wrappedKey: rewrapped };
    },
    reseal(context, sealed) {
      const { id, envelope } = sealingKeyId(sealed);
      const binding = ['house', context];
      const plain = decrypt(keyOf(id, 'seal for house'), binding, envelope);
      const resealed = withKeyId(currentId, encrypt(keyOf(currentId, 'seal for house'), binding, plain));
      plain.fill(0);
      return resealed;
    },
  };
}
