import * as oauth from 'oauth4webapi';
import { Failure } from '../domain/failure.ts';
import { millisecondsPerSecond, systemClock } from '../kernel/clock.ts';
import type { BankIdentity } from './bank-identity.ts';
import { oauthFetch } from './oauth-access-fetch.ts';
import type { OAuthAccess } from './oauth-access-settings.ts';

/** What the protocol library wants of us for calls to one server. */
interface OAuthClient {
  readonly client: oauth.Client;
  readonly authentication: oauth.ClientAuth;
  /** Also allows http: addresses were checked when the server was found. */
  readonly options: {
    readonly [oauth.allowInsecureRequests]: true;
    readonly [oauth.customFetch]: ReturnType<typeof oauthFetch>;
  };
}

/** Who we are to an authorization server, and how we prove it; throws CONNECTOR_CONFIG_INVALID where we cannot. */
export function oauthClient(access: OAuthAccess, server: oauth.AuthorizationServer): OAuthClient {
  const method = authenticationMethod(access, server);
  const secret = access.identity.clientSecret ?? '';
  const authentications = {
    tls_client_auth: () => oauth.TlsClientAuth(),
    client_secret_basic: () => oauth.ClientSecretBasic(secret),
    client_secret_post: () => oauth.ClientSecretPost(secret),
  };
  const ahead = access.call.clock.now().getTime() - systemClock.now().getTime();
  return {
    client: {
      client_id: access.identity.clientId,
      use_mtls_endpoint_aliases: access.identity.tls !== undefined,
      // The library reads the machine's clock and lets us say how far ours is ahead of it.
      [oauth.clockSkew]: Math.round(ahead / millisecondsPerSecond),
    },
    authentication: authentications[method](),
    options: { [oauth.allowInsecureRequests]: true, [oauth.customFetch]: oauthFetch(access) },
  };
}

const methods = ['tls_client_auth', 'client_secret_basic', 'client_secret_post'] as const;
type Method = (typeof methods)[number];

function authenticationMethod({ settings, identity }: OAuthAccess, server: oauth.AuthorizationServer): Method {
  // A server whose metadata says nothing takes client_secret_basic (RFC 8414, section 2).
  const taken = settings.clientAuthentication
    ? [settings.clientAuthentication]
    : (server.token_endpoint_auth_methods_supported ?? ['client_secret_basic', 'tls_client_auth']);
  const method = methods.find((candidate) => taken.includes(candidate) && canDo(identity, candidate));
  if (method) return method;
  throw new Failure('CONNECTOR_CONFIG_INVALID', {
    message: 'Our identity at the bank has neither the certificate nor the secret that the bank asks for.',
  });
}

function canDo(identity: BankIdentity, method: Method): boolean {
  return method === 'tls_client_auth' ? identity.tls !== undefined : identity.clientSecret !== undefined;
}
