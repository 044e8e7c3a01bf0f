import { invalidInput } from '../../domain/failure.ts';
import { parseIban } from '../../kernel/iban.ts';
import type { BankCall, Credentials, SignInRequest } from '../connector.ts';
import { followLink } from '../page-link.ts';
import { callBerlinGroup, readBody, type BerlinGroupAnswer } from './client.ts';
import type { BerlinGroupParts } from './oauth.ts';
import { berlinGroupQuirks } from './quirks.ts';
import type { ConsentSession } from './session.ts';
import { wireAuthorisation, type LinkName, type WireAuthorisation } from './wire.ts';

/** What each step of signing in works with. */
export interface SignInExchange {
  readonly parts: BerlinGroupParts;
  readonly call: BankCall;
  readonly request: Omit<SignInRequest, 'session'>;
  readonly session: ConsentSession;
}

/** Where the authorisation stands, and the page that said so, to which its relative links belong. */
export interface Standing {
  readonly told: WireAuthorisation;
  readonly url: URL;
}

/**
 * PSU-ID and the like from what the person typed, the fields `psuId` and `psuCorporateId` (Implementation Guidelines
 * 1.3.x, 4.7). Throws VALIDATION_FAILED without a psuId, or for one that no header can carry.
 */
export function psuIdHeaders(call: BankCall, credentials: Credentials): Record<string, string> {
  const { psuIdType } = berlinGroupQuirks(call.endpoint);
  const corporateId = credentials['psuCorporateId']?.trim();
  return {
    'psu-id': headerValue('psuId', credentials['psuId']?.trim() ?? ''),
    ...(psuIdType === undefined ? {} : { 'psu-id-type': psuIdType }),
    ...(corporateId ? { 'psu-corporate-id': headerValue('psuCorporateId', corporateId) } : {}),
  };
}

function headerValue(field: string, text: string): string {
  if (/^[\x20-\x7E]{1,200}$/.test(text)) return text;
  const message = 'The bank wants the user name of its online banking: letters, digits and signs, without accents.';
  throw invalidInput([{ path: ['credentials', field], message }]);
}

/**
 * The IBANs that the person typed into the field `iban`, one to a line. Throws VALIDATION_FAILED where the bank opens
 * accounts by their number only and none is given.
 */
export function ibansFor(call: BankCall, credentials: Credentials): readonly string[] {
  const ibans = (credentials['iban'] ?? '').split(/[,;\n]/).flatMap((text) => parseIban(text) ?? []);
  if (ibans.length > 0 || berlinGroupQuirks(call.endpoint).consentAccess !== 'detailed') return ibans;
  const message = 'The bank opens accounts by their number: at least one IBAN is needed.';
  throw invalidInput([{ path: ['credentials', 'iban'], message }]);
}

/** The address of a link of an answer; null where it has none. Throws BANK_ERROR where it leads to another host. */
export function linkOf({ call }: SignInExchange, { told, url }: Standing, name: LinkName): URL | null {
  const href = told._links[name];
  return href === undefined ? null : followLink(call.endpoint.baseUrl, url, href);
}

/** Gives the bank one thing of the person's (Implementation Guidelines 1.3.x, 7.2); its refusal is returned. */
export function give(
  { parts, call, request, session }: SignInExchange,
  method: 'PUT' | 'POST',
  target: URL,
  body: object,
): Promise<BerlinGroupAnswer> {
  return callBerlinGroup(parts.http, call, {
    method,
    target,
    resource: 'consent',
    tokens: session.tokens,
    headers: psuIdHeaders(call, request.credentials),
    body,
  });
}

/** As `give`; throws the bank's refusal. */
export async function giveAndRead(
  exchange: SignInExchange,
  method: 'PUT' | 'POST',
  target: URL,
  body: object,
): Promise<Standing> {
  const answer = await give(exchange, method, target, body);
  if (answer.isRefused) throw answer.failure;
  return { told: readBody(answer.body, wireAuthorisation), url: answer.url };
}
