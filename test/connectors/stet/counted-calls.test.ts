import { afterAll, beforeAll, expect, test } from 'vitest';
import { oneMoreCall } from '../one-more-call.ts';
import { account, allOf, entry, json, session, startFakeBank } from './fake-bank.ts';

let bank: Awaited<ReturnType<typeof startFakeBank>>;
beforeAll(async () => {
  bank = await startFakeBank();
});
afterAll(() => bank.close());

const read = ({ spendAgain }: ReturnType<typeof oneMoreCall>) =>
  allOf(
    bank.connector.readTransactions({ ...bank.call(), spendAgain }, session, account, {
      from: '2025-09-01',
      to: '2026-03-10',
    }),
  );

test('the question for less than the bank refused is spent, and not put where nothing is left', async () => {
  const answer: Parameters<typeof bank.answerWith>[0] = ({ url }, response) =>
    url.includes('2025-09-01') ? json(response, {}, 400) : json(response, { transactions: [entry] });
  const ledger = oneMoreCall(9);
  bank.answerWith(answer);
  expect(await read(ledger)).toHaveLength(1);
  expect(ledger.spent).toBe(1);
  bank.answerWith(answer);
  await expect(read(oneMoreCall(0))).rejects.toMatchObject({ code: 'SYNC_BUDGET_EXHAUSTED' });
  expect(bank.seen).toHaveLength(1);
});

test('another attempt is spent at list, balances and transactions, and made at further pages for nothing', async () => {
  bank.answerWith((_, response) => json(response, {}, 500));
  const questions = [
    (ledger: ReturnType<typeof oneMoreCall>) => bank.connector.listAccounts({ ...bank.call(), ...ledger }, session),
    (ledger: ReturnType<typeof oneMoreCall>) =>
      bank.connector.readBalances({ ...bank.call(), ...ledger }, session, account),
    read,
  ];
  for (const ask of questions) {
    const ledger = oneMoreCall(1);
    // oxlint-disable-next-line no-await-in-loop -- one question after the other
    await expect(ask(ledger)).rejects.toMatchObject({ code: 'BANK_ERROR' });
    expect(ledger.spent).toBe(1);
  }
  expect(bank.seen).toHaveLength(2 * questions.length);
  bank.answerWith((_, response, count) => {
    const links = count === 1 ? { _links: { next: { href: '/stet/psd2/v1/x?index=2' } } } : {};
    if (count === 2) json(response, {}, 500);
    else json(response, { transactions: [{ ...entry, entryReference: `${count}` }], ...links });
  });
  expect(await read(oneMoreCall(0))).toHaveLength(2);
  expect(bank.seen).toHaveLength(3);
});
