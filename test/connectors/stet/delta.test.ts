import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BankTransaction } from '../../../src/domain/bank-snapshot.ts';
import { account, entry, json, session, startFakeBank } from './fake-bank.ts';

let bank: Awaited<ReturnType<typeof startFakeBank>>;
beforeAll(async () => {
  bank = await startFakeBank();
});
afterAll(() => bank.close());

const anchor = { entryReference: 'R0', notBefore: '2025-06-01' };
const window = { from: '2026-02-20', to: '2026-03-10', anchor };

async function read(quirks: Record<string, unknown> = {}) {
  const call = bank.call({ quirks: { delta: 'entry-reference', ...quirks } });
  const found: BankTransaction[] = [];
  const pages = bank.connector.readTransactions(call, session, account, window)[Symbol.asyncIterator]();
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one page after the other
    const page = await pages.next();
    const urls = bank.seen.map(({ url }) => url.replace('/stet/psd2/v1/accounts/a%2F1/transactions', ''));
    if (page.done) return { days: found.map(({ bookedOn }) => bookedOn), end: page.value, urls };
    found.push(...page.value);
  }
}

test.each([
  ['1.4', '?afterEntryReference=R0'],
  ['1.6', '?entryReferenceFrom=R0'],
])('version %s asks after the entry and names no days', async (version, url) => {
  bank.answerWith((_, response) =>
    json(response, {
      transactions: [
        entry,
        { ...entry, entryReference: 'R1', bookingDate: '2026-01-05' },
        { ...entry, entryReference: undefined, bookingDate: '2026-01-06' },
        { ...entry, entryReference: 'R2', bookingDate: '2025-05-31' },
      ],
      _links: {},
    }),
  );
  expect(await read({ version })).toEqual({ days: ['2026-03-02', '2026-01-05'], end: new Set(), urls: [url] });
});

test.each([400, 404])('a refusal with %i is told, gives nothing and costs one call', async (status) => {
  bank.answerWith((_, response) => json(response, { status, message: 'RESOURCE_UNKNOWN: no' }, status));
  expect(await read()).toMatchObject({ days: [], end: 'ANCHOR_REFUSED', urls: [expect.any(String)] });
});

test('a consent that has ended is no refusal of the entry', async () => {
  bank.answerWith((_, response) => json(response, { message: 'CONSENT_EXPIRED: over' }, 400));
  await expect(read()).rejects.toMatchObject({ code: 'CONSENT_EXPIRED' });
});

test.each([
  [{ transactionAmount: { amount: 'NaN', currency: 'EUR' } }, ['BOOKED_UNUSABLE']],
  [{ bookingDate: '2026-02-30' }, ['BOOKED_UNUSABLE']],
  [{ status: 'PDNG', transactionAmount: {} }, ['PENDING_UNUSABLE']],
  [{ status: 'INFO', transactionAmount: {} }, []],
])('an entry that cannot be used for %j is left out, and that is told', async (changed, expected) => {
  const garbled = { ...entry, entryReference: 'R1', ...changed };
  bank.answerWith((_, response) => json(response, { transactions: [entry, garbled], _links: {} }));
  expect(await read()).toMatchObject({ days: ['2026-03-02'], end: new Set(expected) });
});
