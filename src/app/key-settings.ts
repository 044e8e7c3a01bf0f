import type { KeyRing } from '../vault/key-ring.ts';
import { keysFromCommand, keysFromFile, keysFromText, type KeySource } from '../vault/key-source.ts';

/** How the operator names the key-encryption keys. */
export type KeySettings =
  | { readonly kind: 'text'; readonly text: string }
  /** `isMade`: made at the first start, which only a sandbox does. */
  | { readonly kind: 'file'; readonly path: string; readonly isMade: boolean }
  | { readonly kind: 'command'; readonly command: string };

/** The keys, read from where the operator keeps them. */
export function readKeys(settings: KeySettings): Promise<KeyRing> {
  return sourceOf(settings).read();
}

function sourceOf(settings: KeySettings): KeySource {
  switch (settings.kind) {
    case 'text':
      return keysFromText(settings.text);
    case 'file':
      return keysFromFile(settings.path, settings);
    case 'command':
      return keysFromCommand(settings.command);
  }
}
