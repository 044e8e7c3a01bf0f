import { ExponentialBackoff, handleType, retry } from 'cockatiel';
import { Agent, errors, request } from 'undici';
import { Failure } from '../domain/failure.ts';

export interface BankHttpOptions {
  readonly connectionsPerBankMax: number;
  readonly connectTimeoutMilliseconds: number;
  /** For one attempt, from its first byte sent to the last received. */
  readonly answerTimeoutMilliseconds: number;
  readonly answerBytesMax: number;
  /** Further attempts of a GET after an answer of 500 and above or a broken line; the sync retries as a whole later. */
  readonly retriesMax: number;
  readonly retryDelayMilliseconds: number;
}

const defaults: BankHttpOptions = {
  connectionsPerBankMax: 8,
  connectTimeoutMilliseconds: 10_000,
  answerTimeoutMilliseconds: 60_000,
  answerBytesMax: 16 * 1024 * 1024,
  retriesMax: 2,
  retryDelayMilliseconds: 500,
};

interface BankHttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: URL;
  /** Called for every attempt, because each wants a request id of its own. */
  readonly headers: () => Record<string, string>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

export interface BankHttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** One line for each cookie that the answer sets: joined by commas they could not be taken apart again. */
  readonly setCookies: readonly string[];
  readonly body: string;
}

/** HTTP to banks: bounded in connections, time and size, and following no redirect. */
export interface BankHttp {
  /**
   * The bank's answer, whatever its status. Throws BANK_TIMEOUT, BANK_UNAVAILABLE (no connection), BANK_ERROR (answer
   * too large) or CONNECTOR_CONFIG_INVALID (TLS); an aborted signal throws the signal's reason.
   */
  send(request: BankHttpRequest): Promise<BankHttpAnswer>;
  /** Waits for calls under way, then closes all connections. */
  close(): Promise<void>;
}

/** An attempt that may be repeated; carries what to give when no further attempt helps. */
class PassingFault extends Error {
  readonly outcome: Failure | BankHttpAnswer;
  constructor(outcome: Failure | BankHttpAnswer) {
    super('The bank did not answer as it should.');
    this.outcome = outcome;
  }
}

/** One for the whole process: its agent keeps a bounded pool of connections for each bank. */
export function createBankHttp(options: Partial<BankHttpOptions> = {}): BankHttp {
  const settings = { ...defaults, ...options };
  const agent = new Agent({
    connections: settings.connectionsPerBankMax,
    pipelining: 1,
    connect: { timeout: settings.connectTimeoutMilliseconds },
    headersTimeout: settings.answerTimeoutMilliseconds,
    bodyTimeout: settings.answerTimeoutMilliseconds,
    maxHeaderSize: 32 * 1024,
  });
  const retries = retry(handleType(PassingFault), {
    maxAttempts: settings.retriesMax,
    backoff: new ExponentialBackoff({ initialDelay: settings.retryDelayMilliseconds, maxDelay: 10_000 }),
  });

  async function attempt(given: BankHttpRequest): Promise<BankHttpAnswer> {
    const timeout = AbortSignal.timeout(settings.answerTimeoutMilliseconds);
    try {
      const answer = await request(given.url, {
        dispatcher: agent,
        method: given.method,
        headers: given.headers(),
        signal: AbortSignal.any([given.signal, timeout]),
        ...(given.body === undefined ? {} : { body: given.body }),
      });
      const body = await readBounded(answer.body, settings.answerBytesMax);
      const headers = Object.fromEntries(
        Object.entries(answer.headers).map(([name, value]) => [
          name,
          Array.isArray(value) ? value.join(', ') : (value ?? ''),
        ]),
      );
      const setCookies = [answer.headers['set-cookie'] ?? []].flat();
      return { status: answer.statusCode, headers, setCookies, body };
    } catch (error) {
      given.signal.throwIfAborted();
      if (timeout.aborted) throw new Failure('BANK_TIMEOUT', { cause: error });
      throw error instanceof Failure ? error : transportFailure(error);
    }
  }

  /** As `attempt`, but what may pass by itself is thrown as a PassingFault. */
  async function repeatable(given: BankHttpRequest): Promise<BankHttpAnswer> {
    const outcome = await attempt(given).catch((error: unknown) => {
      if (error instanceof Failure && error.code === 'BANK_UNAVAILABLE') throw new PassingFault(error);
      throw error;
    });
    // A bank that says when to come back is not asked again before.
    if (outcome.status >= 500 && outcome.headers['retry-after'] === undefined) throw new PassingFault(outcome);
    return outcome;
  }

  return {
    async send(given) {
      given.signal.throwIfAborted();
      if (given.method !== 'GET') return attempt(given);
      try {
        return await retries.execute(() => repeatable(given), given.signal);
      } catch (error) {
        given.signal.throwIfAborted();
        if (!(error instanceof PassingFault)) throw error;
        if (error.outcome instanceof Failure) throw error.outcome;
        return error.outcome;
      }
    },
    async close() {
      await agent.close();
    },
  };
}

interface AnswerBody extends AsyncIterable<Buffer> {
  destroy(): unknown;
}

/** The body as text; stops reading, and closes the connection, at the first byte too many. */
async function readBounded(body: AnswerBody, bytesMax: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > bytesMax) {
      body.destroy();
      throw new Failure('BANK_ERROR', { message: `The bank answered with more than ${bytesMax} bytes.` });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** TLS faults are ours or the operator's to settle; all else on the line may pass by itself. */
function transportFailure(error: unknown): Failure {
  if (error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError)
    return new Failure('BANK_TIMEOUT', { cause: error });
  if (error instanceof errors.ConnectTimeoutError) return new Failure('BANK_UNAVAILABLE', { cause: error });
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('ERR_TLS_') || code.startsWith('ERR_SSL_') || tlsFaults.has(code))
    return new Failure('CONNECTOR_CONFIG_INVALID', {
      message: 'No secure connection to the bank: its certificate or ours is not accepted.',
      cause: error,
    });
  return new Failure('BANK_UNAVAILABLE', { cause: error });
}

const tlsFaults = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REVOKED',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);
