import { describe, expect, test } from 'vitest';
import { readResource } from '../../../src/connectors/berlin-group/account-resource.ts';
import { normalizeTransaction } from '../../../src/connectors/berlin-group/normalize.ts';
import { berlinGroupQuirks } from '../../../src/connectors/berlin-group/quirks.ts';

const context = {
  account: { iban: 'FR7630006000011234567890189', currency: 'EUR' },
  resource: readResource('r-1'),
  timeZone: 'Europe/Paris',
  quirks: berlinGroupQuirks({ baseUrl: 'https://bank.example/v1', timeZone: 'Europe/Paris', quirks: {} }),
};
const plain = { bookingDate: '2026-03-02', transactionAmount: { amount: '-12.50', currency: 'EUR' } };

describe('another currency', () => {
  const exchange = { sourceCurrency: 'NZD', unitCurrency: 'EUR', targetCurrency: 'EUR', exchangeRate: '1.81' };
  const told = (entry: object) => {
    const { original, exchangeRate } = normalizeTransaction({ ...plain, ...entry }, 'BOOKED', context) ?? {};
    return { original, exchangeRate };
  };
  const original = { amount: '-22.63', currency: 'NZD' };

  test.each([
    ['a list', [exchange]],
    ['an object', exchange],
    ['a list with other things in it', [null, 'EUR', 7, exchange, {}, [exchange]]],
    ['a number for a rate', { ...exchange, exchangeRate: 1.81 }],
    ['more than it should have', { ...exchange, deep: { deeper: [[]] } }],
  ])('is read from %s', (_, currencyExchange) => {
    const originalAmount = { amount: '22.63', currency: 'NZD' };
    expect(told({ currencyExchange, originalAmount })).toEqual({ original, exchangeRate: '1.81' });
    expect(told({ currencyExchange })).toEqual({ original: null, exchangeRate: '1.81' });
  });

  test('is read from the amount that was instructed', () => {
    const currencyExchange = [{ ...exchange, instructedAmount: { amount: '22.63', currency: 'NZD' } }];
    expect(told({ currencyExchange })).toEqual({ original, exchangeRate: '1.81' });
  });

  test.each(['NaN', '0', '-1.81', '1e5', '', '1.81.1', 'x'.repeat(100_000), null, {}, []])(
    'costs no entry when the rate is nonsense (%#)',
    (exchangeRate) => {
      expect(told({ currencyExchange: [{ ...exchange, exchangeRate }] })).toEqual({
        original: null,
        exchangeRate: null,
      });
    },
  );

  test.each([
    { amount: 'NaN', currency: 'NZD' },
    { amount: '0.00', currency: 'NZD' },
    { amount: '22.26', currency: 'XQZ' },
    { amount: '22.26' },
    '22.26 NZD',
    [],
  ])('costs no entry when the amount is nonsense (%j)', (originalAmount) => {
    expect(told({ originalAmount })).toEqual({ original: null, exchangeRate: null });
  });

  test('is none where a bank writes an exchange of euros into euros', () => {
    const currencyExchange = [{ sourceCurrency: 'EUR', targetCurrency: 'EUR', unitCurrency: 'EUR', exchangeRate: '1' }];
    expect(told({ currencyExchange, originalAmount: plain.transactionAmount })).toEqual({
      original: null,
      exchangeRate: null,
    });
  });
});
