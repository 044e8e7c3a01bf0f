import { randomBytes } from 'node:crypto';
import { notFound } from '../domain/failure.ts';
import type { UserScope } from '../domain/viewer.ts';
import { decrypt, encrypt, EnvelopeError } from './envelope.ts';
import { sealingKeyId, withKeyId } from './house-envelope.ts';
import type { KeyRing } from './key-ring.ts';
import type { Vault } from './vault.ts';

/** A user's data key as it is stored: sealed by the key-encryption key of this id. */
export interface WrappedDataKey {
  readonly keyId: string;
  readonly wrappedKey: Uint8Array;
}

/** Where the wrapped data keys are kept; store/data-keys.ts keeps them. */
export interface DataKeys {
  find(scope: UserScope): Promise<WrappedDataKey | null>;
  /** Keeps this key unless the user has one, and gives the one that is kept; null when there is no such user. */
  keep(scope: UserScope, key: WrappedDataKey): Promise<WrappedDataKey | null>;
}

/**
 * The vault over these keys. A user's data key is made when something of his is first sealed; it is read for every
 * call and never kept in memory, so that erasing its row erases his secrets everywhere at once. One read by primary key
 * is nothing beside the call to a bank that a secret is opened for.
 *
 * `seal` uses a connection of its own: call it before a transaction that has written the user's row, not inside. It
 * throws NOT_FOUND when the user is gone.
 */
export function createVault(keyRing: KeyRing, dataKeys: DataKeys): Vault {
  function unwrap(scope: UserScope, { keyId, wrappedKey }: WrappedDataKey): Uint8Array {
    return decrypt(wrappingKey(keyRing, keyId, 'wrap data key'), ['data key', scope.userId], wrappedKey);
  }

  async function makeDataKey(scope: UserScope): Promise<WrappedDataKey> {
    const keyId = keyRing.currentId;
    const plain = randomBytes(32);
    const wrappedKey = encrypt(wrappingKey(keyRing, keyId, 'wrap data key'), ['data key', scope.userId], plain);
    plain.fill(0);
    const kept = await dataKeys.keep(scope, { keyId, wrappedKey });
    if (!kept) throw notFound('user');
    return kept;
  }

  return {
    async seal(scope, context, value) {
      const key = unwrap(scope, (await dataKeys.find(scope)) ?? (await makeDataKey(scope)));
      const sealed = encrypt(key, ['user', scope.userId, context], toBytes(value));
      key.fill(0);
      return sealed;
    },
    async open(scope, context, sealed) {
      const wrapped = await dataKeys.find(scope);
      if (!wrapped) throw new EnvelopeError('A sealed text does not open: its user has no data key any more.');
      const key = unwrap(scope, wrapped);
      try {
        return fromBytes(decrypt(key, ['user', scope.userId, context], sealed));
      } finally {
        key.fill(0);
      }
    },
    sealForHouse(context, value) {
      const key = wrappingKey(keyRing, keyRing.currentId, 'seal for house');
      return withKeyId(keyRing.currentId, encrypt(key, ['house', context], toBytes(value)));
    },
    openForHouse(context, sealed) {
      const { id, envelope } = sealingKeyId(sealed);
      const key = wrappingKey(keyRing, id, 'seal for house');
      return fromBytes(decrypt(key, ['house', context], envelope));
    },
  };
}

function wrappingKey(keyRing: KeyRing, id: string, use: Parameters<KeyRing['keyFor']>[1]): Uint8Array {
  const key = keyRing.keyFor(id, use);
  if (!key) throw new EnvelopeError(`A secret is sealed with the key ${JSON.stringify(id)}, which is not in the ring.`);
  return key;
}

function toBytes(value: unknown): Uint8Array {
  const text = JSON.stringify(value);
  if (text === undefined) throw new TypeError('Only a JSON value can be sealed.');
  return Buffer.from(text);
}

function fromBytes(bytes: Uint8Array): unknown {
  return JSON.parse(Buffer.from(bytes).toString());
}
