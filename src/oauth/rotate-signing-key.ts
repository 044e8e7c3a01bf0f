import type { ActionContext } from '../actions/context.ts';
import { millisecondsPerSecond } from '../kernel/clock.ts';
import {
  deleteOauthKey,
  inKeyTransaction,
  insertOauthKey,
  listOauthKeys,
  retireOtherOauthKeys,
  type OauthKeyRow,
} from '../store/oauth-keys.ts';
import { createKey } from './signing-keys.ts';

/** How long a new key is published before it signs: longer than verifiers usually keep the list. */
export const keyPublishedBeforeSeconds = 900;

type KeyContext = Pick<ActionContext, 'database' | 'clock' | 'vault'>;

export interface RotatedKey {
  readonly kid: string;
  readonly signsFrom: Date;
  /** The keys that it takes over from. */
  readonly retired: readonly string[];
}

/**
 * Makes a new signing key. It is published at once, signs in fifteen minutes, and the keys before it are published as
 * long as a token of theirs may be valid: nothing is refused, and running gateways need no restart. With `isImmediate`,
 * for a key that was stolen, it signs at once and every other key ends with all that it has signed.
 */
export async function rotateSigningKey(
  context: KeyContext,
  { isImmediate }: { readonly isImmediate: boolean },
): Promise<RotatedKey> {
  const now = context.clock.now();
  const signsFrom = isImmediate ? now : new Date(now.getTime() + keyPublishedBeforeSeconds * millisecondsPerSecond);
  return inKeyTransaction(context.database, async (tx, keys) => {
    const key = await createKey(context, signsFrom);
    await insertOauthKey(tx, key);
    if (isImmediate) for (const { kid } of keys) await deleteOauthKey(tx, kid);
    else await retireOtherOauthKeys(tx, key.kid, signsFrom);
    const retired = keys.filter(({ retiredAt }) => isImmediate || retiredAt === null).map(({ kid }) => kid);
    return { kid: key.kid, signsFrom, retired };
  });
}

/** All signing keys, the oldest first, without their halves. */
export async function listSigningKeys({
  database,
}: Pick<KeyContext, 'database'>): Promise<readonly Omit<OauthKeyRow, 'publicJwk' | 'sealedPrivateJwk'>[]> {
  const keys = await listOauthKeys(database.db);
  return keys.map(({ kid, createdAt, signsFrom, retiredAt }) => ({ kid, createdAt, signsFrom, retiredAt }));
}
