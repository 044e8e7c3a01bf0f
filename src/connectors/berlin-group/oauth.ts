import type { BankHttp } from '../bank-http.ts';
import { identityFor, type BankIdentities } from '../bank-identity.ts';
import type { BankCall } from '../connector.ts';
import type { OAuthAccess } from '../oauth-access-settings.ts';
import { berlinGroupQuirks } from './quirks.ts';

/** What every call of this connector works with. */
export interface BerlinGroupParts {
  readonly http: BankHttp;
  readonly identities: BankIdentities;
}

/** OAuth2 at this bank; the address of its metadata from a link is used unless the provider's entry has its own. */
export function oauthAccess(
  { http, identities }: BerlinGroupParts,
  call: BankCall,
  metadataUrl: string | undefined,
): OAuthAccess {
  const { oauth } = berlinGroupQuirks(call.endpoint);
  const settings = metadataUrl === undefined || namesServer(oauth) ? oauth : { ...oauth, metadataUrl };
  return { http, call, identity: identityFor(identities, call.endpoint), settings };
}

/** Whether the provider's entry says where the authorization server is, so that no link needs to be believed. */
export function namesServer(settings: OAuthAccess['settings']): boolean {
  return (settings.metadataUrl ?? settings.issuer ?? settings.authorizationEndpoint) !== undefined;
}
