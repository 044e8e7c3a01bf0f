import { hkdfSync, randomBytes } from 'node:crypto';

const keyPattern = /^([A-Za-z0-9._-]{1,64}):([A-Za-z0-9_-]{43}=?)$/;
const keyBytes = 32;

/** What a key-encryption key is used for; each use has a key of its own, derived from it. */
type KeyUse = 'wrap data key' | 'seal for house';

/** The key-encryption keys by their id. New things are sealed with the current one, the others only open. */
export interface KeyRing {
  readonly currentId: string;
  /** The key for one use, or null when the ring has no key of this id. */
  keyFor(id: string, use: KeyUse): Uint8Array | null;
}

/** How an operator makes a key, for messages. */
export const howToMakeAKey = 'tributary key generate';

/** A new key of this id as it stands in TRIBUTARY_KEYS. */
export function generateKey(id: string): string {
  return `${id}:${randomBytes(keyBytes).toString('base64url')}`;
}

/**
 * Reads `id:key` entries between commas, the current one first; a key is 32 random bytes in base64url. Throws an Error
 * that names the place of the culprit and never shows a key.
 */
export function parseKeyRing(text: string): KeyRing {
  const keys = new Map<string, Uint8Array>();
  const entries = text.split(',').map((entry) => entry.trim());
  for (const [index, entry] of entries.entries()) {
    const [, id, encoded] = keyPattern.exec(entry) ?? [];
    const key = Buffer.from(encoded ?? '', 'base64url');
    if (!id || key.length !== keyBytes) {
      throw new Error(
        `Entry ${index + 1} is not of the form id:key with a key of ${keyBytes} bytes in base64url. ` +
          `This makes one: ${howToMakeAKey}`,
      );
    }
    if (keys.has(id)) throw new Error(`Entry ${index + 1} repeats the id ${id}; every key needs an id of its own.`);
    keys.set(id, key);
  }
  const currentId = [...keys.keys()][0];
  if (currentId === undefined) throw new Error('There is no key.');
  return {
    currentId,
    keyFor(id, use) {
      const key = keys.get(id);
      return key ? new Uint8Array(hkdfSync('sha256', key, '', `tributary 1 ${use}`, keyBytes)) : null;
    },
  };
}
