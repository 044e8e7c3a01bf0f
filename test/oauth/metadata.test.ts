import { afterAll, beforeAll, expect, it } from 'vitest';
import { houseContext } from '../support/house-context.ts';
import { serveOauth, type TestAuthorizationServer } from '../support/oauth.ts';

let served: TestAuthorizationServer;
beforeAll(async () => {
  served = await serveOauth(await houseContext());
});
afterAll(() => served[Symbol.asyncDispose]());

it('publishes what is there and nothing else (RFC 8414), whatever host the request names', async () => {
  const answer = await fetch(`${served.publicUrl}/.well-known/oauth-authorization-server`, {
    headers: { 'X-Forwarded-Host': 'attacker.example' },
  });
  const text = (await answer.text()).replaceAll(served.publicUrl, 'https://tributary.example');
  expect(JSON.parse(text)).toMatchInlineSnapshot(`
    {
      "authorization_endpoint": "https://tributary.example/oauth/authorize",
      "authorization_response_iss_parameter_supported": true,
      "code_challenge_methods_supported": [
        "S256",
      ],
      "grant_types_supported": [
        "client_credentials",
        "password",
        "refresh_token",
        "authorization_code",
      ],
      "introspection_endpoint": "https://tributary.example/oauth/introspection",
      "introspection_endpoint_auth_methods_supported": [
        "client_secret_basic",
        "client_secret_post",
        "private_key_jwt",
      ],
      "introspection_endpoint_auth_signing_alg_values_supported": [
        "ES256",
        "EdDSA",
        "PS256",
        "RS256",
      ],
      "issuer": "https://tributary.example",
      "jwks_uri": "https://tributary.example/oauth/jwks",
      "response_modes_supported": [
        "query",
      ],
      "response_types_supported": [
        "code",
      ],
      "revocation_endpoint": "https://tributary.example/oauth/revocation",
      "revocation_endpoint_auth_methods_supported": [
        "client_secret_basic",
        "client_secret_post",
        "private_key_jwt",
      ],
      "revocation_endpoint_auth_signing_alg_values_supported": [
        "ES256",
        "EdDSA",
        "PS256",
        "RS256",
      ],
      "scopes_supported": [
        "users_manage",
        "users_read",
        "accounts_read",
        "accounts_manage",
        "connections_read",
        "connections_manage",
        "connections_sync",
        "transactions_read",
        "transactions_manage",
        "events_read",
        "webhooks_manage",
      ],
      "token_endpoint": "https://tributary.example/oauth/token",
      "token_endpoint_auth_methods_supported": [
        "client_secret_basic",
        "client_secret_post",
        "private_key_jwt",
      ],
      "token_endpoint_auth_signing_alg_values_supported": [
        "ES256",
        "EdDSA",
        "PS256",
        "RS256",
      ],
      "ui_locales_supported": [
        "en",
        "fr",
      ],
    }
  `);
});
