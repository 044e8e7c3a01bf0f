import { permissions } from '../domain/viewer.ts';
import { endpoints } from './addresses.ts';

const methodsWithoutTls = ['client_secret_basic', 'client_secret_post', 'private_key_jwt'] as const;
const methodsOfTls = ['tls_client_auth', 'self_signed_tls_client_auth'] as const;

/** How a client may prove who it is; by certificate only where one can reach us. */
export function clientAuthenticationMethods(isTlsOffered: boolean) {
  return isTlsOffered ? [...methodsWithoutTls, ...methodsOfTls] : [...methodsWithoutTls];
}

/** The algorithms of a client's signed assertion. */
export const assertionAlgorithms = ['ES256', 'EdDSA', 'PS256', 'RS256'] as const;

/** The grants of a client at the token endpoint, and those of an application. */
export const clientGrantTypes = ['client_credentials', 'password', 'refresh_token'] as const;
export const applicationGrantTypes = ['authorization_code', 'refresh_token'] as const;

/** The authorization server's metadata (RFC 8414, section 2); all addresses are below the public one. */
export function authorizationServerMetadata(publicUrl: string, { isTlsOffered }: { readonly isTlsOffered: boolean }) {
  const methods = clientAuthenticationMethods(isTlsOffered);
  const algorithms = [...assertionAlgorithms];
  return {
    issuer: publicUrl,
    authorization_endpoint: publicUrl + endpoints.authorization.path,
    token_endpoint: publicUrl + endpoints.token.path,
    jwks_uri: publicUrl + endpoints.jwks.path,
    introspection_endpoint: publicUrl + endpoints.introspection.path,
    revocation_endpoint: publicUrl + endpoints.revocation.path,
    scopes_supported: [...permissions],
    grant_types_supported: [...new Set([...clientGrantTypes, ...applicationGrantTypes])],
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    ui_locales_supported: ['en', 'fr'],
    token_endpoint_auth_methods_supported: methods,
    token_endpoint_auth_signing_alg_values_supported: algorithms,
    introspection_endpoint_auth_methods_supported: methods,
    introspection_endpoint_auth_signing_alg_values_supported: algorithms,
    revocation_endpoint_auth_methods_supported: methods,
    revocation_endpoint_auth_signing_alg_values_supported: algorithms,
  };
}
