import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canonicalAmount,
  currencyExponent,
  fromMinorUnits,
  isCurrencyCode,
  toMinorUnits,
} from '../../src/kernel/money.ts';

describe('money', () => {
  it.each([
    ['EUR', '12.5', '12.50'],
    ['EUR', '-0.05', '-0.05'],
    ['EUR', '+7', '7.00'],
    ['EUR', '007.10', '7.10'],
    ['JPY', '1200', '1200'],
    ['JPY', '1200.00', '1200'],
    ['TND', '1.5', '1.500'],
    ['EUR', '-0', '0.00'],
    ['EUR', '999999999999999999.99', '999999999999999999.99'],
  ])('writes %s %s as %s', (currency, text, canonical) => {
    expect(canonicalAmount(text, currency)).toBe(canonical);
  });

  it.each(['', '1,50', '1e3', 'NaN', '1.', '.5', '1 000', '0x10', '1.005', '9'.repeat(19)])(
    'refuses EUR %j',
    (text) => {
      expect(canonicalAmount(text, 'EUR')).toBeNull();
    },
  );

  it('keeps every amount through minor units and back', () => {
    const currencies = fc.constantFrom('EUR', 'JPY', 'TND', 'USD');
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 17n), 10n ** 17n), currencies, (units, currency) => {
        expect(toMinorUnits(fromMinorUnits(units, currency), currency)).toBe(units);
      }),
    );
  });

  it('knows currencies by their ISO code in capitals', () => {
    expect([isCurrencyCode('EUR'), isCurrencyCode('eur'), isCurrencyCode('EURO'), isCurrencyCode('ZZZ')]).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect(currencyExponent('BHD')).toBe(3);
  });
});
