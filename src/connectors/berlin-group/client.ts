import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { Failure } from '../../domain/failure.ts';
import type { BankHttp } from '../bank-http.ts';
import type { BankCall, PsuContext } from '../connector.ts';
import { resourceUrl } from '../page-link.ts';
import { failureOfAnswer, type Resource } from './errors.ts';

export interface BerlinGroupRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** A path below the bank's base address, or the address of a link that was checked. */
  readonly target: string | URL;
  readonly resource: Resource;
  readonly consentId?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** An answer: either its body as JSON (undefined when empty), or the refusal and what it means. */
export type BerlinGroupAnswer =
  | { readonly isRefused: false; readonly url: URL; readonly body: unknown }
  | { readonly isRefused: true; readonly url: URL; readonly status: number; readonly failure: Failure };

/**
 * One call of a NextGenPSD2 interface. Refusals of the bank are returned, for some are to be expected; whatever else
 * goes wrong (no connection, no JSON, a redirect) is thrown as a Failure.
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
    signal: call.signal,
    headers: () => ({
      accept: 'application/json',
      'x-request-id': randomUUID(),
      ...(request.consentId === undefined ? {} : { 'consent-id': request.consentId }),
      ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...psuHeaders(call.psu),
      ...request.headers,
    }),
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
  });
  if (answer.status >= 400)
    return { isRefused: true, url, status: answer.status, failure: failureOfAnswer(call, request.resource, answer) };
  // A redirect is not followed: it could lead the consent, and one day our certificate, to anyone.
  if (answer.status < 200 || answer.status >= 300)
    throw new Failure('BANK_ERROR', { message: `The bank answered with ${answer.status}.` });
  return { isRefused: false, url, body: parseBody(answer.body) };
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

/** A body in the form that the standard gives it; throws BANK_ERROR for any other. */
export function readBody<Schema extends z.ZodType>(body: unknown, schema: Schema): z.output<Schema> {
  const parsed = schema.safeParse(body);
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

/**
 * The headers that tell the bank that the person is asking right now: present if and only if that is so, for a call
 * without them counts against the four a day.
 */
function psuHeaders(psu: PsuContext | null): Record<string, string> {
  if (!psu) return {};
  // Strict banks take IPv4 only, and an IPv4 address that came over an IPv6 socket is one.
  const ipAddress = psu.ipAddress.replace(/^::ffff:(?=\d{1,3}\.)/i, '');
  const userAgent = psu.userAgent?.replace(/[^\x20-\x7E]/g, '').slice(0, 256);
  return { 'psu-ip-address': ipAddress, ...(userAgent ? { 'psu-user-agent': userAgent } : {}) };
}
