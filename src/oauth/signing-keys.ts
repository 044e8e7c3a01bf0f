import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import type { ActionContext } from '../actions/context.ts';
import { ensureOauthKey, listOauthKeys, type OauthKeyRow } from '../store/oauth-keys.ts';

/** The one signature algorithm of our tokens (RFC 7518: ECDSA with P-256 and SHA-256). */
export const signatureAlgorithm = 'ES256';

type KeyContext = Pick<ActionContext, 'database' | 'clock' | 'vault'>;

/** The private halves of the keys that sign, the newest first. At the very first start it makes one. */
export async function loadSigningKeys(context: KeyContext): Promise<readonly JWK[]> {
  await ensureOauthKey(context.database, () => createKey(context));
  const keys = await listOauthKeys(context.database);
  return keys
    .filter((key) => key.retiredAt === null)
    .toReversed()
    .map((key) => privateJwk(context, key));
}

async function createKey(context: KeyContext): Promise<OauthKeyRow> {
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
    retiredAt: null,
  };
}

function privateJwk(context: KeyContext, key: OauthKeyRow): JWK {
  const opened = context.vault.openForHouse(sealContext(key.kid), key.sealedPrivateJwk);
  if (typeof opened !== 'object' || opened === null) throw new Error(`The sealed signing key ${key.kid} is no key.`);
  return { kty: 'EC', ...opened };
}

function sealContext(kid: string): string {
  return `oauth_keys.sealed_private_jwk:${kid}`;
}

/** The public halves of all keys, retired ones too: what they signed is still valid (RFC 7517). */
export async function publicKeySet(database: ActionContext['database']): Promise<{ keys: JWK[] }> {
  const keys = await listOauthKeys(database);
  return { keys: keys.map((key) => ({ kty: 'EC', ...key.publicJwk })) };
}
