import { z } from 'zod';
import { Failure, invalidInput } from '../../domain/failure.ts';
import type { FailureCode } from '../../domain/failure-catalogue.ts';
import { isCalendarDate } from '../../kernel/calendar-date.ts';
import { millisecondsPerSecond } from '../../kernel/clock.ts';
import type { BankHttp } from '../bank-http.ts';
import type { AuthorizationRequest, AuthorizationStarted, BankCall, BankSession, ConsentState } from '../connector.ts';
import { browserLink, followLink } from '../page-link.ts';
import { callBerlinGroup, readBerlinGroup, readBody } from './client.ts';
import { berlinGroupQuirks, type BerlinGroupQuirks } from './quirks.ts';
import { wireAuthorisationCreated, wireConsent, wireConsentCreated, wireConsentStatus } from './wire.ts';

const psuNeeded =
  'Banks want the address of the person who gives access. Ask with the user’s token from his device, or send it in the request header PSU-IP-Address.';

const sessionSchema = z.object({ consentId: z.string(), validUntil: z.string(), frequencyPerDay: z.int() });

/** What a later call needs of the session that `startConsent` returned. */
export function consentIdOf(session: BankSession): string {
  return sessionSchema.parse(session).consentId;
}

const accessByQuirk = {
  'bank-offered': { accounts: [], balances: [], transactions: [] },
  global: { allPsd2: 'allAccounts' },
} as const satisfies Record<BerlinGroupQuirks['consentAccess'], object>;

/** Set on the address for a refused approval, for the standard promises no parameter that would tell. */
const refusedParameter = 'bank_outcome';

/** Creates the consent and finds the bank's page by the links it gives (Implementation Guidelines 1.3.x, 6.3 and 5). */
export async function startConsent(
  http: BankHttp,
  call: BankCall,
  request: AuthorizationRequest,
): Promise<AuthorizationStarted> {
  // PSU-IP-Address is mandatory on POST /consents; the caller can say it, and the bank's refusal would not tell how.
  if (!call.psu) throw invalidInput([{ path: ['PSU-IP-Address'], message: psuNeeded }]);
  const quirks = berlinGroupQuirks(call.endpoint);
  const returnUrl = new URL(request.returnUrl);
  returnUrl.searchParams.set('state', request.state);
  const refusedUrl = new URL(returnUrl);
  refusedUrl.searchParams.set(refusedParameter, 'refused');
  const redirectHeaders = {
    'tpp-redirect-preferred': 'true',
    'tpp-redirect-uri': returnUrl.href,
    'tpp-nok-redirect-uri': refusedUrl.href,
  };
  const answer = await callBerlinGroup(http, call, {
    method: 'POST',
    target: 'consents',
    resource: 'consent',
    headers: redirectHeaders,
    body: {
      access: accessByQuirk[quirks.consentAccess],
      recurringIndicator: true,
      validUntil: request.validUntil,
      frequencyPerDay: request.frequencyPerDay,
      combinedServiceIndicator: false,
    },
  });
  if (answer.isRefused) throw answer.failure;
  const created = readBody(answer.body, wireConsentCreated);
  let links = created._links;
  const explicitStart = links?.startAuthorisation ?? links?.startAuthorisationWithPsuIdentification;
  if (!links?.scaRedirect && explicitStart) {
    const started = await readBerlinGroup(
      http,
      call,
      {
        method: 'POST',
        target: followLink(call.endpoint.baseUrl, answer.url, explicitStart),
        resource: 'consent',
        headers: redirectHeaders,
        body: {},
      },
      wireAuthorisationCreated,
    );
    links = started._links;
  }
  if (!links?.scaRedirect) throw new Failure('SCA_METHOD_UNSUPPORTED');
  const expiresInMilliseconds = quirks.unconfirmedConsentExpiresInSeconds * millisecondsPerSecond;
  return {
    redirectUrl: browserLink(call.endpoint.baseUrl, links.scaRedirect).href,
    bankConsentId: created.consentId,
    session: {
      consentId: created.consentId,
      validUntil: request.validUntil,
      frequencyPerDay: request.frequencyPerDay,
    },
    expiresAt: new Date(call.clock.now().getTime() + expiresInMilliseconds),
  };
}

/** States by the standard's names, in small letters without separators, for banks write them in many ways. */
const stateByStatus: Readonly<Record<string, ConsentState['status']>> = {
  received: 'PENDING',
  partiallyauthorised: 'PENDING',
  valid: 'ACTIVE',
  rejected: 'REJECTED',
  expired: 'EXPIRED',
  revokedbypsu: 'REVOKED',
  terminatedbytpp: 'REVOKED',
  replaced: 'REVOKED',
};

const endByFailure: Readonly<Partial<Record<FailureCode, 'EXPIRED' | 'REVOKED'>>> = {
  CONSENT_EXPIRED: 'EXPIRED',
  CONSENT_REVOKED_AT_BANK: 'REVOKED',
};

/** Asks for the status, and for a valid consent what the bank made of it: it may have shortened what we asked for. */
export async function readConsentState(
  http: BankHttp,
  call: BankCall,
  session: BankSession,
  returnParameters: Readonly<Record<string, string>> = {},
): Promise<ConsentState> {
  const { consentId, ...asked } = sessionSchema.parse(session);
  const path = `consents/${encodeURIComponent(consentId)}`;
  const answer = await callBerlinGroup(http, call, { method: 'GET', target: `${path}/status`, resource: 'consent' });
  if (answer.isRefused) {
    const status = endByFailure[answer.failure.code];
    if (status) return { status };
    throw answer.failure;
  }
  const { consentStatus } = readBody(answer.body, wireConsentStatus);
  const name = consentStatus.toLowerCase().replace(/[^a-z]/g, '');
  const status = Object.hasOwn(stateByStatus, name) ? stateByStatus[name] : undefined;
  if (!status) throw new Failure('BANK_ERROR', { message: 'The bank gives a consent status that the standard lacks.' });
  if (status === 'PENDING') {
    // The person came back by the address for refusals, and the bank has not taken note of it (yet).
    return { status: returnParameters[refusedParameter] === 'refused' ? 'REJECTED' : 'PENDING' };
  }
  if (status !== 'ACTIVE') return { status };
  const granted = await readBerlinGroup(http, call, { method: 'GET', target: path, resource: 'consent' }, wireConsent);
  const validUntil = granted.validUntil ?? '';
  return {
    status: 'ACTIVE',
    validUntil: isCalendarDate(validUntil) ? validUntil : asked.validUntil,
    frequencyPerDay: granted.frequencyPerDay ?? asked.frequencyPerDay,
    session,
  };
}

/**
 * What the refusal of a data call means. CONSENT_INVALID stands for a revoked consent as well as for one that does not
 * cover the resource (Implementation Guidelines 1.3.x, 14.11.2); the consent's status tells which it is.
 */
export async function explainRefusal(
  http: BankHttp,
  call: BankCall,
  session: BankSession,
  refusal: Failure,
): Promise<Failure> {
  if (refusal.code !== 'CONSENT_REVOKED_AT_BANK') return refusal;
  const { status } = await readConsentState(http, call, session);
  if (status === 'ACTIVE') return new Failure('CONSENT_SCOPE_INSUFFICIENT', { cause: refusal });
  return status === 'EXPIRED' ? new Failure('CONSENT_EXPIRED', { cause: refusal }) : refusal;
}

/** Deletes the consent at the bank; one that is already over needs no deleting. */
export async function endConsent(http: BankHttp, call: BankCall, session: BankSession): Promise<void> {
  const target = `consents/${encodeURIComponent(consentIdOf(session))}`;
  const answer = await callBerlinGroup(http, call, { method: 'DELETE', target, resource: 'consent' });
  if (answer.isRefused && !endByFailure[answer.failure.code]) throw answer.failure;
}
