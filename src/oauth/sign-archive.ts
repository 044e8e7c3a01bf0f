import { CompactSign, importJWK } from 'jose';
import type { ActionContext } from '../actions/context.ts';
import type { SignSeal } from '../actions/export-user.ts';
import { loadSigningKeys, signatureAlgorithm } from './signing-keys.ts';

/**
 * Signs the seals of archives with the key that signs access tokens now. Its `typ` is none of a token's, so a signature
 * can never be taken for one.
 */
export function createArchiveSigner(context: Pick<ActionContext, 'database' | 'clock' | 'vault'>): SignSeal {
  return async (seal) => {
    const [key] = await loadSigningKeys(context);
    if (!key) throw new Error('There is no signing key.');
    return new CompactSign(new TextEncoder().encode(JSON.stringify(seal)))
      .setProtectedHeader({ alg: signatureAlgorithm, kid: key.jwk.kid, typ: 'tributary-archive+jws' })
      .sign(await importJWK(key.jwk, signatureAlgorithm));
  };
}
