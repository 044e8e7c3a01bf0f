import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { oneMoreCall } from '../one-more-call.ts';
import { account, json, session, startFakeBank } from './fake-bank.ts';

let bank: Awaited<ReturnType<typeof startFakeBank>>;
beforeAll(async () => {
  bank = await startFakeBank();
});
afterAll(() => bank.close());

type Answer = (request: { readonly url: string }, response: ServerResponse<IncomingMessage>, count: number) => void;

const entryOn = (bookingDate: string) => ({
  transactionId: bookingDate,
  transactionAmount: { amount: '-1.00', currency: 'EUR' },
  bookingDate,
});
const report = (days: readonly string[], next?: string) => ({
  transactions: { booked: days.map(entryOn), ...(next === undefined ? {} : { _links: { next: { href: next } } }) },
});
const severalCurrencies = { resourceId: 'a1', iban: account.iban, currency: 'XXX' };
const balance = { balanceAmount: { amount: '1.00', currency: 'EUR' }, balanceType: 'interimBooked' };

const transactions = async (quirks: Record<string, unknown>, spendAgain: () => Promise<void>) => {
  const window = { from: '2025-09-01', to: '2026-03-10' };
  const read = bank.connector.readTransactions(bank.call({ quirks, spendAgain }), session, account, window);
  let entries = 0;
  for await (const page of read) entries += page.length;
  return entries;
};
const accounts = async (quirks: Record<string, unknown>, spendAgain: () => Promise<void>) =>
  (await bank.connector.listAccounts(bank.call({ quirks, spendAgain }), session)).length;

/** What a bank makes us ask again, and of how many calls the first one is planned. */
const cases: [string, typeof transactions, Record<string, unknown>, Answer][] = [
  [
    'refuses pending entries',
    transactions,
    {},
    ({ url }, response) => (url.includes('=both') ? json(response, {}, 400) : json(response, report(['2026-03-01']))),
  ],
  [
    'refuses older days',
    transactions,
    {},
    ({ url }, response) =>
      url.includes('dateFrom=2025-09-01')
        ? json(response, { tppMessages: [{ category: 'ERROR', code: 'PERIOD_INVALID' }] }, 400)
        : json(response, report(['2026-03-01'])),
  ],
  [
    'has another format',
    transactions,
    { reportFormat: 'text' },
    (_, response, count) => (count === 1 ? json(response, {}, 406) : json(response, report(['2026-03-01']))),
  ],
  [
    'cuts its reports',
    transactions,
    { paging: 'windows' },
    (_, response, count) => json(response, report([count === 1 ? '2026-03-01' : '2025-09-01'])),
  ],
  [
    'lists an account in several currencies without its balances',
    accounts,
    {},
    ({ url }, response) =>
      json(response, url.endsWith('/accounts') ? { accounts: [severalCurrencies] } : { balances: [balance] }),
  ],
];

describe('a bank that makes us ask again', () => {
  test.each(cases)('%s: each further question is spent', async (_, read, quirks, answer) => {
    bank.answerWith(answer);
    const ledger = oneMoreCall(9);
    expect(await read(quirks, ledger.spendAgain)).toBeGreaterThan(0);
    expect(bank.seen).toHaveLength(2);
    expect(ledger.spent).toBe(1);
  });

  test.each(cases)('%s: it is not asked where nothing is left', async (_, read, quirks, answer) => {
    bank.answerWith(answer);
    await expect(read(quirks, oneMoreCall(0).spendAgain)).rejects.toMatchObject({ code: 'SYNC_BUDGET_EXHAUSTED' });
    expect(bank.seen).toHaveLength(1);
  });
});

test('a further page, and another attempt at it, costs nothing', async () => {
  bank.answerWith((_, response, count) =>
    count === 2 ? json(response, {}, 500) : json(response, report(['2026-03-01'], count === 1 ? '?page=2' : undefined)),
  );
  expect(await transactions({}, oneMoreCall(0).spendAgain)).toBe(2);
  expect(bank.seen).toHaveLength(3);
});

test('nor does the question why the bank refuses, however often it is put', async () => {
  bank.answerWith(({ url }, response, count) => {
    if (!url.includes('/consents/')) json(response, { tppMessages: [{ code: 'CONSENT_INVALID' }] }, 401);
    else if (count === 2) json(response, {}, 500);
    else json(response, { consentStatus: 'expired' });
  });
  await expect(transactions({}, oneMoreCall(0).spendAgain)).rejects.toMatchObject({ code: 'CONSENT_EXPIRED' });
  expect(bank.seen).toHaveLength(3);
});
