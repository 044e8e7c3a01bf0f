import { Failure } from '../domain/failure.ts';
import { failureOfRefusal } from './bank-refusal.ts';
import type { OAuthAccess } from './oauth-access-settings.ts';

interface OAuthRequest {
  readonly method: 'GET' | 'POST';
  readonly headers: Record<string, string>;
  readonly body?: URLSearchParams | null | undefined;
}

/**
 * A fetch for the protocol library that goes through our HTTP to banks, with its limits and our certificate. What says
 * nothing about the protocol is thrown at once as a Failure: no answer, a fault of the server, a limit, a redirect.
 */
export function oauthFetch({ http, call, identity }: OAuthAccess) {
  return async (address: string, request: OAuthRequest): Promise<Response> => {
    const answer = await http.send({
      method: request.method,
      url: new URL(address),
      headers: () => request.headers,
      signal: call.signal,
      endpoint: call.endpoint,
      identity,
      // The seal is on calls of the interface: OAuth2 has proofs of its own.
      isSigned: false,
      ...(request.body ? { body: request.body.toString() } : {}),
    });
    const { status } = answer;
    if (status === 408 || status === 429 || status >= 500) throw failureOfRefusal(call, answer, 'BANK_ERROR');
    if (status < 200 || (status >= 300 && status < 400))
      throw new Failure('BANK_ERROR', { message: `The bank's authorization server answered with ${status}.` });
    // Declared as JSON whatever the bank declares: what does not parse is refused all the same.
    const headers = { 'content-type': 'application/json' };
    return new Response(status === 204 || status === 205 ? null : answer.body, { status, headers });
  };
}
