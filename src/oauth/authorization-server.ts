import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ActionContext } from '../actions/context.ts';
import { endpoints, type EndpointName } from './addresses.ts';
import { authorizationServerMetadata } from './metadata.ts';
import { createProvider } from './provider.ts';
import { rootReason } from './root-reason.ts';
import { loadSigningKeys, publicKeySet } from './signing-keys.ts';
import { answerForStructuredTokens } from './structured-tokens.ts';
import { createAccessTokenVerifier, type VerifiedAccessToken } from './verify-access-token.ts';

/** The door of OAuth2, and the one place that knows what an access token is worth. */
export interface AuthorizationServer {
  /** Answers a request at one of our paths; any other gets 404. All errors are JSON (RFC 6749, section 5.2). */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** The viewer of an access token; throws UNAUTHENTICATED with a message that says what is wrong with it. */
  verifyAccessToken(token: string): Promise<VerifiedAccessToken>;
}

/** The longest form that a request may have; the longest honest one is a token to introspect. */
const bodyBytesMax = 16_384;

/** Makes the authorization server; at the very first start of an installation it also makes its signing key. */
export async function createAuthorizationServer(
  context: Pick<ActionContext, 'database' | 'clock' | 'vault' | 'publicUrl' | 'log'>,
): Promise<AuthorizationServer> {
  const { database, publicUrl, log } = context;
  const provider = createProvider(context, await loadSigningKeys(context));
  const verifier = createAccessTokenVerifier(context);
  answerForStructuredTokens(provider, context, verifier);
  const provide = provider.callback();
  const metadata = authorizationServerMetadata(publicUrl);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const endpoint = endpointOf(request);
    if (endpoint === null) return refuse(response, 404, 'not_found', 'There is no such endpoint.');
    const methods: readonly string[] = endpoints[endpoint].methods;
    if (!methods.includes(request.method ?? '')) {
      response.setHeader('Allow', methods.join(', '));
      return refuse(response, 405, 'invalid_request', `Use ${methods.join(' or ')} here.`);
    }
    if (endpoint === 'metadata') return send(response, 200, metadata, 'application/json');
    if (endpoint === 'jwks') return send(response, 200, await publicKeySet(database), 'application/jwk-set+json');
    // Both before a byte of the form is read; Node then reads past it, so the connection stays usable.
    if (request.headers['transfer-encoding'] !== undefined) {
      return refuse(response, 411, 'invalid_request', 'Send the form with a Content-Length.');
    }
    if (Number(request.headers['content-length'] ?? 0) > bodyBytesMax) {
      return refuse(response, 413, 'invalid_request', `The form may have at most ${bodyBytesMax} bytes.`);
    }
    await provide(request, response);
  }

  return {
    async handle(request, response) {
      try {
        await answer(request, response);
      } catch (error) {
        log.error({ reason: rootReason(error) }, 'The authorization server failed to answer a request.');
        if (response.headersSent) response.destroy();
        else refuse(response, 500, 'server_error', 'The authorization server failed; try again.');
      }
    },
    verifyAccessToken: (token) => verifier.verify(token),
  };
}

function endpointOf(request: IncomingMessage): EndpointName | null {
  const path = (request.url ?? '').split('?', 1)[0];
  const names: readonly EndpointName[] = ['metadata', 'jwks', 'token', 'introspection', 'revocation'];
  return names.find((name) => endpoints[name].path === path) ?? null;
}

function refuse(response: ServerResponse, status: number, error: string, description: string): void {
  response.setHeader('Cache-Control', 'no-store');
  send(response, status, { error, error_description: description }, 'application/json');
}

function send(response: ServerResponse, status: number, body: object, type: string): void {
  response.writeHead(status, { 'Content-Type': `${type}; charset=utf-8`, 'Access-Control-Allow-Origin': '*' });
  response.end(JSON.stringify(body));
}
