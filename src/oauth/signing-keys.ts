import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import type { ActionContext } from '../actions/context.ts';
import { millisecondsPerSecond } from '../kernel/clock.ts';
import { inKeyTransaction, insertOauthKey, listOauthKeys, type OauthKeyRow } from '../store/oauth-keys.ts';
import { accessTokenLifetimeInSeconds } from './lifetimes.ts';

/** The one signature algorithm of our tokens (RFC 7518: ECDSA with P-256 and SHA-256). */
export const signatureAlgorithm = 'ES256';

/** How long a retired key is still published: what it signed last has then expired, and a minute for clocks. */
export const retiredKeyPublishedForSeconds = accessTokenLifetimeInSeconds + 60;

type KeyContext = Pick<ActionContext, 'database' | 'clock' | 'vault'>;

/** A private half with what says when it signs. */
export interface SigningKey {
  readonly jwk: JWK & { readonly kid: string };
  readonly signsFrom: Date;
  readonly retiredAt: Date | null;
}

/**
 * The private halves of all keys that sign now or will, the one that signs now at the head. When no key signs, as at the
 * very first start, it makes one.
 */
export async function loadSigningKeys(context: KeyContext): Promise<readonly SigningKey[]> {
  let keys = await listOauthKeys(context.database.db);
  let now = context.clock.now();
  if (!signingNow(keys, now)) {
    keys = await inKeyTransaction(context.database, async (tx, current) => {
      // The key that another process made while this one waited signs from then on.
      now = context.clock.now();
      if (signingNow(current, now)) return current;
      const key = await createKey(context, now);
      await insertOauthKey(tx, key);
      return [...current, key];
    });
  }
  const signer = signingNow(keys, now);
  return keys
    .filter((key) => key.retiredAt === null || key.retiredAt > now)
    .toSorted((left, right) => Number(right === signer) - Number(left === signer))
    .map((key) => ({ jwk: privateJwk(context, key), signsFrom: key.signsFrom, retiredAt: key.retiredAt }));
}

type Signing = Pick<OauthKeyRow, 'signsFrom' | 'retiredAt'>;

/** Of several keys that sign at this instant the newest does. */
export function signingNow<Key extends Signing>(keys: readonly Key[], now: Date): Key | undefined {
  return keys
    .filter(({ signsFrom, retiredAt }) => signsFrom <= now && (retiredAt === null || retiredAt > now))
    .toSorted((left, right) => right.signsFrom.getTime() - left.signsFrom.getTime())[0];
}

/** A new key that signs from `signsFrom` on. */
export async function createKey(context: KeyContext, signsFrom: Date): Promise<OauthKeyRow> {
  const pair = await generateKeyPair(signatureAlgorithm, { extractable: true });
  const publicHalf = await exportJWK(pair.publicKey);
  const kid = await calculateJwkThumbprint(publicHalf);
  const attributes = { kid, alg: signatureAlgorithm, use: 'sig' };
  const privateHalf = { ...(await exportJWK(pair.privateKey)), ...attributes };
  return {
    kid,
    publicJwk: { ...publicHalf, ...attributes },
    sealedPrivateJwk: context.vault.sealForHouse(sealContext(kid), privateHalf),
    createdAt: context.clock.now(),
    signsFrom,
    retiredAt: null,
  };
}

function privateJwk(context: KeyContext, key: OauthKeyRow): SigningKey['jwk'] {
  const opened = context.vault.openForHouse(sealContext(key.kid), key.sealedPrivateJwk);
  if (typeof opened !== 'object' || opened === null) throw new Error(`The sealed signing key ${key.kid} is no key.`);
  return { kty: 'EC', ...opened, kid: key.kid };
}

function sealContext(kid: string): string {
  return `oauth_keys.sealed_private_jwk:${kid}`;
}

/**
 * The public halves (RFC 7517): of keys that will sign, so that verifiers know them in time, of those that do, and of
 * retired ones as long as a token of theirs may be valid.
 */
export async function publicKeySet({
  database,
  clock,
}: Pick<KeyContext, 'database' | 'clock'>): Promise<{ keys: JWK[] }> {
  const publishedAfter = new Date(clock.now().getTime() - retiredKeyPublishedForSeconds * millisecondsPerSecond);
  const keys = await listOauthKeys(database.db);
  return {
    keys: keys
      .filter((key) => key.retiredAt === null || key.retiredAt > publishedAfter)
      .map((key) => ({ kty: 'EC', ...key.publicJwk })),
  };
}
