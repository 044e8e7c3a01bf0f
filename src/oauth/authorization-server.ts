import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ActionContext } from '../actions/context.ts';
import { endpointAt, endpoints } from './addresses.ts';
import type { CertificateOf } from './client-certificate.ts';
import { createCurrentProvider } from './current-provider.ts';
import { formBytesMax } from './form.ts';
import { handleInteraction } from './interaction.ts';
import { authorizationServerMetadata } from './metadata.ts';
import { keepNoSession, withoutSession } from './provider-request.ts';
import { rootReason } from './root-reason.ts';
import { publicKeySet } from './signing-keys.ts';
import { answerForStructuredTokens } from './structured-tokens.ts';
import { createAccessTokenVerifier, type VerifiedAccessToken } from './verify-access-token.ts';

/** The door of OAuth2, and the one place that knows what an access token is worth. */
export interface AuthorizationServer {
  /**
   * Answers a request at one of our paths; any other gets 404. Errors are JSON (RFC 6749, section 5.2), but for those
   * that a person sees.
   */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** The viewer of an access token; throws UNAUTHENTICATED with a message that says what is wrong with it. */
  verifyAccessToken(token: string): Promise<VerifiedAccessToken>;
}

interface ServerContext extends Pick<ActionContext, 'database' | 'clock' | 'vault' | 'publicUrl' | 'log'> {
  /** The address of the browser behind a request; by default the one at the other end of the connection. */
  readonly addressOf?: (request: IncomingMessage) => string | null;
  /** The certificate that came with a request. Absent: clients cannot prove themselves with one. */
  readonly certificateOf?: CertificateOf | null;
}

/** Makes the authorization server; at the very first start of an installation it also makes its signing key. */
export async function createAuthorizationServer(options: ServerContext): Promise<AuthorizationServer> {
  const { publicUrl, log } = options;
  const context = {
    ...options,
    addressOf: options.addressOf ?? ((request: IncomingMessage) => request.socket.remoteAddress ?? null),
    certificateOf: options.certificateOf ?? null,
  };
  const verifier = createAccessTokenVerifier(context);
  const currentProvider = createCurrentProvider(context, (provider) => {
    answerForStructuredTokens(provider, context, verifier);
    keepNoSession(provider);
  });
  await currentProvider();
  const metadata = authorizationServerMetadata(publicUrl, { isTlsOffered: context.certificateOf !== null });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const endpoint = endpointAt((request.url ?? '').split('?', 1)[0] ?? '');
    if (endpoint === null) return refuse(response, 404, 'not_found', 'There is no such endpoint.');
    const methods: readonly string[] = endpoints[endpoint].methods;
    if (!methods.includes(request.method ?? '')) {
      response.setHeader('Allow', methods.join(', '));
      return refuse(response, 405, 'invalid_request', `Use ${methods.join(' or ')} here.`);
    }
    if (endpoint === 'metadata') return send(response, 200, metadata, 'application/json');
    if (endpoint === 'jwks') return send(response, 200, await publicKeySet(context), 'application/jwk-set+json');
    // Both before a byte of the form is read; Node then reads past it, so the connection stays usable.
    if (request.headers['transfer-encoding'] !== undefined) {
      return refuse(response, 411, 'invalid_request', 'Send the form with a Content-Length.');
    }
    if (Number(request.headers['content-length'] ?? 0) > formBytesMax) {
      return refuse(response, 413, 'invalid_request', `The form may have at most ${formBytesMax} bytes.`);
    }
    const { provider, handle } = await currentProvider();
    withoutSession(provider, request, publicUrl);
    if (endpoint === 'interaction') return handleInteraction(provider, context, request, response);
    await handle(request, response);
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

function refuse(response: ServerResponse, status: number, error: string, description: string): void {
  response.setHeader('Cache-Control', 'no-store');
  send(response, status, { error, error_description: description }, 'application/json');
}

function send(response: ServerResponse, status: number, body: object, type: string): void {
  response.writeHead(status, { 'Content-Type': `${type}; charset=utf-8`, 'Access-Control-Allow-Origin': '*' });
  response.end(JSON.stringify(body));
}
