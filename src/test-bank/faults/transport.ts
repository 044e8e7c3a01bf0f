import type { MiddlewareHandler } from 'hono';
import type { Bank } from '../bank.ts';
import { drawUnit } from '../ledger/random.ts';
import { Refusal } from '../refusal.ts';
import type { FaultKind } from '../scenario/fault.ts';

export const transportKinds = [
  'unavailable',
  'server-error',
  'timeout',
  'cut-connection',
  'rate-limited',
  'html-error',
] as const satisfies readonly FaultKind[];

const maintenancePage =
  '<!doctype html><html lang="fr"><head><title>Maintenance</title></head><body><h1>Service momentanément indisponible</h1></body></html>';

/** Faults that strike before the bank has looked at the call, for every face alike: mount it first. */
export function transportFaults(bank: Bank): MiddlewareHandler {
  return async (context, next) => {
    const { latencyMs, flappingPercent } = bank.scenario().bank.switches;
    if (latencyMs > 0) await waitFor(latencyMs, context.req.raw.signal);
    const fault = bank.faults.take(transportKinds, context.req.path, false);
    if (fault) {
      const answer = await strike(fault.kind, fault.retryAfterSeconds, context.req.raw.signal);
      if (answer) return answer;
    }
    if (flappingPercent > 0) {
      if (drawUnit(`${bank.scenario().seed}|flap|${bank.faults.nextFlap()}`) * 100 < flappingPercent) {
        throw new Refusal(503, 'SERVICE_UNAVAILABLE', 'The service is not available for the moment.');
      }
    }
    await next();
    return undefined;
  };
}

/** Answers as the fault tells: throws a Refusal that the face writes in its shape, or gives a whole response. */
export async function strike(
  kind: FaultKind,
  retryAfterSeconds: number,
  signal: AbortSignal,
): Promise<Response | null> {
  switch (kind) {
    case 'unavailable':
      throw new Refusal(503, 'SERVICE_UNAVAILABLE', 'The service is not available for the moment.', {
        retryAfterSeconds,
      });
    case 'server-error':
    case 'mid-page-failure':
      throw new Refusal(500, 'INTERNAL_SERVER_ERROR', 'An internal error occurred.');
    case 'rate-limited':
      throw new Refusal(429, 'ACCESS_EXCEEDED', 'The limit of calls is reached.', { retryAfterSeconds });
    case 'html-error':
      return new Response(maintenancePage, { status: 503, headers: { 'content-type': 'text/html; charset=utf-8' } });
    case 'timeout':
      await waitFor(hangMilliseconds, signal);
      return new Response(null, { status: 504 });
    case 'cut-connection':
      return new Response(brokenBody(), { status: 200, headers: { 'content-type': 'application/json' } });
    case 'truncated-history':
    case 'duplicated-pages':
    case 'reissued-ids':
      return null;
    default:
      return kind satisfies never;
  }
}

const hangMilliseconds = 300_000;
const cutMilliseconds = 50;

/** Real time, not the bank's: a caller that hangs must hang for real. Ends when the caller goes away. */
function waitFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    timer.unref();
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function brokenBody(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{"accounts":['));
    },
    // Later, so that status and headers are on their way before the connection breaks.
    async pull(controller) {
      await waitFor(cutMilliseconds, new AbortController().signal);
      controller.error(new Error('The test bank cuts the connection.'));
    },
  });
}
