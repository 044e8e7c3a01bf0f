import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { GraphqlContext } from '../graphql/context.ts';
import { requestError } from '../graphql/request-error.ts';

/** What the gateway knows of one request; the composition adds the rest of the GraphQL context. */
export type RequestFacts = Pick<GraphqlContext, 'viewer' | 'psu' | 'locale' | 'ipAddress' | 'untilGone'>;

/** What of a request its facts are read from; any `IncomingMessage` is one. */
export interface RequestHead {
  readonly headers: Readonly<IncomingHttpHeaders>;
  readonly socket: { readonly remoteAddress?: string | undefined };
}

const readHeaders = [
  'accept-language',
  'graphql-cost',
  'psu-ip-address',
  'psu-user-agent',
  'user-agent',
  'x-forwarded-for',
] as const;

/** Only what facts are read from: thousands of open sockets need not keep the requests that they began as. */
export function headOf({ headers, socket }: IncomingMessage): RequestHead {
  const read = readHeaders.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]] as const]));
  return { headers: Object.fromEntries(read), socket: { remoteAddress: socket.remoteAddress } };
}

/** Reads the facts of a request. Throws VALIDATION_FAILED for a forwarded address that is none. */
export function factsOf(
  request: RequestHead,
  viewer: GraphqlContext['viewer'],
  trustedProxyCount: number,
): Omit<RequestFacts, 'untilGone'> {
  return {
    viewer,
    psu: psuOf(request, viewer, trustedProxyCount),
    locale: localeOf(request),
    ipAddress: remoteAddress(request, trustedProxyCount) ?? null,
  };
}

/**
 * The person in front of the screen, of whom banks want to know (Berlin Group `PSU-IP-Address`, `PSU-User-Agent`; the
 * same header names here). A client that calls for a person who is there forwards them; a call with a user token and
 * without them comes from the person's own device. Null when nobody is there.
 */
function psuOf(
  request: RequestHead,
  viewer: GraphqlContext['viewer'],
  trustedProxyCount: number,
): GraphqlContext['psu'] {
  const forwarded = headerOf(request, 'psu-ip-address');
  if (forwarded !== undefined) {
    if (isIP(forwarded) === 0) {
      throw requestError('VALIDATION_FAILED', 'The header PSU-IP-Address must be one IPv4 or IPv6 address.');
    }
    return psu(forwarded, headerOf(request, 'psu-user-agent'));
  }
  const address = viewer.kind === 'user' ? remoteAddress(request, trustedProxyCount) : undefined;
  return address === undefined ? null : psu(address, request.headers['user-agent']);
}

function psu(ipAddress: string, userAgent: string | undefined): GraphqlContext['psu'] {
  return { ipAddress, ...(userAgent ? { userAgent: userAgent.slice(0, 512) } : {}) };
}

/** The caller's address: each trusted proxy has added one to the end of X-Forwarded-For; what stands before is hearsay. */
export function remoteAddress(request: RequestHead, trustedProxyCount: number): string | undefined {
  const chain = headerOf(request, 'x-forwarded-for')?.split(',') ?? [];
  const forwarded = trustedProxyCount > 0 ? chain.at(-trustedProxyCount)?.trim() : undefined;
  const address = forwarded && isIP(forwarded) > 0 ? forwarded : request.socket.remoteAddress;
  return address?.replace(/^::ffff:(?=\d+\.)/, '');
}

/** The language that the caller likes best (RFC 9110 section 12.5.4); English when it says nothing usable. */
function localeOf(request: RequestHead): string {
  const wishes = (request.headers['accept-language'] ?? '').slice(0, 200).split(',').map(weighed);
  for (const { tag } of wishes.toSorted((left, right) => right.weight - left.weight)) {
    if (/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/.test(tag)) return tag;
  }
  return 'en';
}

function weighed(wish: string): { tag: string; weight: number } {
  const [tag = '', ...parameters] = wish.split(';').map((part) => part.trim());
  const weight = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1);
  return { tag, weight: Number.isNaN(weight) ? 0 : weight };
}

function headerOf(request: RequestHead, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}
