import { errors, interactionPolicy, Provider, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import type { Bank } from '../bank.ts';
import { certificateOfCaller, type Gate } from '../certificates/gate.ts';
import { adapterFor } from './adapter.ts';
import { accountsResource, issuerOf, oauthRoutes } from './addresses.ts';
import { findThirdParty, isRedirectUriAllowed } from './client-metadata.ts';
import { errorPage, errorPageHeaders } from './error-page.ts';
import { startInteraction } from './interaction.ts';
import type { OauthKeys } from './keys.ts';
import type { OauthRecords } from './records.ts';
import { chainSeconds, isKnownScope } from './scopes.ts';

const off = { enabled: false } as const;
const codeSeconds = 60;

/** oidc-provider, set up as the bank's authorization server for one origin; what it keeps is in `records`. */
export function createProvider(
  bank: Bank,
  records: OauthRecords,
  keys: OauthKeys,
  origin: string,
  gate: Gate,
): Provider {
  const provider = new Provider(issuerOf(origin), {
    ...fixedParts(bank),
    adapter: (model) => adapterFor(bank, records, model),
    jwks: { keys: [keys.signingKey] },
    cookies: { keys: [keys.cookieSecret] },
    interactions: {
      policy: [personDecides()],
      url: (_ctx, interaction) => startInteraction(bank, records, origin, interaction),
    },
    features: {
      devInteractions: off,
      userinfo: off,
      rpInitiatedLogout: off,
      pushedAuthorizationRequests: off,
      dPoP: off,
      revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
      mTLS: {
        enabled: true,
        tlsClientAuth: true,
        certificateBoundAccessTokens: true,
        getCertificate: (ctx) => certificateOfCaller(ctx.req)?.node,
        certificateAuthorized(ctx) {
          const certificate = certificateOfCaller(ctx.req);
          return certificate !== null && gate.isTrusted(certificate);
        },
        certificateSubjectMatches: (ctx, _property, expected) =>
          certificateOfCaller(ctx.req)?.organizationIdentifier === expected,
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => accountsResource,
        useGrantedResource: () => true,
        getResourceServerInfo: (ctx, resource) => {
          if (resource !== accountsResource) throw new errors.InvalidTarget();
          return {
            scope: knownScopes(bank, ctx).join(' '),
            accessTokenFormat: 'opaque',
            accessTokenTTL: bank.scenario().bank.accessTokenSeconds,
          };
        },
      },
    },
  });
  provider.Client.prototype.redirectUriAllowed = function redirectUriAllowed(uri) {
    const thirdParty = findThirdParty(bank.scenario(), this.clientId);
    return thirdParty !== null && isRedirectUriAllowed(thirdParty, uri);
  };
  // Behind a proxy that ends TLS, the scheme is what the proxy says.
  provider.proxy = origin.startsWith('https:');
  provider.on('server_error', (_ctx, error) => {
    bank.log.error({ err: error }, 'The authorization server of the test bank failed.');
  });
  return provider;
}

function fixedParts(bank: Bank): Configuration {
  const chain = (consentId: string | undefined) => chainSeconds(bank, consentId);
  return {
    routes: { ...oauthRoutes },
    scopes: [],
    responseTypes: ['code'],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'tls_client_auth'],
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    pkce: { required: () => true },
    rotateRefreshToken: () => bank.scenario().bank.switches.refreshTokens === 'rotating',
    issueRefreshToken: () => true,
    expiresWithSession: () => false,
    // The subject is the consent: when that ends, its tokens are worth nothing.
    findAccount: (_ctx, sub) =>
      bank.consents.find(sub)?.status === 'valid' ? { accountId: sub, claims: () => ({ sub }) } : undefined,
    ttl: {
      AccessToken: () => bank.scenario().bank.accessTokenSeconds,
      AuthorizationCode: codeSeconds,
      Interaction: () => bank.scenario().bank.authorisationSeconds,
      Session: () => bank.scenario().bank.authorisationSeconds,
      Grant: (_ctx, grant) => chain(grant.accountId),
      RefreshToken: (_ctx, token) => chain(token.accountId),
    },
    async renderError(ctx, out) {
      ctx.type = 'html';
      ctx.set(errorPageHeaders);
      ctx.body = await errorPage(bank, { target: ctx.url, acceptLanguage: ctx.get('accept-language') }, out);
    },
  };
}

/** Every authorisation asks the person: nothing is remembered from an earlier one. */
function personDecides(): interactionPolicy.Prompt {
  return new interactionPolicy.Prompt(
    { name: 'login', requestable: true },
    new interactionPolicy.Check('authentication_required', 'the person must authenticate', 'login_required', (ctx) =>
      ctx.oidc.result?.login ? interactionPolicy.Check.NO_NEED_TO_PROMPT : interactionPolicy.Check.REQUEST_PROMPT,
    ),
  );
}

function knownScopes(bank: Bank, ctx: KoaContextWithOIDC): string[] {
  const { params, entities } = ctx.oidc;
  const scope = params?.['scope'] ?? entities.RefreshToken?.scope ?? entities.AuthorizationCode?.scope;
  const asked = typeof scope === 'string' ? scope.split(' ').filter((part) => part !== '') : [];
  const [only, ...others] = asked;
  if (only === undefined || others.length > 0 || !isKnownScope(bank, only)) {
    throw new errors.InvalidScope('scope must be aisp, AIS or AIS:<consentId> of an open consent', asked.join(' '));
  }
  return [only];
}
