import type { ServerResponse } from 'node:http';
import { createBankHttp, type BankHttpOptions } from '../../../src/connectors/bank-http.ts';
import { createBerlinGroupConnector } from '../../../src/connectors/berlin-group/connector.ts';
import type { BankCall } from '../../../src/connectors/connector.ts';
import { manualClock } from '../../../src/kernel/clock.ts';
import type { BankAccount } from '../../../src/domain/bank-snapshot.ts';
import { startAnsweringServer } from '../answering-server.ts';

/** A real HTTP server that answers by a function, for what no well-behaved bank does. */
export async function startFakeBank(options: Partial<BankHttpOptions> = {}) {
  const server = await startAnsweringServer();
  const { origin, seen, answerWith } = server;
  const http = createBankHttp({ retryDelayMilliseconds: 1, deadAnswersMax: 1000, ...options });
  const clock = manualClock(new Date('2026-03-10T09:00:00Z'));
  return {
    origin,
    seen,
    clock,
    connector: createBerlinGroupConnector(http),
    answerWith,
    call(given: { quirks?: Record<string, unknown> } & Partial<Omit<BankCall, 'endpoint'>> = {}): BankCall {
      return {
        endpoint: { baseUrl: `${origin}/xs2a/v1`, timeZone: 'Europe/Paris', quirks: given.quirks ?? {} },
        clock,
        signal: given.signal ?? new AbortController().signal,
        psu: given.psu ?? null,
        ...(given.spendAgain ? { spendAgain: given.spendAgain } : {}),
      };
    },
    async close() {
      server.close();
      await http.close();
    },
  };
}

export function json(
  response: ServerResponse,
  body: unknown,
  status = 200,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

export const session = { consentId: 'c-1', validUntil: '2026-09-01', frequencyPerDay: 4 };

export const account: BankAccount = {
  bankAccountId: 'a/1',
  iban: 'FR7630006000011234567890189',
  maskedPan: null,
  otherIdentification: null,
  bic: null,
  currency: 'EUR',
  name: 'Compte',
  ownerName: null,
  product: null,
  type: 'CHECKINGS',
  usage: null,
  isClosed: false,
};
