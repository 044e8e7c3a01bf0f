import { ExponentialBackoff, handleWhenResult, retry } from 'cockatiel';
import { request } from 'undici';
import { Failure } from '../domain/failure.ts';
import { systemClock, type Clock } from '../kernel/clock.ts';
import { answerText } from './answer-text.ts';
import { checkBankAddress, networksOf, type ResolveBank } from './bank-addresses.ts';
import { createBankAgents } from './bank-agents.ts';
import { createBankGuard } from './bank-guard.ts';
import { findIdentity, type BankIdentities, type BankIdentity } from './bank-identity.ts';
import type { BankCall, BankEndpoint } from './connector.ts';
import { signedHeaders, type SignatureStyle } from './request-signature.ts';
import { isUnsent, transportFailure } from './transport-failure.ts';

export interface BankHttpOptions {
  /** For the `retryAt` of a bank that is left alone. */
  readonly clock: Clock;
  /** Where the identity that an entry names is found. */
  readonly identities: BankIdentities;
  /** Calls to one bank at the same time, by its origin; more wait their turn. */
  readonly callsPerBankMax: number;
  readonly waitingCallsPerBankMax: number;
  readonly connectTimeoutMilliseconds: number;
  /** For one attempt, from its first byte sent to the last received. */
  readonly answerTimeoutMilliseconds: number;
  readonly answerBytesMax: number;
  /** Further attempts of a GET after an answer of 500 and above or a broken line; the sync retries as a whole later. */
  readonly retriesMax: number;
  /** Before the first further attempt, about; then longer, and never the same twice (decorrelated jitter). */
  readonly retryDelayMilliseconds: number;
  /** Attempts in a row without a sign of life after which a bank is left alone for a while. */
  readonly deadAnswersMax: number;
  readonly deadForMilliseconds: number;
  readonly resolve: ResolveBank;
}

const defaults: Omit<BankHttpOptions, 'resolve'> = {
  clock: systemClock,
  identities: new Map(),
  callsPerBankMax: 8,
  waitingCallsPerBankMax: 1000,
  connectTimeoutMilliseconds: 10_000,
  answerTimeoutMilliseconds: 60_000,
  answerBytesMax: 16 * 1024 * 1024,
  retriesMax: 2,
  retryDelayMilliseconds: 500,
  deadAnswersMax: 10,
  deadForMilliseconds: 30_000,
};

export interface BankHttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: URL;
  /** Called for every attempt, because each wants a request id of its own. */
  readonly headers: () => Record<string, string>;
  readonly body?: string;
  readonly signal: AbortSignal;
  /**
   * The provider's entry on whose behalf we call. Its quirks name our identity and whether the bank wants our seal; and
   * an address that the bank gave may lead to this machine or our network only if the entry itself does. Absent: the
   * call's own address stands for the entry.
   */
  readonly endpoint?: BankEndpoint;
  /** Whose certificate opens the connection, and whose seal signs; null: nobody's. Absent: as the entry says. */
  readonly identity?: BankIdentity | null;
  /** Whether the bank wants the identity's seal on the request. Absent: as the entry says. */
  readonly isSigned?: boolean;
  /** `berlin-group` when absent. */
  readonly signatureStyle?: SignatureStyle;
  /**
   * Called before each further attempt, where an earlier one may have reached the bank and counted there. Where it throws
   * a Failure the attempt is not made, and the last outcome stands. Absent: what is asked here counts nowhere.
   */
  readonly spendAgain?: BankCall['spendAgain'];
}

export interface BankHttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** One line for each cookie that the answer sets: joined by commas they could not be taken apart again. */
  readonly setCookies: readonly string[];
  readonly body: string;
}

/** HTTP to banks: bounded in calls, time and size, to the internet only, and following no redirect. */
export interface BankHttp {
  /**
   * The bank's answer, whatever its status. Throws BANK_TIMEOUT, BANK_UNAVAILABLE (no connection, or a bank that is left
   * alone: then with `retryAt`), BANK_ERROR (answer too large, an address in a private network) or
   * CONNECTOR_CONFIG_INVALID (TLS, no seal); an aborted signal throws the signal's reason.
   */
  send(request: BankHttpRequest): Promise<BankHttpAnswer>;
  /** Waits for calls under way, then closes all connections. */
  close(): Promise<void>;
}

/** What came of an attempt: a Failure is a result here, so that retry and breaker look at one thing. */
type Outcome = ({ readonly answer: BankHttpAnswer } | { readonly failure: Failure }) & {
  /** Nothing is left to be spent on a further attempt. */
  readonly isLast?: true;
};

/** One for the whole process: its agents keep a bounded pool of connections for each bank. */
export function createBankHttp(options: Partial<BankHttpOptions> = {}): BankHttp {
  const settings = { ...defaults, ...options };
  const agents = createBankAgents({ ...settings, connectionsPerBankMax: settings.callsPerBankMax });
  const guard = createBankGuard<Outcome>(settings, isDead);
  const retries = retry(handleWhenResult(mayPass), {
    maxAttempts: settings.retriesMax,
    backoff: new ExponentialBackoff({ initialDelay: settings.retryDelayMilliseconds, maxDelay: 10_000 }),
  });

  async function attempt(given: BankHttpRequest): Promise<BankHttpAnswer> {
    const networks = networksOf(given.endpoint?.baseUrl ?? given.url);
    const timeout = AbortSignal.timeout(settings.answerTimeoutMilliseconds);
    try {
      checkBankAddress(given.url, networks);
      const answer = await request(given.url, {
        dispatcher: agents.of(identityOf(given), networks),
        method: given.method,
        headers: headersOf(given, identityOf(given)),
        signal: AbortSignal.any([given.signal, timeout]),
        ...(given.body === undefined ? {} : { body: given.body }),
      });
      const bytes = await readBounded(answer.body, settings.answerBytesMax);
      const { 'set-cookie': setCookies = [], ...rest } = answer.headers;
      const headers = Object.fromEntries(
        Object.entries(rest).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
      );
      const body = answerText(bytes, headers['content-type'] ?? '');
      return { status: answer.statusCode, headers, setCookies: [setCookies].flat(), body };
    } catch (error) {
      given.signal.throwIfAborted();
      if (timeout.aborted) throw new Failure('BANK_TIMEOUT', { cause: error });
      throw error instanceof Failure ? error : transportFailure(error);
    }
  }

  function identityOf({ identity, endpoint }: BankHttpRequest): BankIdentity | null {
    if (identity !== undefined) return identity;
    return endpoint ? findIdentity(settings.identities, endpoint) : null;
  }

  function guarded(given: BankHttpRequest): Promise<Outcome> {
    const outcome = () =>
      attempt(given).then(
        (answer) => ({ answer }),
        (error: unknown) => {
          if (error instanceof Failure) return { failure: error };
          throw error;
        },
      );
    return guard.call(given.url.origin, outcome, given.signal);
  }

  /** Attempts until one of them is answered, or no more may be made. */
  function repeated(given: BankHttpRequest): Promise<Outcome> {
    let last: Outcome | null = null;
    return retries.execute(async () => {
      if (last && mayHaveArrived(last) && !(await isSpent(given))) return { ...last, isLast: true };
      last = await guarded(given);
      return last;
    }, given.signal);
  }

  return {
    async send(given) {
      given.signal.throwIfAborted();
      const outcome = given.method === 'GET' ? await repeated(given) : await guarded(given);
      given.signal.throwIfAborted();
      if ('failure' in outcome) throw outcome.failure;
      return outcome.answer;
    },
    close: () => agents.close(),
  };
}

/** Whether the next attempt may go better. A bank that says when to come back is not asked again before. */
function mayPass(given: unknown): boolean {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the library types what our own attempt gave as unknown
  const outcome = given as Outcome;
  if (outcome.isLast) return false;
  if ('failure' in outcome) return outcome.failure.code === 'BANK_UNAVAILABLE';
  return outcome.answer.status >= 500 && outcome.answer.headers['retry-after'] === undefined;
}

/** Whether the bank may have seen an attempt, and counted it. */
function mayHaveArrived(outcome: Outcome): boolean {
  return 'answer' in outcome || !isUnsent(outcome.failure.cause);
}

async function isSpent({ spendAgain }: BankHttpRequest): Promise<boolean> {
  try {
    await spendAgain?.();
    return true;
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}

const deadStatuses = new Set([502, 503, 504]);

/**
 * Whether the bank as a whole shows no life. A 4xx is about one request; so may a 500 be, for one account that the bank
 * cannot show must not bar all others.
 */
function isDead(outcome: Outcome): boolean {
  if ('failure' in outcome)
    return outcome.failure.code === 'BANK_UNAVAILABLE' || outcome.failure.code === 'BANK_TIMEOUT';
  return deadStatuses.has(outcome.answer.status);
}

function headersOf(given: BankHttpRequest, identity: BankIdentity | null): Record<string, string> {
  const headers = given.headers();
  if (!(given.isSigned ?? given.endpoint?.quirks['isSigned'] === true)) return headers;
  if (!identity?.seal)
    throw new Failure('CONNECTOR_CONFIG_INVALID', {
      message: 'This bank wants signed requests, and the identity has no seal; the operator must configure one.',
    });
  const { method, url, body = '', signatureStyle = 'berlin-group' } = given;
  return signedHeaders({ method, url, headers, body }, identity.seal, signatureStyle);
}

interface AnswerBody extends AsyncIterable<Buffer> {
  destroy(): unknown;
}

/** The whole body; stops reading, and closes the connection, at the first byte too many. */
async function readBounded(body: AnswerBody, bytesMax: number): Promise<Buffer> {
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
  return Buffer.concat(chunks);
}
