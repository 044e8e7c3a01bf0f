import { permissions } from '../domain/viewer.ts';
import { endpoints } from './addresses.ts';

/** How a client may prove who it is. */
export const clientAuthenticationMethods = ['client_secret_basic', 'client_secret_post'] as const;

/** The grants at the token endpoint. */
export const grantTypes = ['client_credentials', 'password'] as const;

/** The authorization server's metadata (RFC 8414, section 2); all addresses are below the public one. */
export function authorizationServerMetadata(publicUrl: string) {
  const methods = [...clientAuthenticationMethods];
  return {
    issuer: publicUrl,
    token_endpoint: publicUrl + endpoints.token.path,
    jwks_uri: publicUrl + endpoints.jwks.path,
    introspection_endpoint: publicUrl + endpoints.introspection.path,
    revocation_endpoint: publicUrl + endpoints.revocation.path,
    scopes_supported: [...permissions],
    grant_types_supported: [...grantTypes],
    response_types_supported: [],
    token_endpoint_auth_methods_supported: methods,
    introspection_endpoint_auth_methods_supported: methods,
    revocation_endpoint_auth_methods_supported: methods,
  };
}
