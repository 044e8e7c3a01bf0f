import { interactionPolicy, Provider, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import type { ActionContext } from '../actions/context.ts';
import { millisecondsPerSecond } from '../kernel/clock.ts';
import { permissions } from '../domain/viewer.ts';
import { parseId } from '../kernel/id.ts';
import { isUserThere } from '../store/users.ts';
import { adapterFor } from './adapter.ts';
import { audienceOf, endpoints } from './addresses.ts';
import { hasSubject, type CertificateOf } from './client-certificate.ts';
import { isClientSecret } from './client-metadata.ts';
import * as lifetimes from './lifetimes.ts';
import { assertionAlgorithms, clientAuthenticationMethods } from './metadata.ts';
import { errorPage } from './pages/error-page.ts';
import { findParty } from './party.ts';
import { registerPasswordGrant } from './password-grant.ts';
import { resourceServerFor } from './resource-server.ts';
import { rootReason } from './root-reason.ts';
import { signatureAlgorithm, signingNow, type SigningKey } from './signing-keys.ts';

export interface ProviderContext extends Pick<ActionContext, 'database' | 'clock' | 'publicUrl' | 'log'> {
  /** Null where no certificate can reach us: then none is offered as a proof. */
  readonly certificateOf: CertificateOf | null;
}

const off = { enabled: false } as const;
const on = { enabled: true } as const;

/** oidc-provider, set up for what this house offers with these signing keys; every other feature is off. */
export function createProvider(context: ProviderContext, signingKeys: readonly SigningKey[]): Provider {
  const provider = new Provider(context.publicUrl, configuration(context, signingKeys));
  // The public address is set on every request, whatever its sender says (authorization-server.ts).
  provider.proxy = true;
  provider.Client.prototype.compareClientSecret = function compareClientSecret(secret) {
    return isClientSecret(context, this.clientId, secret);
  };
  registerPasswordGrant(provider, { ...context, signingKeyId: () => signerOf(context, signingKeys) });
  provider.on('server_error', (_ctx, error) => {
    context.log.error({ reason: rootReason(error) }, 'The authorization server failed to answer a request.');
  });
  return provider;
}

function signerOf({ clock }: Pick<ProviderContext, 'clock'>, signingKeys: readonly SigningKey[]): string {
  const signer = signingNow(signingKeys, clock.now());
  if (!signer) throw new Error('No signing key is in force.');
  return signer.jwk.kid;
}

function configuration(context: ProviderContext, signingKeys: readonly SigningKey[]): Configuration {
  const { database, clock, certificateOf } = context;
  const audience = audienceOf(context.publicUrl);
  const isTlsOffered = certificateOf !== null;
  return {
    adapter: (model) => adapterFor({ database, clock, isTlsOffered }, model),
    jwks: { keys: signingKeys.map(({ jwk }) => ({ ...jwk, kty: 'EC' })) },
    scopes: [...permissions],
    responseTypes: ['code'],
    pkce: { required: () => true },
    allowOmittingSingleRegisteredRedirectUri: false,
    clientAuthMethods: clientAuthenticationMethods(isTlsOffered),
    clientDefaults: { id_token_signed_response_alg: signatureAlgorithm },
    enabledJWA: {
      idTokenSigningAlgValues: [signatureAlgorithm],
      clientAuthSigningAlgValues: [...assertionAlgorithms],
    },
    ttl: {
      AccessToken: lifetimes.accessTokenLifetimeInSeconds,
      ClientCredentials: lifetimes.accessTokenLifetimeInSeconds,
      AuthorizationCode: lifetimes.authorizationCodeLifetimeInSeconds,
      Interaction: lifetimes.interactionLifetimeInSeconds,
      RefreshToken: lifetimes.refreshTokenIdleLifetimeInSeconds,
      Grant: lifetimes.grantLifetimeInSeconds,
      // A session only carries a login to the end of the one request that asked for it.
      Session: lifetimes.authorizationCodeLifetimeInSeconds,
    },
    routes: {
      authorization: endpoints.authorization.path,
      token: endpoints.token.path,
      jwks: endpoints.jwks.path,
      introspection: endpoints.introspection.path,
      revocation: endpoints.revocation.path,
    },
    interactions: {
      policy: loginAndConsentEveryTime(),
      url: (_ctx, interaction) => endpoints.interaction.path + interaction.uid,
    },
    async findAccount(ctx, accountId) {
      const userId = parseId('user', accountId);
      const party = ctx.oidc.client ? await findParty(database, ctx.oidc.client.clientId) : null;
      if (!userId || !party || !(await isUserThere(database, party.clientId, userId))) return undefined;
      return { accountId, claims: () => ({ sub: accountId }) };
    },
    issueRefreshToken: () => true,
    rotateRefreshToken: true,
    expiresWithSession: () => false,
    revokeGrantPolicy: () => true,
    features: {
      clientCredentials: on,
      introspection: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
      revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
      devInteractions: off,
      userinfo: off,
      rpInitiatedLogout: off,
      pushedAuthorizationRequests: off,
      dPoP: off,
      mTLS: {
        enabled: isTlsOffered,
        tlsClientAuth: true,
        selfSignedTlsClientAuth: true,
        getCertificate: (ctx) => certificateOf?.(ctx.req)?.certificate,
        certificateAuthorized: (ctx) => certificateOf?.(ctx.req)?.isTrusted ?? false,
        certificateSubjectMatches(ctx, _property, expected) {
          const found = certificateOf?.(ctx.req);
          return found ? hasSubject(found.certificate, expected) : false;
        },
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        async getResourceServerInfo(ctx, _resource, client) {
          const signingKeyId = () => signerOf(context, signingKeys);
          const resourceServer = await resourceServerFor({ ...context, signingKeyId }, ctx, client);
          // The built-in grants take the scope from the request, where an absent one means none.
          const isRefresh = ctx.oidc.params?.['grant_type'] === 'refresh_token';
          if (ctx.oidc.params && !isRefresh) ctx.oidc.params['scope'] = resourceServer.scope;
          return resourceServer;
        },
      },
    },
    extraTokenClaims: async (_ctx, token) => ({
      subject_kind: token.kind === 'ClientCredentials' ? 'client' : 'user',
      client: (await findParty(database, token.clientId ?? ''))?.clientId,
      ...('grantId' in token && token.grantId ? { grant_id: token.grantId } : {}),
    }),
    formats: {
      customizers: {
        /** oidc-provider stamps tokens by the machine's clock; ours live by the injected one. */
        jwt(_ctx, _token, { payload }) {
          const issuedAt = Math.floor(clock.now().getTime() / millisecondsPerSecond);
          payload['iat'] = issuedAt;
          payload['exp'] = issuedAt + lifetimes.accessTokenLifetimeInSeconds;
        },
      },
    },
    renderError(ctx: KoaContextWithOIDC, out) {
      const route = ctx.oidc?.route;
      if (route === 'authorization' || route === 'resume') errorPage(ctx.req, ctx.res, ctx.status, out.error);
      else ctx.body = out;
    },
  };
}

/** Nobody stays logged in here: whoever sits at the browser next must not let a third party in with one click. */
function loginAndConsentEveryTime(): interactionPolicy.DefaultPolicy {
  const policy = interactionPolicy.base();
  policy.clear();
  const { Check, Prompt } = interactionPolicy;
  const isMissing = ({ oidc }: KoaContextWithOIDC) => !(oidc.result?.login && oidc.result.consent);
  const description = 'The user must log in and approve.';
  policy.add(new Prompt({ name: 'login', requestable: true }, new Check('needed', description, isMissing)));
  policy.add(new Prompt({ name: 'consent', requestable: true }));
  return policy;
}
