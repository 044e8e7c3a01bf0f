import { Failure } from '../../domain/failure.ts';
import type { SignInState } from '../connector.ts';
import { readGranted, readStatus } from './consent-state.ts';
import { challengeOf, codeFacts, commonOf, methodOptions, usableMethods } from './sign-in-challenge.ts';
import { giveAndRead, linkOf, type SignInExchange, type Standing } from './sign-in-exchange.ts';
import type { SignInStep } from './sign-in-step.ts';
import { browserStep } from './start-consent.ts';

/** Identification, password, method, and each once more for banks that ask twice. */
const stepsMax = 8;

/**
 * Follows the links that the bank gives, as far as that goes without the person: to a question, or to the end. `isAsked`
 * says whether he has been asked before, for then a consent that is rejected means that he failed. Throws
 * CREDENTIALS_INVALID, ACCOUNT_LOCKED, SCA_METHOD_UNSUPPORTED, SCA_FAILED, CONSENT_REJECTED.
 */
export async function advance(exchange: SignInExchange, start: Standing, isAsked: boolean): Promise<SignInState> {
  let standing = start;
  for (let count = 0; count < stepsMax; count += 1) {
    const outcome = (await question(exchange, standing)) ?? (await goOn(exchange, standing));
    if (outcome === null) return settle(exchange, standing, isAsked);
    if ('status' in outcome) return outcome;
    standing = outcome;
  }
  throw new Failure('BANK_ERROR', { message: 'The bank asks the same things again and again.' });
}

/** The question that the bank's links stand for; null where they ask for nothing of the person. */
async function question(exchange: SignInExchange, standing: Standing): Promise<SignInState | null> {
  const { call, request, session } = exchange;
  const { told } = standing;
  const common = commonOf(call, told, linkOf(exchange, standing, 'scaStatus'));
  const code = linkOf(exchange, standing, 'authoriseTransaction');
  if (code) return challenged(exchange, { kind: 'OTP', ...common, url: code.href, ...codeFacts(call, told) });
  const selection = linkOf(exchange, standing, 'selectAuthenticationMethod') ?? linkOf(exchange, standing, 'next');
  if (selection && told.scaMethods.length > 0) {
    const methods = usableMethods(told.scaMethods);
    if (methods.length === 0) throw new Failure('SCA_METHOD_UNSUPPORTED');
    if (methods.length === 1) return null;
    return challenged(exchange, { kind: 'CHOICE', ...common, url: selection.href, options: methodOptions(methods) });
  }
  const login = passwordLink(exchange, standing);
  const hasPassword = Boolean(request.credentials['password']);
  if (login && hasPassword) return null;
  const links = { consent: session, url: standing.url, links: told._links };
  const browser = await browserStep(exchange.parts, call, links, request);
  if (browser) {
    const waiting = { ...exchange, session: { ...session, ...browser.session } };
    return challenged(waiting, { kind: 'REDIRECT', ...common, url: browser.redirectUrl });
  }
  if (!login) return null;
  return challenged(exchange, { kind: 'PASSWORD', ...common, url: login.url.href, method: login.method });
}

/** Gives what we have of the person's; null when the bank asks for nothing more. */
async function goOn(exchange: SignInExchange, standing: Standing): Promise<Standing | null> {
  const { credentials } = exchange.request;
  const selection = linkOf(exchange, standing, 'selectAuthenticationMethod') ?? linkOf(exchange, standing, 'next');
  const [method] = usableMethods(standing.told.scaMethods);
  if (selection && method)
    return giveAndRead(exchange, 'PUT', selection, { authenticationMethodId: method.authenticationMethodId });
  const login = passwordLink(exchange, standing);
  if (login)
    return giveAndRead(exchange, login.method, login.url, { psuData: { password: credentials['password'] ?? '' } });
  const identification = linkOf(exchange, standing, 'updatePsuIdentification');
  if (identification) return giveAndRead(exchange, 'PUT', identification, {});
  const start =
    linkOf(exchange, standing, 'startAuthorisationWithPsuIdentification') ??
    linkOf(exchange, standing, 'startAuthorisation');
  return start && giveAndRead(exchange, 'POST', start, {});
}

/** Where a password goes; the link `next` of version 1.1 takes whatever is due, and methods are due where it names some. */
function passwordLink(
  exchange: SignInExchange,
  standing: Standing,
): { readonly method: 'PUT' | 'POST'; readonly url: URL } | null {
  const update = linkOf(exchange, standing, 'updatePsuAuthentication') ?? linkOf(exchange, standing, 'next');
  if (update) return { method: 'PUT', url: update };
  const start = linkOf(exchange, standing, 'startAuthorisationWithPsuAuthentication');
  return start && { method: 'POST', url: start };
}

/** Nothing is asked any more: the consent tells whether it is done, refused, or waits for the person's app. */
async function settle(exchange: SignInExchange, standing: Standing, isAsked: boolean): Promise<SignInState> {
  const { parts, call, session } = exchange;
  const status = await readStatus(parts.http, call, session);
  if (status === 'ACTIVE') return signedIn(exchange);
  const { told } = standing;
  const scaStatus = told.scaStatus?.trim().toLowerCase();
  if (status !== 'PENDING' || scaStatus === 'failed')
    // `started`: the question went to the app, and was answered before we looked.
    throw new Failure(isAsked || scaStatus === 'started' ? 'SCA_FAILED' : 'CONSENT_REJECTED');
  return challenged(exchange, {
    kind: 'APP_APPROVAL',
    ...commonOf(call, told, linkOf(exchange, standing, 'scaStatus')),
    comparisonCode: told.challengeData?.data[0] ?? null,
  });
}

/** A state that waits for the person. */
export function challenged({ session }: SignInExchange, step: SignInStep): SignInState {
  return { status: 'CHALLENGED', session: { ...session, step }, challenge: challengeOf(step) };
}

/** The end of it, with what the bank granted. */
export async function signedIn({ parts, call, session }: SignInExchange): Promise<SignInState> {
  const { validUntil, frequencyPerDay, session: settled } = await readGranted(parts.http, call, session);
  return { status: 'SIGNED_IN', session: settled, validUntil, frequencyPerDay, bankConsentId: session.consentId };
}
