import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { Failure } from '../../domain/failure.ts';
import type { BankHttp } from '../bank-http.ts';
import { findIdentity, type BankIdentities } from '../bank-identity.ts';
import type { BankCall } from '../connector.ts';
import { isLive } from '../oauth-access-tokens.ts';
import { resourceUrl } from '../page-link.ts';
import { psuHeaders } from '../psu-headers.ts';
import { refusalOf, type Resource, type StetRefusal } from './errors.ts';
import { stetQuirks } from './quirks.ts';
import { isOver, type ActiveSession } from './session.ts';

/** What each call to a STET bank is made with. */
export interface StetBank {
  readonly http: BankHttp;
  readonly identities: BankIdentities;
}

export interface StetRequest {
  readonly method: 'GET' | 'PUT';
  /** A path below the bank's base address, or the address of a link that was checked. */
  readonly target: string | URL;
  readonly resource: Resource;
  readonly body?: object;
  /** Whether the bank may count it while the person is away, and so each further attempt as well. */
  readonly isCounted?: boolean;
}

/** An answer: its body (empty where the bank has nothing to tell, 204), or the refusal and what it means. */
export type StetAnswer =
  | { readonly isRefused: false; readonly url: URL; readonly body: string }
  | ({ readonly isRefused: true; readonly url: URL } & Omit<StetRefusal, 'isOfToken'>);

/**
 * One call of a STET interface. Refusals of the bank are returned, for some are to be expected; whatever else goes wrong
 * (no connection, a redirect) is thrown as a Failure.
 */
export async function callStet(
  { http, identities }: StetBank,
  call: BankCall,
  session: Pick<ActiveSession, 'tokens' | 'validUntil'>,
  request: StetRequest,
): Promise<StetAnswer> {
  const url = typeof request.target === 'string' ? resourceUrl(call.endpoint.baseUrl, request.target) : request.target;
  const answer = await http.send({
    method: request.method,
    url,
    signal: call.signal,
    endpoint: call.endpoint,
    identity: findIdentity(identities, call.endpoint),
    isSigned: stetQuirks(call.endpoint).isSigned,
    signatureStyle: 'stet',
    ...(request.isCounted && call.spendAgain ? { spendAgain: call.spendAgain } : {}),
    headers: () => ({
      accept: 'application/hal+json, application/json',
      authorization: `Bearer ${session.tokens.accessToken}`,
      'x-request-id': randomUUID(),
      ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...psuHeaders(call.psu),
    }),
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
  });
  if (answer.status >= 400) {
    const { status, failure, isOfToken } = refusalOf(call, request.resource, answer);
    return { isRefused: true, url, status, failure: isOfToken ? refusedToken(call, session, failure) : failure };
  }
  // A redirect is not followed: it could lead the token, and our certificate, to anyone.
  if (answer.status < 200 || answer.status >= 300)
    throw new Failure('BANK_ERROR', { message: `The bank answered with ${answer.status}.` });
  return { isRefused: false, url, body: answer.status === 204 ? '' : answer.body };
}

/** Why the bank takes an access token no longer: it ran out while we read, or the person's consent is at its end. */
function refusedToken(call: BankCall, session: Pick<ActiveSession, 'tokens' | 'validUntil'>, cause: Failure): Failure {
  if (!isLive(session.tokens, { call }) && session.tokens.refreshToken !== null)
    return new Failure('BANK_ERROR', {
      message: 'The access ran out while data was read; it is renewed before the next try.',
      cause,
    });
  return new Failure(isOver(call, session) ? 'CONSENT_EXPIRED' : 'CONSENT_REVOKED_AT_BANK', { cause });
}

/** A body in the form that the standard gives it, null for none; throws the refusal, or BANK_ERROR for another form. */
export function readAnswer<Schema extends z.ZodType>(answer: StetAnswer, schema: Schema): z.output<Schema> | null {
  if (answer.isRefused) throw answer.failure;
  if (answer.body.trim() === '') return null;
  const parsed = schema.safeParse(parseBody(answer.body));
  if (parsed.success) return parsed.data;
  const path = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new Failure('BANK_ERROR', {
    message: `The bank's answer lacks what the standard asks for: ${path || 'a body'}.`,
  });
}

function parseBody(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // The parser's error quotes the bank's data, so it is not passed on.
    throw new Failure('BANK_ERROR', { message: 'The bank answered with something else than JSON.' });
  }
}
