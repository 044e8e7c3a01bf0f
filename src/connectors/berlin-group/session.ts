import { z } from 'zod';
import type { BankSession } from '../connector.ts';
import { oauthPending } from '../oauth-access.ts';
import { oauthTokens } from '../oauth-access-tokens.ts';
import { signInStep } from './sign-in-step.ts';

const consentRequest = z.object({
  returnUrl: z.string(),
  state: z.string(),
  validUntil: z.string(),
  frequencyPerDay: z.int(),
});
/** What a consent is asked with; kept where it is asked for after a visit to the bank. */
export type ConsentRequest = z.infer<typeof consentRequest>;

const consentSession = z.object({
  consentId: z.string(),
  validUntil: z.string(),
  frequencyPerDay: z.int(),
  tokens: oauthTokens.optional(),
  /** Where the bank's link says that the metadata of its authorization server is. */
  metadataUrl: z.string().optional(),
  /** The person is at the authorization server, to confirm this consent. */
  oauth: oauthPending.optional(),
  /** Where the code goes with which the browser comes back. */
  confirmationUrl: z.string().optional(),
  /** This consent only lists accounts; the one that opens them is to be asked for so. */
  dedicated: consentRequest.optional(),
  /** What a person who is signing in was asked last. */
  step: signInStep.optional(),
});
export type ConsentSession = z.infer<typeof consentSession>;

/** The person is at the authorization server, and the consent is not asked for yet. */
const preStepSession = z.object({ oauth: oauthPending, request: consentRequest });
export type PreStepSession = z.infer<typeof preStepSession>;

const anySession = z.union([consentSession, preStepSession]);

/** The session as this connector made it. */
export function readSession(session: BankSession): ConsentSession | PreStepSession {
  return anySession.parse(session);
}

/** The session of a consent that the bank knows. */
export function readConsentSession(session: BankSession): ConsentSession {
  return consentSession.parse(session);
}

/** What is needed of a session once the person has confirmed. */
export function settledSession(session: ConsentSession): ConsentSession {
  const { consentId, validUntil, frequencyPerDay, tokens, metadataUrl } = session;
  return {
    consentId,
    validUntil,
    frequencyPerDay,
    ...(tokens ? { tokens } : {}),
    ...(metadataUrl === undefined ? {} : { metadataUrl }),
  };
}
