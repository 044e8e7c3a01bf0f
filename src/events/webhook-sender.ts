import { Agent } from 'undici';
import type { AttemptResult, AttemptOutcome } from '../domain/webhook.ts';
import type { Clock } from '../kernel/clock.ts';
import { AddressRefused, checkLiteralAddress, guardedLookup, type Resolve } from './address-guard.ts';
import { postBounded, PostTimedOut } from './post-bounded.ts';

/** What an endpoint is called with when it wants mutual TLS. */
export interface ClientCertificate {
  /** PEM, with the chain. */
  readonly certificate: string;
  /** PEM. */
  readonly privateKey: string;
}

export interface WebhookSenderOptions {
  readonly clock: Clock;
  /** Whether receivers on this machine are allowed: in a sandbox only. */
  readonly isLoopbackAllowed: boolean;
  readonly resolve?: Resolve;
  /** Whose certificates receivers may have, in PEM; absent: those that Node knows. */
  readonly certificateAuthorities?: readonly string[];
  readonly connectionsPerOriginMax?: number;
  /** For one attempt, from the connection to the last byte of the answer. */
  readonly timeoutMilliseconds?: number;
}

interface WebhookRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly certificate: ClientCertificate | null;
}

/** Sends webhooks: bounded in time and size, following no redirect, to the open internet only. */
export interface WebhookSender {
  /** Makes one attempt; whatever goes wrong is a result. */
  post(request: WebhookRequest): Promise<AttemptResult>;
  close(): Promise<void>;
}

const certificateAgentsMax = 100;

/** One for the whole process: its agents keep a bounded pool of connections for each receiver. */
export function createWebhookSender(options: WebhookSenderOptions): WebhookSender {
  const { clock, isLoopbackAllowed, connectionsPerOriginMax = 32, timeoutMilliseconds = 10_000 } = options;

  function agentFor(certificate: ClientCertificate | null): Agent {
    return new Agent({
      connections: connectionsPerOriginMax,
      pipelining: 1,
      // Each attempt has a time of its own, which is that of all of it.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: 16 * 1024,
      connect: {
        timeout: timeoutMilliseconds,
        lookup: guardedLookup(isLoopbackAllowed, options.resolve),
        ...(options.certificateAuthorities ? { ca: [...options.certificateAuthorities] } : {}),
        ...(certificate ? { cert: certificate.certificate, key: certificate.privateKey } : {}),
      },
    });
  }

  const plain = agentFor(null);
  const withCertificate = new Map<string, Agent>();

  function agentOf(certificate: ClientCertificate | null): Agent {
    if (!certificate) return plain;
    const key = certificate.certificate;
    const agent = withCertificate.get(key) ?? agentFor(certificate);
    withCertificate.delete(key);
    withCertificate.set(key, agent);
    const [oldest] = withCertificate;
    if (oldest && withCertificate.size > certificateAgentsMax) {
      withCertificate.delete(oldest[0]);
      void oldest[1].close();
    }
    return agent;
  }

  return {
    async post({ url, headers, body, certificate }) {
      const started = performance.now();
      const end = (outcome: AttemptOutcome, found: Partial<AttemptResult> = {}): AttemptResult => ({
        statusCode: null,
        snippet: null,
        retryAt: null,
        ...found,
        outcome,
        responseMilliseconds: Math.round(performance.now() - started),
      });
      try {
        const target = new URL(url);
        if (target.protocol !== 'https:' && !isLoopbackAllowed) throw new AddressRefused('Only https is called.');
        checkLiteralAddress(target, isLoopbackAllowed);
        const { statusCode, retryAfter, snippet } = await postBounded(agentOf(certificate), {
          target,
          headers: { ...headers, 'content-type': 'application/json', 'user-agent': 'Tributary-Webhooks/1' },
          body,
          timeoutMilliseconds,
        });
        const found = { statusCode, snippet, retryAt: retryAtOf(retryAfter, clock.now()) };
        if (statusCode >= 200 && statusCode < 300) return end('SUCCEEDED', { ...found, retryAt: null });
        return end(statusCode >= 300 && statusCode < 400 ? 'REDIRECT_REFUSED' : 'STATUS_REFUSED', found);
      } catch (error) {
        return end(outcomeOf(error), { snippet: shortMessage(error) });
      }
    },
    async close() {
      await Promise.all([plain, ...withCertificate.values()].map((agent) => agent.close()));
    },
  };
}

/** Retry-After as seconds or an HTTP date (RFC 9110 section 10.2.3). */
function retryAtOf(header: string | null, now: Date): Date | null {
  if (header === null) return null;
  if (/^\d{1,9}$/.test(header)) return new Date(now.getTime() + Number(header) * 1000);
  const at = new Date(header);
  return Number.isNaN(at.getTime()) ? null : at;
}

function outcomeOf(error: unknown): AttemptOutcome {
  if (error instanceof AddressRefused) return 'ADDRESS_REFUSED';
  if (error instanceof PostTimedOut) return 'TIMED_OUT';
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^(ERR_TLS|ERR_SSL|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_)/.test(code) ? 'TLS_FAILED' : 'CONNECTION_FAILED';
}

function shortMessage(error: unknown): string {
  const text = error instanceof Error ? error.message || String(Reflect.get(error, 'code') ?? error.name) : 'Unknown.';
  return text.slice(0, 200);
}
