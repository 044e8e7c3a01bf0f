import type { JWK } from 'jose';
import { Provider, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import type { ActionContext } from '../actions/context.ts';
import { millisecondsPerSecond } from '../kernel/clock.ts';
import { permissions } from '../domain/viewer.ts';
import { findEnabledClient } from '../store/clients.ts';
import { adapterFor } from './adapter.ts';
import { audienceOf, endpoints } from './addresses.ts';
import { isClientSecret } from './client-metadata.ts';
import { clientAuthenticationMethods } from './metadata.ts';
import { registerPasswordGrant } from './password-grant.ts';
import { accessTokenLifetimeInSeconds, resourceServerFor } from './resource-server.ts';
import { rootReason } from './root-reason.ts';
import { signatureAlgorithm } from './signing-keys.ts';

type ProviderContext = Pick<ActionContext, 'database' | 'clock' | 'publicUrl' | 'log'>;

const off = { enabled: false } as const;
const on = { enabled: true } as const;

/** oidc-provider, set up for what this house offers; every other feature is off. */
export function createProvider(context: ProviderContext, signingKeys: readonly JWK[]): Provider {
  const provider = new Provider(context.publicUrl, configuration(context, signingKeys));
  provider.Client.prototype.compareClientSecret = function compareClientSecret(secret) {
    return isClientSecret(context.database, this.clientId, secret);
  };
  registerPasswordGrant(provider, context);
  provider.on('server_error', (_ctx, error) => {
    context.log.error({ reason: rootReason(error) }, 'The authorization server failed to answer a request.');
  });
  return provider;
}

function configuration(context: ProviderContext, signingKeys: readonly JWK[]): Configuration {
  const audience = audienceOf(context.publicUrl);
  return {
    adapter: (model) => adapterFor(context, model),
    jwks: { keys: signingKeys.map((key) => ({ ...key, kty: 'EC' })) },
    scopes: [...permissions],
    responseTypes: [],
    clientAuthMethods: [...clientAuthenticationMethods],
    clientDefaults: { id_token_signed_response_alg: signatureAlgorithm },
    enabledJWA: { idTokenSigningAlgValues: [signatureAlgorithm] },
    ttl: { AccessToken: accessTokenLifetimeInSeconds, ClientCredentials: accessTokenLifetimeInSeconds },
    routes: {
      token: endpoints.token.path,
      jwks: endpoints.jwks.path,
      introspection: endpoints.introspection.path,
      revocation: endpoints.revocation.path,
    },
    features: {
      clientCredentials: on,
      introspection: on,
      revocation: on,
      devInteractions: off,
      userinfo: off,
      rpInitiatedLogout: off,
      pushedAuthorizationRequests: off,
      dPoP: off,
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        async getResourceServerInfo(ctx, _resource, client) {
          const resourceServer = await resourceServerFor(context, ctx, client, 'client');
          // The built-in grant takes the scope from the request, where an absent one means none.
          if (ctx.oidc.params) ctx.oidc.params['scope'] = resourceServer.scope;
          return resourceServer;
        },
      },
    },
    extraTokenClaims: async (_ctx, token) => ({
      subject_kind: token.kind === 'ClientCredentials' ? 'client' : 'user',
      client: (await findEnabledClient(context.database, token.clientId ?? ''))?.id,
    }),
    formats: {
      customizers: {
        /** oidc-provider stamps tokens by the machine's clock; ours live by the injected one. */
        jwt(_ctx, _token, { payload }) {
          const issuedAt = Math.floor(context.clock.now().getTime() / millisecondsPerSecond);
          payload['iat'] = issuedAt;
          payload['exp'] = issuedAt + accessTokenLifetimeInSeconds;
        },
      },
    },
    renderError(ctx: KoaContextWithOIDC, out) {
      ctx.body = out;
    },
  };
}
