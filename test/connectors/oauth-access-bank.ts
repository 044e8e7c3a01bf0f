import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createBankHttp } from '../../src/connectors/bank-http.ts';
import type { BankIdentity } from '../../src/connectors/bank-identity.ts';
import { oauthQuirks, type OAuthAccess } from '../../src/connectors/oauth-access-settings.ts';
import { Failure } from '../../src/domain/failure.ts';
import { manualClock } from '../../src/kernel/clock.ts';

interface SeenCall {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly form: Record<string, string>;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** What a bank's authorization server says of itself, how it answers, and how its provider's entry describes it. */
interface AuthorizationServerHabits {
  readonly metadata?: Record<string, unknown>;
  readonly settings?: Record<string, unknown>;
  readonly identity?: BankIdentity;
  readonly answer?: unknown;
  readonly status?: number;
}

export const identity: BankIdentity = { clientId: 'PSDFR-ACPR-1', clientSecret: 's+cret' };
export const granted = { access_token: 'a-1', token_type: 'Bearer', expires_in: 900, refresh_token: 'r-1' };

export function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** The code of the Failure that a promise ends with, or what it gave instead. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  const outcome: unknown = await promise.then(
    (value) => value,
    (error: unknown) => error,
  );
  return outcome instanceof Failure ? outcome.code : `no failure but ${String(outcome)}`;
}

/** A real HTTP server in the place of a bank's authorization server, for what no well-behaved one does. */
export async function startAuthorizationServer() {
  const http = createBankHttp({ retryDelayMilliseconds: 1, answerTimeoutMilliseconds: 2000 });
  const seen: SeenCall[] = [];
  let metadata: Record<string, unknown> = {};
  let answer: Answer = (_, response) => response.writeHead(404).end();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      if (path.includes('.well-known')) return json(response, metadata);
      const form = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
      seen.push({ path, authorization: request.headers.authorization, form });
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    /** The calls but those for metadata. */
    seen,
    answerWith(next: Answer) {
      answer = next;
    },
    behave(habits: AuthorizationServerHabits) {
      seen.length = 0;
      metadata = {
        issuer: `${origin}/as`,
        authorization_endpoint: 'https://login.bank.example/authorize?brand=1',
        token_endpoint: `${origin}/token`,
        revocation_endpoint: `${origin}/revoke`,
        authorization_response_iss_parameter_supported: true,
        ...habits.metadata,
      };
      answer = (_, response) => json(response, habits.answer ?? granted, habits.status);
      const clock = manualClock(new Date('2026-03-10T09:00:00Z'));
      const access: OAuthAccess = {
        http,
        identity: habits.identity ?? identity,
        settings: oauthQuirks.parse(habits.settings ?? { issuer: `${origin}/as` }),
        call: {
          endpoint: { baseUrl: `${origin}/v1`, timeZone: 'Europe/Paris', quirks: {} },
          clock,
          signal: new AbortController().signal,
          psu: null,
        },
      };
      return { access, clock };
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await http.close();
    },
  };
}
