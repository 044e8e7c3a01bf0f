import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BankTransaction } from '../../../src/domain/bank-snapshot.ts';
import { account, json, session, startFakeBank } from './fake-bank.ts';

let bank: Awaited<ReturnType<typeof startFakeBank>>;
beforeAll(async () => {
  bank = await startFakeBank();
});
afterAll(() => bank.close());

const anchor = { entryReference: 'r/0', notBefore: '2025-06-01' };
const window = { from: '2026-02-20', to: '2026-03-10', anchor };
const path = '/xs2a/v1/accounts/a%2F1/transactions';

function entry(id: string, bookingDate: string, entryReference?: string): object {
  return { transactionId: id, entryReference, transactionAmount: { amount: '-1.00', currency: 'EUR' }, bookingDate };
}

async function read(
  quirks: Record<string, unknown> = {},
  asked: typeof window | Omit<typeof window, 'anchor'> = window,
) {
  const call = bank.call({ quirks: { delta: 'entry-reference', ...quirks } });
  const found: BankTransaction[] = [];
  const pages = bank.connector.readTransactions(call, session, account, asked)[Symbol.asyncIterator]();
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one page after the other
    const page = await pages.next();
    if (page.done) return { ids: found.map((one) => one.bankTransactionId), end: page.value, urls: urls() };
    found.push(...page.value);
  }
}

const urls = () => bank.seen.map(({ url }) => url.replace(path, ''));

test('is offered where the entry says so, and not beside reports that are cut', () => {
  const offers = (quirks: Record<string, unknown>) => bank.connector.offersDelta?.(bank.call({ quirks }).endpoint);
  expect(offers({})).toBe(false);
  expect(offers({ delta: 'entry-reference' })).toBe(true);
  expect(() => offers({ delta: 'entry-reference', paging: 'windows' })).toThrow(/delta/);
});

test('asks after the entry and names no days; older entries count by a reference alone, back to the first day read', async () => {
  bank.answerWith((_, response) =>
    json(response, {
      transactions: {
        booked: [
          entry('in', '2026-02-20'),
          entry('early', '2026-01-05', 'r/1'),
          entry('nameless', '2026-01-05'),
          entry('first', '2025-06-01', 'r/2'),
          entry('unread', '2025-05-31', 'r/3'),
          entry('future', '2026-03-11', 'r/4'),
        ],
      },
    }),
  );
  expect(await read()).toEqual({
    ids: ['in', 'early', 'first'],
    end: new Set(),
    urls: ['?bookingStatus=both&entryReferenceFrom=r%2F0'],
  });
  // By days the same answer says nothing of what is older.
  const { anchor: _, ...byDays } = window;
  expect((await read({}, byDays)).ids).toEqual(['in']);
});

test('pending entries that are asked for apart are asked for by days', async () => {
  bank.answerWith((_, response) => json(response, { transactions: { booked: [], pending: [] } }));
  expect((await read({ pending: 'separately' })).urls).toEqual([
    '?bookingStatus=booked&entryReferenceFrom=r%2F0',
    '?bookingStatus=pending&dateFrom=2026-02-20&dateTo=2026-03-10',
  ]);
});

test.each([
  [400, 'RESOURCE_UNKNOWN'],
  [404, 'RESOURCE_UNKNOWN'],
  [400, 'PARAMETER_NOT_SUPPORTED'],
  [400, 'PERIOD_INVALID'],
  [422, 'FORMAT_ERROR'],
])('a refusal with %i %s is told, gives nothing and costs one call', async (status, code) => {
  bank.answerWith((_, response) => json(response, { tppMessages: [{ category: 'ERROR', code }] }, status));
  expect(await read()).toMatchObject({ ids: [], end: 'ANCHOR_REFUSED', urls: [expect.any(String)] });
});

test.each([
  [401, 'CONSENT_EXPIRED', 'CONSENT_EXPIRED'],
  [429, 'ACCESS_EXCEEDED', 'BANK_RATE_LIMITED'],
  [503, 'SERVICE_UNAVAILABLE', 'BANK_UNAVAILABLE'],
])('%i %s is no refusal of the entry', async (status, code, expected) => {
  bank.answerWith((_, response) => json(response, { tppMessages: [{ category: 'ERROR', code }] }, status));
  await expect(read()).rejects.toMatchObject({ code: expected });
});
