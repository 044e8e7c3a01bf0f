import { Failure } from '../../domain/failure.ts';
import type { FailureCode } from '../../domain/failure-catalogue.ts';
import type { CalendarDate } from '../../kernel/calendar-date.ts';
import { millisecondsPerSecond } from '../../kernel/clock.ts';
import { identityFor } from '../bank-identity.ts';
import { cleanName } from '../bank-text.ts';
import type {
  AuthorizationRequest,
  AuthorizationStarted,
  BankCall,
  BankSession,
  ConsentState,
  KeepSession,
} from '../connector.ts';
import { beginOAuth, finishOAuth } from '../oauth-access.ts';
import type { OAuthAccess } from '../oauth-access-settings.ts';
import { isLive, renewTokens, revokeTokens } from '../oauth-access-tokens.ts';
import { callStet, readAnswer, type StetBank } from './client.ts';
import { putConsent } from './detailed-consent.ts';
import { stetQuirks } from './quirks.ts';
import { isOver, openSession, readSession, type ActiveSession } from './session.ts';
import { wireIdentity } from './wire.ts';

function oauthAccess({ http, identities }: StetBank, call: BankCall): OAuthAccess {
  const { oauth } = stetQuirks(call.endpoint);
  return { http, call, identity: identityFor(identities, call.endpoint), settings: oauth };
}

/** The bank's page for the person; nothing exists at the bank before he is there (STET 1.4, authorization code grant). */
export async function startAccess(
  bank: StetBank,
  call: BankCall,
  { returnUrl, state, validUntil, frequencyPerDay }: AuthorizationRequest,
): Promise<AuthorizationStarted> {
  const { scope, authorizationExpiresInSeconds } = stetQuirks(call.endpoint);
  const { redirectUrl, pending } = await beginOAuth(oauthAccess(bank, call), { scope, returnUrl, state });
  const expiresAt = new Date(call.clock.now().getTime() + authorizationExpiresInSeconds * millisecondsPerSecond);
  const session = {
    step: 'PENDING',
    oauth: pending,
    expiresAt: expiresAt.toISOString(),
    // The bank tells no day: it is the one that its provider's entry knows.
    validUntil,
    frequencyPerDay,
  };
  return { redirectUrl, bankConsentId: null, session, expiresAt };
}

/**
 * What became of the access. The bank has no consent to be asked about: the browser brings the person's decision, and
 * afterwards a list of accounts that is refused tells the end. The list is asked for with the person only, because it
 * would cost one of the four calls a day.
 */
export async function readAccess(
  bank: StetBank,
  call: BankCall,
  given: BankSession,
  returnParameters: Readonly<Record<string, string>> | undefined,
): Promise<ConsentState> {
  const session = readSession(given);
  if (session.step === 'PENDING') {
    if (returnParameters === undefined)
      return { status: Date.parse(session.expiresAt) > call.clock.now().getTime() ? 'PENDING' : 'EXPIRED' };
    const tokens = await finishOAuth(oauthAccess(bank, call), session.oauth, returnParameters);
    if (!tokens) return { status: 'REJECTED' };
    const { validUntil, frequencyPerDay } = session;
    const granted = { step: 'ACTIVE' as const, tokens, ownerName: null, validUntil, frequencyPerDay };
    return activeState({ ...granted, ownerName: await readOwnerName(bank, call, granted) });
  }
  if (isOver(call, session)) return { status: 'EXPIRED' };
  if (call.psu && isLive(session.tokens, { call })) {
    const answer = await callStet(bank, call, session, { method: 'GET', target: 'accounts', resource: 'access' });
    if (answer.isRefused) {
      if (answer.failure.code === 'CONSENT_EXPIRED') return { status: 'EXPIRED' };
      if (answer.failure.code === 'CONSENT_REVOKED_AT_BANK') return { status: 'REVOKED' };
      throw answer.failure;
    }
  }
  return activeState(session);
}

function activeState(session: ActiveSession): ConsentState {
  const { validUntil, frequencyPerDay }: { validUntil: CalendarDate; frequencyPerDay: number } = session;
  return { status: 'ACTIVE', validUntil, frequencyPerDay, session };
}

const nameWaitMilliseconds = 3000;

/**
 * The name of the person who approved. Whatever goes wrong, the tokens were given and must reach the caller, for a code
 * serves once: a name that cannot be had is null.
 */
async function readOwnerName(bank: StetBank, call: BankCall, session: ActiveSession): Promise<string | null> {
  const quirks = stetQuirks(call.endpoint);
  if (quirks.ownerName === 'not-asked') return null;
  const request = { method: 'GET', target: 'end-user-identity', resource: 'access' } as const;
  // The person waits for his return, and the name is not worth long.
  const signal = AbortSignal.any([call.signal, AbortSignal.timeout(nameWaitMilliseconds)]);
  const hurried = { ...call, signal };
  try {
    let answer = await callStet(bank, hurried, session, request);
    if (answer.isRefused && quirks.consentModel === 'mixed') {
      await putConsent(bank, hurried, session, []);
      answer = await callStet(bank, hurried, session, request);
    }
    return cleanName(readAnswer(answer, wireIdentity)?.connectedPsu);
  } catch (error) {
    if (error instanceof Failure || signal.aborted) return null;
    throw error;
  }
}

/** See `Connector.renewSession`: refresh tokens serve once at many banks. */
export async function renewAccess(bank: StetBank, call: BankCall, given: BankSession): Promise<BankSession | null> {
  const session = openSession(call, given);
  const tokens = await renewTokens(oauthAccess(bank, call), session.tokens, false);
  return tokens && { ...session, tokens };
}

/**
 * Ends the access: the tokens where the bank lets them be revoked, else, in the mixed model, what was consented to. A
 * bank that offers neither forgets us when the tokens that we drop have run out.
 */
export async function endAccess(bank: StetBank, call: BankCall, given: BankSession, keep?: KeepSession): Promise<void> {
  const session = readSession(given);
  // Nobody approved, so that the bank knows of nothing.
  if (session.step === 'PENDING') return;
  const access = oauthAccess(bank, call);
  try {
    if (await revokeTokens(access, session.tokens)) return;
    if (stetQuirks(call.endpoint).consentModel !== 'mixed' || isOver(call, session)) return;
    const tokens = await renewTokens(access, session.tokens, false);
    if (tokens) await keep?.({ ...session, tokens });
    await putConsent(bank, call, { ...session, tokens: tokens ?? session.tokens }, []);
  } catch (error) {
    if (!(error instanceof Failure) || !ended.has(error.code)) throw error;
  }
}

/** What a bank says of an access that is over already. */
const ended = new Set<FailureCode>(['CONSENT_EXPIRED', 'CONSENT_REVOKED_AT_BANK']);
