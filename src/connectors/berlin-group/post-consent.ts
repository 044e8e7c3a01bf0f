import type { z } from 'zod';
import { Failure, invalidInput } from '../../domain/failure.ts';
import type { BankCall } from '../connector.ts';
import type { OAuthTokens } from '../oauth-access-tokens.ts';
import { callBerlinGroup, readBody } from './client.ts';
import type { BerlinGroupParts } from './oauth.ts';
import { berlinGroupQuirks, type BerlinGroupQuirks } from './quirks.ts';
import type { ConsentRequest } from './session.ts';
import { wireConsentCreated } from './wire.ts';

const psuNeeded =
  'Banks want the address of the person who gives access. Ask with the user’s token from his device, or send it in the request header PSU-IP-Address.';

/** Set on the address for a refused approval, for the standard promises no parameter that would tell. */
export const refusedParameter = 'bank_outcome';

export interface ConsentCreated {
  readonly consent: z.infer<typeof wireConsentCreated>;
  /** Relative links of the answer belong to it. */
  readonly url: URL;
  /** Headers that the bank wants to see on each step of the authorisation as well. */
  readonly headers: Readonly<Record<string, string>>;
  /** The consent only lists accounts: another one for them has to follow. */
  readonly isForList: boolean;
}

interface ConsentOptions {
  readonly tokens?: OAuthTokens | undefined;
  /** PSU-ID and the like. */
  readonly psuHeaders?: Readonly<Record<string, string>>;
  /** IBANs for a detailed consent; without them, one that lists the accounts comes first. */
  readonly ibans?: readonly string[];
  readonly prefersRedirect: boolean;
}

/** Asks for the consent (Implementation Guidelines 1.3.x, 6.3.1). Throws the bank's refusal. */
export async function postConsent(
  { http }: BerlinGroupParts,
  call: BankCall,
  request: ConsentRequest,
  { tokens, psuHeaders = {}, ibans = [], prefersRedirect }: ConsentOptions,
): Promise<ConsentCreated> {
  // PSU-IP-Address is mandatory on POST /consents; the caller can say it, and the bank's refusal would not tell how.
  if (!call.psu) throw invalidInput([{ path: ['PSU-IP-Address'], message: psuNeeded }]);
  const { consentAccess } = berlinGroupQuirks(call.endpoint);
  const isForList = consentAccess === 'detailed' && ibans.length === 0;
  const returnUrl = new URL(request.returnUrl);
  returnUrl.searchParams.set('state', request.state);
  const refusedUrl = new URL(returnUrl);
  refusedUrl.searchParams.set(refusedParameter, 'refused');
  const headers = {
    'tpp-redirect-preferred': String(prefersRedirect),
    'tpp-redirect-uri': returnUrl.href,
    'tpp-nok-redirect-uri': refusedUrl.href,
    ...psuHeaders,
  };
  const answer = await callBerlinGroup(http, call, {
    method: 'POST',
    target: 'consents',
    resource: 'consent',
    tokens,
    headers,
    body: {
      access: isForList ? { availableAccounts: 'allAccounts' } : accessOf(consentAccess, ibans),
      recurringIndicator: !isForList,
      validUntil: request.validUntil,
      frequencyPerDay: isForList ? 1 : request.frequencyPerDay,
      combinedServiceIndicator: false,
    },
  });
  if (answer.isRefused) {
    const isUnoffered = answer.codes.includes('SERVICE_INVALID') || answer.status === 405;
    throw isUnoffered ? accessNotOffered(answer.failure) : answer.failure;
  }
  return { consent: readBody(answer.body, wireConsentCreated), url: answer.url, headers, isForList };
}

function accessOf(access: BerlinGroupQuirks['consentAccess'], ibans: readonly string[]): object {
  if (access === 'global') return { allPsd2: 'allAccounts' };
  if (access === 'global-with-owner-name') return { allPsd2: 'allAccountsWithOwnerName' };
  // Empty lists: the person picks the accounts at the bank.
  const accounts = ibans.map((iban) => ({ iban }));
  return { accounts, balances: accounts, transactions: accounts };
}

function accessNotOffered(cause: Failure): Failure {
  return new Failure('CONNECTOR_CONFIG_INVALID', {
    message: 'The bank grants no consent of this kind: the provider’s quirk consentAccess must name another.',
    cause,
  });
}
