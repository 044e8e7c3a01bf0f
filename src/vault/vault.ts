import type { UserScope } from '../domain/viewer.ts';

/**
 * Where a sealed text belongs, for example `channels.sealed_session:chn_…`. It is bound into the ciphertext, so one
 * that is moved to another row or column does not open.
 */
export type SealContext = string;

/** Seals secrets at rest with AES-256-GCM: a user's with his own data key, the house's with the key-encryption key. */
export interface Vault {
  /** Seals a JSON value of this user. */
  seal(scope: UserScope, context: SealContext, value: unknown): Promise<Uint8Array>;
  /** Opens what `seal` made; throws when the context, the user or a byte differs. */
  open(scope: UserScope, context: SealContext, sealed: Uint8Array): Promise<unknown>;
  /** Seals a JSON value that belongs to no user. */
  sealForHouse(context: SealContext, value: unknown): Uint8Array;
  /** Opens what `sealForHouse` made. */
  openForHouse(context: SealContext, sealed: Uint8Array): unknown;
}
