import type { ServerResponse } from 'node:http';
import { createBankHttp, type BankHttpOptions } from '../../../src/connectors/bank-http.ts';
import type { BankCall, PsuContext } from '../../../src/connectors/connector.ts';
import { createStetConnector } from '../../../src/connectors/stet/connector.ts';
import type { BankAccount, BankTransaction } from '../../../src/domain/bank-snapshot.ts';
import { manualClock } from '../../../src/kernel/clock.ts';
import { startAnsweringServer } from '../answering-server.ts';

/** A real HTTP server that answers by a function, for what no well-behaved bank does. */
export async function startFakeBank(options: Partial<BankHttpOptions> = {}) {
  const server = await startAnsweringServer();
  const { origin, seen, answerWith } = server;
  const http = createBankHttp({ retryDelayMilliseconds: 1, deadAnswersMax: 1000, ...options });
  const clock = manualClock(new Date('2026-03-10T09:00:00Z'));
  const connector = createStetConnector(http, new Map([['default', { clientId: 'PSDFR-ACPR-1' }]]));
  const call = (given: { quirks?: Record<string, unknown>; psu?: PsuContext } = {}): BankCall => ({
    endpoint: { baseUrl: `${origin}/stet/psd2/v1`, timeZone: 'Europe/Paris', quirks: given.quirks ?? {} },
    clock,
    signal: new AbortController().signal,
    psu: given.psu ?? null,
  });
  return {
    origin,
    seen,
    connector,
    call,
    answerWith,
    async transactions(quirks: Record<string, unknown> = {}, given: Partial<BankAccount> = {}) {
      const window = { from: '2026-01-01', to: '2026-03-10' };
      const pages = connector.readTransactions(call({ quirks }), session, { ...account, ...given }, window);
      return allOf(pages);
    },
    async close() {
      server.close();
      await http.close();
    },
  };
}

/** The pages put together. */
export async function allOf(pages: AsyncIterable<readonly BankTransaction[]>): Promise<BankTransaction[]> {
  const read: BankTransaction[] = [];
  for await (const page of pages) read.push(...page);
  return read;
}

export function json(
  response: ServerResponse,
  body: unknown,
  status = 200,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/hal+json', ...headers }).end(JSON.stringify(body));
}

export const session = {
  step: 'ACTIVE',
  tokens: { accessToken: 'token-1', expiresAt: '2026-03-10T09:15:00.000Z', refreshToken: 'refresh-1' },
  ownerName: null,
  validUntil: '2026-09-01',
  frequencyPerDay: 4,
};

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

/** An entry as the standard writes it. */
export const entry = {
  entryReference: 'AF5T2',
  transactionAmount: { amount: '12.25', currency: 'EUR' },
  creditDebitIndicator: 'DBIT',
  status: 'BOOK',
  bookingDate: '2026-03-02',
  remittanceInformation: ['CB BOULANGERIE FACT 010326'],
};
