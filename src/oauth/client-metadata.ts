import { createHash } from 'node:crypto';
import type { AdapterPayload, ClientMetadata } from 'oidc-provider';
import type { ActionContext } from '../actions/context.ts';
import { verifyPassword } from '../actions/password.ts';
import { applicationGrantTypes, clientGrantTypes } from './metadata.ts';
import { findParty, validSecretHashes, type Party } from './party.ts';

/** What an OAuth client id may look like (RFC 6749, appendix A.1, without spaces and shorter). */
const clientIdPattern = /^[\x21-\x7e]{1,100}$/;

interface PartyContext extends Pick<ActionContext, 'database' | 'clock'> {
  readonly isTlsOffered: boolean;
}

/**
 * The metadata of a client or application as oidc-provider wants it. An id that nobody has (or that is disabled) gets
 * those of a client with a secret: it then fails at the comparison, after the same work as a wrong secret, so that
 * nobody learns which clients exist. The secret here is never compared; it only tells oidc-provider of changes.
 */
export async function clientMetadata(
  { database, isTlsOffered }: PartyContext,
  oauthClientId: string,
): Promise<AdapterPayload | undefined> {
  if (!clientIdPattern.test(oauthClientId)) return undefined;
  const found = await findParty(database, oauthClientId);
  const party = found && (isTlsOffered || !found.authenticationMethod.includes('tls')) ? found : null;
  const fingerprint = createHash('sha256').update((party?.secretHashes ?? []).join('\n'));
  const isApplication = party !== null && party.applicationId !== null;
  return {
    client_id: oauthClientId,
    client_secret: fingerprint.digest('base64url'),
    grant_types: [...(isApplication ? applicationGrantTypes : clientGrantTypes)],
    redirect_uris: [...(party?.redirectUris ?? [])],
    response_types: isApplication ? ['code'] : [],
    response_modes: ['query'],
    ...authenticationOf(party),
  };
}

function authenticationOf(party: Party | null): Partial<ClientMetadata> {
  switch (party?.authenticationMethod) {
    case undefined:
    case 'client_secret':
      // Either way to send the secret is taken.
      return { token_endpoint_auth_method: 'client_secret_basic' };
    case 'private_key_jwt':
    case 'self_signed_tls_client_auth':
      return {
        token_endpoint_auth_method: party.authenticationMethod,
        jwks: { keys: (party.jwks?.keys ?? []).map((key) => ({ ...key })) },
      };
    case 'tls_client_auth':
      return {
        token_endpoint_auth_method: 'tls_client_auth',
        tls_client_auth_subject_dn: party.tlsSubjectDn ?? 'none',
      };
  }
}

/** True when this is a secret of the client; does the same work when there is no such client. */
export async function isClientSecret(
  { database, clock }: Pick<PartyContext, 'database' | 'clock'>,
  oauthClientId: string,
  secret: string,
): Promise<boolean> {
  const party = await findParty(database, oauthClientId);
  return verifyPassword(party ? validSecretHashes(party, clock.now()) : [], secret);
}
