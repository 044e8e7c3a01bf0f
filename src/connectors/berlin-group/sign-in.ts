import { Failure } from '../../domain/failure.ts';
import type { FailureCode } from '../../domain/failure-catalogue.ts';
import type { BankCall, BankSession, ConsentState, SignIn, SignInRequest, SignInState } from '../connector.ts';
import { readStatus } from './consent-state.ts';
import type { BerlinGroupParts } from './oauth.ts';
import { postConsent } from './post-consent.ts';
import { readConsentSession } from './session.ts';
import { advance, signedIn } from './sign-in-advance.ts';
import { ibansFor, psuIdHeaders, type SignInExchange } from './sign-in-exchange.ts';
import { answerStep } from './sign-in-answer.ts';
import type { SignInStep } from './sign-in-step.ts';

/**
 * Access at a bank that confirms consents without pages of its own: in its app (decoupled), or through us (EmbeddedSca).
 * Credentials: `psuId`, where the bank asks for them `password` and `psuCorporateId`, and `iban` for banks that open
 * accounts by their number. Where such a bank wants the browser after all, that is a challenge on the way.
 */
export function createSignIn(parts: BerlinGroupParts): SignIn {
  const begin = async (call: BankCall, request: SignInRequest): Promise<SignInState> => {
    const known = request.session && (await findGood(parts, call, request, request.session));
    if (known) return known;
    if (!call.psu) throw new Failure('SCA_REQUIRED');
    const { credentials, validUntil, frequencyPerDay } = request;
    const psuHeaders = psuIdHeaders(call, credentials);
    const options = { psuHeaders, ibans: ibansFor(call, credentials), prefersRedirect: false };
    const { consent, url } = await postConsent(parts, call, request, options);
    const session = { consentId: consent.consentId, validUntil, frequencyPerDay };
    return advance({ parts, call, request, session }, { told: consent, url }, false);
  };
  return {
    begin,
    async proceed(call, request, answer, returnParameters) {
      const session = readConsentSession(request.session);
      if (!session.step) return begin(call, request);
      return answerStep({ parts, call, request, session }, session.step, answer, returnParameters);
    },
  };
}

/** What a challenge wants that nobody is there to answer. */
const failureOfStep: Readonly<Record<SignInStep['kind'], FailureCode>> = {
  OTP: 'SCA_OTP_REQUIRED',
  APP_APPROVAL: 'SCA_DECOUPLED_PENDING',
  REDIRECT: 'SCA_REDIRECT_REQUIRED',
  CHOICE: 'SCA_REQUIRED',
  PASSWORD: 'SCA_REQUIRED',
};

const failureOfStatus: Readonly<Record<Exclude<ConsentState['status'], 'ACTIVE'>, FailureCode>> = {
  PENDING: 'SCA_REQUIRED',
  REJECTED: 'CONSENT_REJECTED',
  EXPIRED: 'CONSENT_EXPIRED',
  REVOKED: 'CONSENT_REVOKED_AT_BANK',
};

/** Signed in by a consent that is still valid. Otherwise null, or where nobody is present, thrown: why it is not. */
async function findGood(
  parts: BerlinGroupParts,
  call: BankCall,
  request: SignInRequest,
  kept: BankSession,
): Promise<SignInState | null> {
  const session = readConsentSession(kept);
  const status = await readStatus(parts.http, call, session);
  // A token of the consent can only come with the browser.
  const isGood = status === 'ACTIVE' && !session.oauth;
  if (isGood) return signedIn({ parts, call, request, session } satisfies SignInExchange);
  if (call.psu) return null;
  const isWaiting = status === 'PENDING' || status === 'ACTIVE';
  throw new Failure(
    isWaiting && session.step ? failureOfStep[session.step.kind] : failureOfStatus[isWaiting ? 'PENDING' : status],
  );
}
