import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { foreignOf } from '../../src/test-bank/ledger/foreign.ts';
import { parseScenario } from '../../src/test-bank/scenario/parse-scenario.ts';
import { transactionRuleSchema } from '../../src/test-bank/scenario/transaction-rule.ts';
import { linkedByApi } from './linked-by-api.ts';
import { noon, openBankAt, scenarioOf } from './support.ts';

const purchase = (amount: string) => ({
  on: '2026-03-02',
  kind: 'card',
  amount,
  foreign: { currency: 'NZD', rate: '1.81' },
  merchants: [{ name: 'FERGBURGER', city: 'QUEENSTOWN' }],
  text: 'CARTE {dd/mm/yy} {merchant} CB*1234',
});
const traveller = (switches: object) => ({
  seed: 's',
  epoch: '2026-01-01',
  bank: { name: 'B', switches },
  people: [{ id: 'a', name: 'Alice', login: 'alice', password: 'tributary1' }],
  accounts: [
    {
      id: 'current',
      owners: ['a'],
      type: 'checking',
      name: 'Current',
      openingBalance: '100',
      transactions: [purchase('-12.30')],
    },
    { id: 'card', owners: ['a'], type: 'card', name: 'Card', openingBalance: '0', transactions: [purchase('-20.00')] },
  ],
});

async function entries(switches: object) {
  const bank = await openBankAt(noon, { scenario: scenarioOf(traveller(switches)) });
  onTestFinished(() => bank.close());
  const { call } = await linkedByApi(bank);
  const of = async (list: string, listed: string, entriesName: string) => {
    const [account] = (await call('GET', `/${list}`)).json[listed];
    const query = 'bookingStatus=booked&dateFrom=2026-01-01';
    return (await call('GET', `/${list}/${account.resourceId}/transactions?${query}`)).json[entriesName].booked[0];
  };
  return {
    account: await of('accounts', 'accounts', 'transactions'),
    card: await of('card-accounts', 'cardAccounts', 'cardTransactions'),
  };
}

test('a purchase in another currency tells the rate, and a card the original amount', async () => {
  const { account, card } = await entries({});
  const rate = {
    sourceCurrency: 'NZD',
    exchangeRate: '1.81',
    unitCurrency: 'EUR',
    targetCurrency: 'EUR',
    quotationDate: '2026-03-02',
  };
  expect(account).toMatchObject({ transactionAmount: { amount: '-12.30', currency: 'EUR' }, currencyExchange: [rate] });
  expect(card).toMatchObject({
    transactionAmount: { amount: '-20.00', currency: 'EUR' },
    originalAmount: { amount: '-36.20', currency: 'NZD' },
    currencyExchange: [rate],
  });
  expect((await entries({ foreignAmounts: 'exchange-object' })).account.currencyExchange).toEqual(rate);
  expect((await entries({ foreignAmounts: 'none' })).account).not.toHaveProperty('currencyExchange');
});

test('the rate is a line of the text, on its own where the text is in lines (BoursoBank)', async () => {
  const line = '22,26 NZD / 1 euro = 1,81';
  const { account } = await entries({ foreignAmounts: 'in-text', text: 'array' });
  expect(account.remittanceInformationUnstructuredArray).toEqual(['CARTE 02/03/26 FERGBURGER CB*1234', line]);
  const whole = (await entries({ foreignAmounts: 'in-text' })).account;
  expect(whole.remittanceInformationUnstructured).toBe(`CARTE 02/03/26 FERGBURGER CB*1234 ${line}`);
});

test('the foreign amount stands in place of what the account pays, which is in the text (Entercard)', async () => {
  const { account, card } = await entries({ foreignAmounts: 'in-place' });
  expect(account.transactionAmount).toEqual({ amount: '-22.26', currency: 'NZD' });
  expect(account.remittanceInformationUnstructured).toBe('billingAmount: -12.3');
  expect(card).toMatchObject({
    transactionAmount: { amount: '-36.20', currency: 'NZD' },
    transactionDetails: 'billingAmount: -20',
  });
});

test('a foreign amount keeps its sign and is exact to half a unit, for any amount and rate', () => {
  const rates = fc.integer({ min: 1, max: 9_999_999 }).map((millionths) => {
    const digits = String(millionths).padStart(7, '0');
    return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
  });
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), rates, (units, rate) => {
      const rule = transactionRuleSchema.parse({ amount: '1', text: 't', foreign: { currency: 'JPY', rate } });
      const shown = BigInt(foreignOf(units, 'EUR', rule)?.money.amount ?? 'x');
      // Both sides in millionths of a hundredth: a yen has no decimals, a euro has two.
      const difference = shown * 100_000_000n - units * BigInt(rate.replace('.', ''));
      expect(difference <= 50_000_000n && difference >= -50_000_000n).toBe(true);
      expect(shown === 0n || shown > 0n === units > 0n).toBe(true);
    }),
  );
});

test.for([
  [{ currency: 'EUR', rate: '1.1' }, 'accounts[0].transactions[0].foreign.currency'],
  [{ currency: 'NZD', rate: '0.0' }, 'accounts[0].transactions[0].foreign.rate'],
  [{ currency: 'XYZ', rate: '1.1' }, 'accounts[0].transactions[0].foreign.currency'],
] as const)('%j is refused with its place', ([foreign, path]) => {
  const { accounts, ...rest } = traveller({});
  const wrong = accounts.map((account) => ({ ...account, transactions: [{ ...purchase('-1.00'), foreign }] }));
  expect(parseScenario(JSON.stringify({ ...rest, accounts: wrong.slice(0, 1) })).problems).toEqual([
    expect.objectContaining({ path }),
  ]);
});
