import { describe, expect, test } from 'vitest';
import { openBank } from './linked-bank.ts';

const iban = 'FR7630006000011234567890189';
const world = {
  seed: 'currencies',
  epoch: '2025-12-01',
  bank: { name: 'Banque des Devises', pageSize: 5 },
  people: [{ id: 'alice', name: 'Alice Martin', login: 'alice', password: 'tributary1' }],
  accounts: [
    { id: 'single', currency: 'EUR' },
    { id: 'euros', currency: 'EUR', iban },
    { id: 'dollars', currency: 'USD', iban },
    { id: 'yen', currency: 'JPY', iban, openingBalance: '10000', amount: '-120' },
  ].map(({ amount = '-2.50', ...account }) => ({
    owners: ['alice'],
    type: 'checking',
    name: 'Compte devises',
    openingBalance: '100.00',
    transactions: [
      { every: { days: 4 }, kind: 'card', amount, text: `ACHAT ${account.currency}`, pending: { days: 6 } },
    ],
    ...account,
  })),
};

describe.each(['aggregation', 'subaccounts'])('one IBAN in several currencies, as %s', (multicurrency) => {
  test('is an account for each, with the balances and entries of its currency', async () => {
    const bank = await openBank({ scenario: world, switches: { multicurrency } });
    const session = await bank.link();
    const accounts = await bank.connector.listAccounts(bank.call(), session);
    expect(accounts.map((account) => [account.iban === iban, account.currency])).toEqual([
      [false, 'EUR'],
      [true, 'EUR'],
      [true, 'USD'],
      [true, 'JPY'],
    ]);
    expect(new Set(accounts.map(({ bankAccountId }) => bankAccountId)).size).toBe(4);
    const ids = ['single', 'euros', 'dollars', 'yen'];
    for (const [index, account] of accounts.entries()) {
      const book = bank.bank.ledger().account(ids[index]!)!;
      // oxlint-disable-next-line no-await-in-loop -- the accounts one by one
      const balances = await bank.connector.readBalances(bank.call(), session, account);
      expect(balances.map(({ money }) => money)).toEqual([book.bookedBalance, book.expectedBalance]);
      // oxlint-disable-next-line no-await-in-loop -- as above
      const entries = await bank.transactions(session, account);
      const booked = entries.filter(({ status }) => status === 'BOOKED');
      expect(booked).toHaveLength(book.bookedCount);
      expect(new Set(entries.map(({ money }) => money.currency))).toEqual(new Set([account.currency]));
      expect(entries.length - booked.length).toBe(book.pending().length);
    }
  });
});

test('the account of one currency is asked for by the bank’s own id', async () => {
  const bank = await openBank({ scenario: world, switches: { multicurrency: 'aggregation' } });
  const session = await bank.link();
  const accounts = await bank.connector.listAccounts(bank.call(), session);
  bank.asked();
  await bank.connector.readBalances(bank.call(), session, accounts[1]!);
  await bank.connector.readBalances(bank.call(), session, accounts[2]!);
  const [first, second] = bank.asked();
  expect(first).toBe(second);
});
