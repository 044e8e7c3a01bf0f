import { createHash } from 'node:crypto';
import type { AdapterPayload } from 'oidc-provider';
import { verifyPassword } from '../actions/password.ts';
import { findEnabledClient } from '../store/clients.ts';
import type { Database } from '../store/database.ts';
import { grantTypes } from './metadata.ts';

/** What an OAuth client id may look like (RFC 6749, appendix A.1, without spaces and shorter). */
const clientIdPattern = /^[\x21-\x7e]{1,100}$/;

/**
 * The metadata of a client as oidc-provider wants it. An id that nobody has (or whose client is disabled) gets the same
 * metadata: it then fails at the comparison of the secret, after the same work as a wrong secret, so that nobody learns
 * which clients exist. The secret here is never compared; it only tells oidc-provider when the real ones have changed.
 */
export async function clientMetadata(database: Database, oauthClientId: string): Promise<AdapterPayload | undefined> {
  if (!clientIdPattern.test(oauthClientId)) return undefined;
  const client = await findEnabledClient(database, oauthClientId);
  const fingerprint = createHash('sha256').update((client?.secretHashes ?? []).join('\n'));
  return {
    client_id: oauthClientId,
    client_secret: fingerprint.digest('base64url'),
    grant_types: [...grantTypes],
    redirect_uris: [],
    response_types: [],
  };
}

/** True when this is a secret of the client; does the same work when there is no such client. */
export async function isClientSecret(database: Database, oauthClientId: string, secret: string): Promise<boolean> {
  const client = await findEnabledClient(database, oauthClientId);
  return verifyPassword(client?.secretHashes ?? [], secret);
}
