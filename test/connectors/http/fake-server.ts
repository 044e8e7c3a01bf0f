import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { createBankHttp, type BankHttpOptions } from '../../../src/connectors/bank-http.ts';

/** An HTTP server of the test's own, closed when the test ends; `origin` is where it listens. */
export async function openServer(answer: RequestListener) {
  const received: IncomingMessage[] = [];
  const server = createServer((incoming: IncomingMessage, response: ServerResponse) => {
    received.push(incoming);
    answer(incoming, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { origin: `http://127.0.0.1:${port}`, port, received };
}

/** HTTP to banks that does not wait long between attempts, closed when the test ends. */
export function openHttp(options: Partial<BankHttpOptions> = {}) {
  const http = createBankHttp({ retryDelayMilliseconds: 1, ...options });
  onTestFinished(() => http.close());
  return http;
}

/** A plain GET. */
export function get(url: string, signal = new AbortController().signal) {
  return { method: 'GET', url: new URL(url), headers: () => ({ 'x-request-id': 'r-1' }), signal } as const;
}

export function post(url: string, body = '{}') {
  return { ...get(url), method: 'POST', body } as const;
}
