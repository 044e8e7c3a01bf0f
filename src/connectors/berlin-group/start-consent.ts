import { Failure } from '../../domain/failure.ts';
import { millisecondsPerSecond } from '../../kernel/clock.ts';
import type { AuthorizationContinued, AuthorizationRequest, AuthorizationStarted, BankCall } from '../connector.ts';
import { beginOAuth } from '../oauth-access.ts';
import type { OAuthTokens } from '../oauth-access-tokens.ts';
import { browserLink, followLink } from '../page-link.ts';
import { readBerlinGroup } from './client.ts';
import { namesServer, oauthAccess, type BerlinGroupParts } from './oauth.ts';
import { postConsent, type ConsentCreated } from './post-consent.ts';
import { berlinGroupQuirks } from './quirks.ts';
import type { ConsentRequest, ConsentSession, PreStepSession } from './session.ts';
import { wireAuthorisation } from './wire.ts';

/** Sends the person to the bank: to confirm a consent, or where the bank wants a token first, to its OAuth2 pages. */
export async function startConsent(
  parts: BerlinGroupParts,
  call: BankCall,
  request: AuthorizationRequest,
): Promise<AuthorizationStarted> {
  const { preStepScope: scope } = berlinGroupQuirks(call.endpoint);
  if (scope !== undefined) {
    const { returnUrl, state } = request;
    const begun = await beginOAuth(oauthAccess(parts, call, undefined), { scope, returnUrl, state });
    const session: PreStepSession = { oauth: begun.pending, request };
    return { redirectUrl: begun.redirectUrl, bankConsentId: null, session, expiresAt: forgottenAt(call) };
  }
  const { redirectUrl, ...started } = await openConsent(parts, call, request);
  if (redirectUrl === null) throw new Failure('SCA_METHOD_UNSUPPORTED');
  return { redirectUrl, ...started };
}

/** Asks for the consent and finds the bank's page for the person by the links it gives; null where it gives none. */
export async function openConsent(
  parts: BerlinGroupParts,
  call: BankCall,
  request: ConsentRequest,
  tokens?: OAuthTokens,
  ibans: readonly string[] = [],
): Promise<AuthorizationContinued> {
  const created = await postConsent(parts, call, request, { tokens, ibans, prefersRedirect: true });
  const links = await authorisationLinks(parts, call, created, tokens);
  const { consentId } = created.consent;
  const { validUntil, frequencyPerDay } = request;
  const session: ConsentSession = {
    consentId,
    validUntil,
    frequencyPerDay,
    ...(tokens ? { tokens } : {}),
    ...(created.isForList ? { dedicated: request } : {}),
  };
  const browser = await browserStep(parts, call, { ...created, links }, request);
  return {
    redirectUrl: browser?.redirectUrl ?? null,
    bankConsentId: consentId,
    session: { ...session, ...browser?.session },
    expiresAt: forgottenAt(call),
  };
}

/** Where the bank wants the authorisation to be started by us, its answer has the links. */
async function authorisationLinks(
  { http }: BerlinGroupParts,
  call: BankCall,
  { consent, url, headers }: ConsentCreated,
  tokens: OAuthTokens | undefined,
): Promise<ConsentCreated['consent']['_links']> {
  const links = consent._links;
  const start = links.startAuthorisation ?? links.startAuthorisationWithPsuIdentification;
  if (links.scaRedirect !== undefined || links.scaOAuth !== undefined || start === undefined) return links;
  const target = followLink(call.endpoint.baseUrl, url, start);
  const request = { method: 'POST', target, resource: 'consent', tokens, headers, body: {} } as const;
  return (await readBerlinGroup(http, call, request, wireAuthorisation))._links;
}

type BrowserSession = Pick<ConsentSession, 'oauth' | 'metadataUrl' | 'confirmationUrl'>;

/** The page to which the links lead a browser, and what must be kept until it is back; null where they lead none. */
export async function browserStep(
  parts: BerlinGroupParts,
  call: BankCall,
  answer: {
    readonly consent: { readonly consentId: string };
    readonly url: URL;
    readonly links: ConsentCreated['consent']['_links'];
  },
  { returnUrl, state }: Pick<ConsentRequest, 'returnUrl' | 'state'>,
): Promise<{ readonly redirectUrl: string; readonly session: BrowserSession } | null> {
  const { endpoint } = call;
  const { scaOAuth, scaRedirect, confirmation } = answer.links;
  if (scaOAuth !== undefined) {
    const { oauth, consentScopePrefix } = berlinGroupQuirks(endpoint);
    const metadata = namesServer(oauth) ? {} : { metadataUrl: followLink(endpoint.baseUrl, answer.url, scaOAuth).href };
    const scope = `${consentScopePrefix}${answer.consent.consentId}`;
    const begun = await beginOAuth(oauthAccess(parts, call, metadata.metadataUrl), { scope, returnUrl, state });
    return { redirectUrl: begun.redirectUrl, session: { oauth: begun.pending, ...metadata } };
  }
  if (scaRedirect === undefined) return null;
  return {
    redirectUrl: browserLink(endpoint.baseUrl, scaRedirect).href,
    session:
      confirmation === undefined
        ? {}
        : { confirmationUrl: followLink(endpoint.baseUrl, answer.url, confirmation).href },
  };
}

/** When the bank forgets a consent that is asked for now and that nobody confirms. */
export function forgottenAt(call: BankCall): Date {
  const { unconfirmedConsentExpiresInSeconds } = berlinGroupQuirks(call.endpoint);
  return new Date(call.clock.now().getTime() + unconfirmedConsentExpiresInSeconds * millisecondsPerSecond);
}
