import type { Switches } from '../scenario/switches.ts';
import { issuerOf, oauthRoutes } from './addresses.ts';

/** The metadata of the authorization server (RFC 8414, section 2; RFC 9207 for iss; RFC 8705 for certificates). */
export function authorizationServerMetadata(origin: string, { clientAuthentication }: Switches): object {
  const byCertificate = clientAuthentication === 'tls-client-auth';
  const methods = byCertificate ? ['tls_client_auth'] : ['client_secret_basic', 'client_secret_post'];
  return {
    issuer: issuerOf(origin),
    authorization_endpoint: `${origin}${oauthRoutes.authorization}`,
    token_endpoint: `${origin}${oauthRoutes.token}`,
    jwks_uri: `${origin}${oauthRoutes.jwks}`,
    revocation_endpoint: `${origin}${oauthRoutes.revocation}`,
    scopes_supported: ['aisp', 'AIS'],
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: methods,
    revocation_endpoint_auth_methods_supported: methods,
    authorization_response_iss_parameter_supported: true,
    tls_client_certificate_bound_access_tokens: byCertificate,
  };
}
