import { describe, expect, test } from 'vitest';
import { openBank } from './linked-bank.ts';

const purchase = (amount: string) => ({
  on: '2026-03-02',
  kind: 'card',
  amount,
  foreign: { currency: 'NZD', rate: '1.81' },
  merchants: [{ name: 'FERGBURGER', city: 'QUEENSTOWN' }],
  text: 'CARTE {dd/mm/yy} {merchant} CB*1234',
});
const account = { owners: ['a'], openingBalance: '100' };
const scenario = {
  seed: 's',
  epoch: '2026-01-01',
  bank: { name: 'B' },
  people: [{ id: 'a', name: 'Alice', login: 'alice', password: 'tributary1' }],
  accounts: [
    { ...account, id: 'current', type: 'checking', name: 'Current', transactions: [purchase('-12.30')] },
    { ...account, id: 'card', type: 'card', name: 'Card', transactions: [purchase('-20.00')] },
  ],
};

const original = (amount: string) => ({ amount, currency: 'NZD' });

describe('a purchase in another currency', () => {
  test.each([
    ['currencyExchange', 'exchange', {}, {}, [null, '1.81'], [original('-36.20'), '1.81']],
    ['one currencyExchange', 'exchange-object', {}, {}, [null, '1.81'], [null, '1.81']],
    ['lines in any order', 'in-text', { text: 'array-shuffled' }, {}, [original('-22.26'), '1.81'], [null, null]],
    ['a text', 'in-text', {}, {}, [original('-22.26'), '1.81'], [null, null]],
    ['a text that is not taken apart', 'in-text', {}, { labelGrammar: 'none' }, [null, null], [null, null]],
    [
      'the place of what is paid',
      'in-place',
      {},
      { billingAmount: 'in-text' },
      [original('-22.26'), null],
      [original('-36.20'), null],
    ],
    ['nothing', 'none', {}, {}, [null, null], [null, null]],
  ])(
    'told by %s (%s) is paid in euros, and told as the bank tells it',
    async (_, foreignAmounts, switches, quirks, ofAccount, ofCard) => {
      const bank = await openBank({
        scenario,
        switches: { foreignAmounts, ...switches },
        quirks: { cardAccounts: 'listed', ...quirks },
      });
      const session = await bank.link();
      const accounts = await bank.connector.listAccounts(bank.call(), session);
      const read = async (type: string) => {
        const found = accounts.find((one) => one.type === type);
        if (!found) throw new Error(`No ${type} is listed.`);
        const entries = await bank.transactions(session, found, 60);
        return entries.map(({ money, original: charged, exchangeRate }) => [money.amount, charged, exchangeRate]);
      };
      expect({ account: await read('CHECKINGS'), card: await read('CREDIT_CARD') }).toEqual({
        account: [['-12.30', ...ofAccount]],
        card: [['-20.00', ...ofCard]],
      });
    },
  );
});
