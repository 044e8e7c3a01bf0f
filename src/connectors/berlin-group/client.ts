import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { Failure } from '../../domain/failure.ts';
import type { BankHttp } from '../bank-http.ts';
import type { BankCall } from '../connector.ts';
import type { OAuthTokens } from '../oauth-access-tokens.ts';
import { resourceUrl } from '../page-link.ts';
import { psuHeaders } from '../psu-headers.ts';
import { errorCodes, failureOfAnswer, type Resource } from './errors.ts';

export interface BerlinGroupRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** A path below the bank's base address, or the address of a link that was checked. */
  readonly target: string | URL;
  readonly resource: Resource;
  readonly consentId?: string | undefined;
  /** Where the bank uses OAuth2, which it does besides the consent and not in its place. */
  readonly tokens?: OAuthTokens | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** The media type asked for; JSON where absent. */
  readonly accept?: string;
  readonly body?: object;
  /** Whether the bank may count it while the person is away, and so each further attempt as well. */
  readonly isCounted?: boolean;
}

/** An answer: either its body as text, or the refusal and what it means. */
export type BerlinGroupAnswer =
  | { readonly isRefused: false; readonly url: URL; readonly body: string }
  | {
      readonly isRefused: true;
      readonly url: URL;
      readonly status: number;
      /** The bank's own message codes, the first one first. */
      readonly codes: readonly string[];
      readonly failure: Failure;
    };

/**
 * One call of a NextGenPSD2 interface. Refusals of the bank are returned, for some are to be expected; whatever else
 * goes wrong (no connection, a redirect) is thrown as a Failure.
 */
export async function callBerlinGroup(
  http: BankHttp,
  call: BankCall,
  request: BerlinGroupRequest,
): Promise<BerlinGroupAnswer> {
  const url = typeof request.target === 'string' ? resourceUrl(call.endpoint.baseUrl, request.target) : request.target;
  const answer = await http.send({
    method: request.method,
    url,
    endpoint: call.endpoint,
    signal: call.signal,
    ...(request.isCounted && call.spendAgain ? { spendAgain: call.spendAgain } : {}),
    headers: () => ({
      accept: request.accept ?? 'application/json',
      'x-request-id': randomUUID(),
      ...(request.consentId === undefined ? {} : { 'consent-id': request.consentId }),
      ...(request.tokens ? { authorization: `Bearer ${request.tokens.accessToken}` } : {}),
      ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...psuHeaders(call.psu),
      ...request.headers,
    }),
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
  });
  if (answer.status >= 400) {
    const codes = errorCodes(answer.body);
    const failure = failureOfAnswer(call, request.resource, answer, codes);
    return { isRefused: true, url, status: answer.status, codes, failure };
  }
  // A redirect is not followed: it could lead the consent, and one day our certificate, to anyone.
  if (answer.status < 200 || answer.status >= 300)
    throw new Failure('BANK_ERROR', { message: `The bank answered with ${answer.status}.` });
  return { isRefused: false, url, body: answer.body };
}

/** As `callBerlinGroup`, with the body read by a schema; throws the bank's refusal. */
export async function readBerlinGroup<Schema extends z.ZodType>(
  http: BankHttp,
  call: BankCall,
  request: BerlinGroupRequest,
  schema: Schema,
): Promise<z.output<Schema>> {
  const answer = await callBerlinGroup(http, call, request);
  if (answer.isRefused) throw answer.failure;
  return readBody(answer.body, schema);
}

/** A JSON body in the form that the standard gives it; throws BANK_ERROR for any other. */
export function readBody<Schema extends z.ZodType>(body: string, schema: Schema): z.output<Schema> {
  const parsed = schema.safeParse(parseBody(body));
  if (parsed.success) return parsed.data;
  const path = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new Failure('BANK_ERROR', {
    message: `The bank's answer lacks what the standard asks for: ${path || 'a body'}.`,
  });
}

function parseBody(body: string): unknown {
  if (body.trim() === '') return undefined;
  try {
    return JSON.parse(body);
  } catch {
    // The parser's error quotes the bank's data, so it is not passed on.
    throw new Failure('BANK_ERROR', { message: 'The bank answered with something else than JSON.' });
  }
}
