import * as oauth from 'oauth4webapi';
import { z } from 'zod';
import { Failure } from '../domain/failure.ts';
import { oauthFetch } from './oauth-access-fetch.ts';
import type { OAuthAccess } from './oauth-access-settings.ts';

/** The issuer of a server of which only the addresses are known: no `iss` can be compared with it. */
const unknownIssuer = 'urn:unknown';

const methodNames = z.array(z.string());

/**
 * The authorization server of a bank, by its metadata and the quirks of its provider. The addresses that we call
 * ourselves are of the issuer's or the interface's own origin unless a quirk names them: they receive our secret and our
 * certificate, so a bank's answer does not choose them. Throws BANK_ERROR, or CONNECTOR_CONFIG_INVALID where neither
 * metadata nor quirks tell an address.
 */
export async function findAuthorizationServer(access: OAuthAccess): Promise<oauth.AuthorizationServer> {
  const { settings, call } = access;
  const metadata = await readMetadata(access);
  const origins = new Set([new URL(call.endpoint.baseUrl).origin]);
  for (const address of [settings.metadataUrl, settings.issuer]) if (address) origins.add(new URL(address).origin);
  const own = (address: unknown) => (isSecureAddress(address) && origins.has(new URL(address).origin) ? address : null);
  const aliases = metadata?.mtls_endpoint_aliases;
  const tokenAlias = own(aliases?.token_endpoint);
  const revocationAlias = own(aliases?.revocation_endpoint);
  const authorizationEndpoint = settings.authorizationEndpoint ?? metadata?.authorization_endpoint;
  const tokenEndpoint = settings.tokenEndpoint ?? own(metadata?.token_endpoint);
  const revocationEndpoint = settings.revocationEndpoint ?? own(metadata?.revocation_endpoint);
  const methods = methodNames.safeParse(metadata?.token_endpoint_auth_methods_supported).data;
  if (!isSecureAddress(authorizationEndpoint) || !isSecureAddress(tokenEndpoint))
    throw new Failure(metadata ? 'BANK_ERROR' : 'CONNECTOR_CONFIG_INVALID', {
      message: 'The addresses of the bank’s authorization server are not known, not secure, or of another origin.',
    });
  return {
    issuer: metadata?.issuer ?? settings.issuer ?? unknownIssuer,
    authorization_endpoint: authorizationEndpoint,
    token_endpoint: tokenEndpoint,
    ...(isSecureAddress(revocationEndpoint) ? { revocation_endpoint: revocationEndpoint } : {}),
    ...(methods ? { token_endpoint_auth_methods_supported: methods } : {}),
    authorization_response_iss_parameter_supported: metadata?.authorization_response_iss_parameter_supported === true,
    mtls_endpoint_aliases: {
      ...(tokenAlias && !settings.tokenEndpoint ? { token_endpoint: tokenAlias } : {}),
      ...(revocationAlias && !settings.revocationEndpoint ? { revocation_endpoint: revocationAlias } : {}),
    },
  };
}

/** Whether the `iss` of an answer can be compared with this server's. */
export function hasKnownIssuer(server: oauth.AuthorizationServer): boolean {
  return server.issuer !== unknownIssuer;
}

/** The metadata as the bank gives it; null where no quirk says that there is any, or all is told. */
async function readMetadata(access: OAuthAccess): Promise<oauth.AuthorizationServer | null> {
  const { settings } = access;
  const issuer = settings.issuer === undefined ? null : new URL(settings.issuer);
  if (settings.metadataUrl !== undefined) {
    requireSecure(settings.metadataUrl);
    const answer = await oauthFetch(access)(settings.metadataUrl, { method: 'GET', headers: acceptJson, body: null });
    const named = await issuerNamedBy(answer.clone());
    // The document speaks for its own origin only, or for the issuer that the provider's entry names.
    const expected = issuer ?? (named?.origin === new URL(settings.metadataUrl).origin ? named : null);
    if (!expected) throw unusable();
    return processMetadata(expected, answer);
  }
  const isTold = settings.authorizationEndpoint !== undefined && settings.tokenEndpoint !== undefined;
  if (!issuer || isTold) return null;
  requireSecure(issuer.href);
  const answer = await oauth.discoveryRequest(issuer, {
    algorithm: 'oauth2',
    [oauth.allowInsecureRequests]: true,
    [oauth.customFetch]: oauthFetch(access),
  });
  return processMetadata(issuer, answer);
}

const acceptJson = { accept: 'application/json' };

async function issuerNamedBy(answer: Response): Promise<URL | null> {
  const body: unknown = await answer.json().catch(() => null);
  return URL.parse(z.object({ issuer: z.string() }).safeParse(body).data?.issuer ?? '');
}

async function processMetadata(issuer: URL, answer: Response): Promise<oauth.AuthorizationServer> {
  try {
    return await oauth.processDiscoveryResponse(issuer, answer);
  } catch (error) {
    throw unusable(error);
  }
}

function unusable(cause?: unknown): Failure {
  return new Failure('BANK_ERROR', { message: 'The bank’s authorization server gives no usable metadata.', cause });
}

/** An https address, or an http one on this machine, which is where sandboxes run. */
function isSecureAddress(address: unknown): address is string {
  const url = typeof address === 'string' && address.length <= 4000 ? URL.parse(address) : null;
  if (!url || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

/** Throws CONNECTOR_CONFIG_INVALID for an address of the provider's entry that would send secrets in the clear. */
function requireSecure(address: string): void {
  if (isSecureAddress(address)) return;
  throw new Failure('CONNECTOR_CONFIG_INVALID', {
    message: 'The bank’s authorization server must be reached by https.',
  });
}
