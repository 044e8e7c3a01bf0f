import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { BankState } from '../state/state.ts';

const keysSchema = z.strictObject({
  cookieSecret: z.string(),
  signingKey: z.looseObject({ kty: z.literal('EC') }),
});
export type OauthKeys = z.output<typeof keysSchema>;

/** The keys of the authorization server, made at the first start and kept with the state. */
export function oauthKeys(state: BankState): () => OauthKeys {
  const keys = state.collection('oauth-keys', keysSchema);
  return () => {
    const known = keys.get('bank');
    if (known) return known;
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const made: OauthKeys = {
      cookieSecret: randomBytes(32).toString('base64url'),
      signingKey: { ...privateKey.export({ format: 'jwk' }), kty: 'EC', use: 'sig', alg: 'ES256', kid: 'bank' },
    };
    keys.put('bank', made);
    return made;
  };
}
