import type { AdapterPayload } from 'oidc-provider';
import type { Scenario } from '../scenario/schema.ts';
import type { ThirdParty } from '../scenario/third-party.ts';

export function findThirdParty(scenario: Scenario, clientId: string): ThirdParty | null {
  return scenario.thirdParties.find((thirdParty) => thirdParty.clientId === clientId) ?? null;
}

/** A third party as oidc-provider wants it. */
export function clientMetadata(scenario: Scenario, clientId: string): AdapterPayload | undefined {
  const thirdParty = findThirdParty(scenario, clientId);
  if (!thirdParty) return undefined;
  const byCertificate = scenario.bank.switches.clientAuthentication === 'tls-client-auth';
  return {
    client_id: clientId,
    client_name: thirdParty.name,
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    // oidc-provider wants at least one; which are allowed is decided by isRedirectUriAllowed.
    redirect_uris: thirdParty.redirectUris.length > 0 ? thirdParty.redirectUris : ['https://localhost/'],
    ...(byCertificate
      ? {
          token_endpoint_auth_method: 'tls_client_auth',
          tls_client_auth_subject_dn: clientId,
          tls_client_certificate_bound_access_tokens: true,
        }
      : { token_endpoint_auth_method: 'client_secret_basic', client_secret: thirdParty.clientSecret }),
  };
}

const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Letter by letter where the scenario lists addresses; else any https address, and http to this machine (RFC 8252, 7.3). */
export function isRedirectUriAllowed({ redirectUris }: ThirdParty, uri: string): boolean {
  if (redirectUris.length > 0) return redirectUris.includes(uri);
  const url = URL.parse(uri);
  if (!url || url.hash !== '' || url.username !== '' || url.password !== '' || uri.length > 2000) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopbackHosts.has(url.hostname));
}
