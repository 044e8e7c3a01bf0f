import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frenchDay, frenchMoney } from '../../../src/connectors/portal/french-values.ts';
import { addDays } from '../../../src/kernel/calendar-date.ts';
import { fromMinorUnits } from '../../../src/kernel/money.ts';
import { frenchDate, frenchMoney as printMoney } from '../../../src/test-bank/pages/french-format.ts';

describe('amounts', () => {
  test('are read back as they were printed, whatever stands between thousands and for a minus', () => {
    const separators = fc.constantFrom('narrow-no-break', 'no-break', 'space', 'none');
    const currencies = fc.constantFrom('EUR', 'JPY', 'TND', 'CHF');
    const units = fc.bigInt({ min: -(10n ** 16n), max: 10n ** 16n });
    fc.assert(
      fc.property(
        units,
        currencies,
        separators,
        fc.constantFrom('-', '\u2212'),
        (given, currency, thousands, minus) => {
          const money = { amount: fromMinorUnits(given, currency), currency };
          expect(frenchMoney(printMoney(money, thousands, minus, '+'))).toEqual(money);
        },
      ),
    );
  });

  test('without a currency are in that of the account, or none', () => {
    expect(frenchMoney('1 234,50', 'EUR')).toEqual({ amount: '1234.50', currency: 'EUR' });
    expect(frenchMoney('1 234,50')).toBeNull();
    expect(frenchMoney('12 CHF', 'EUR')).toEqual({ amount: '12.00', currency: 'CHF' });
    expect(frenchMoney('-0,00 €')).toEqual({ amount: '0.00', currency: 'EUR' });
  });

  test.each([
    '',
    ' ',
    '-',
    '€',
    'NaN €',
    'Infinity',
    '1.234,50 €',
    '1,234.50 €',
    '1 23,50 €',
    '12 34 €',
    '1e9 €',
    '0x10 €',
    '12,345 €',
    '--5 €',
    '5- €',
    '5 € 6 €',
    '1 234 567 890 123 456 789 €',
    '５ €',
    '5 XXX€',
    '5 ZZZ',
    '5\n6 €',
    '<b>5</b> €',
    '9'.repeat(100),
  ])('no amount of euros is made of %j', (text) => {
    expect(frenchMoney(text, 'EUR')).toBeNull();
  });

  test('any text is an amount or none, and never an error', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const money = frenchMoney(text, 'EUR');
        if (money) expect(money.amount).toMatch(/^-?\d{1,18}(\.\d+)?$/);
      }),
    );
  });
});

describe('days', () => {
  test('are read back as they were printed', () => {
    const days = fc.integer({ min: 0, max: 60_000 }).map((count) => addDays('1960-01-01', count));
    fc.assert(
      fc.property(days, (day) => {
        expect(frenchDay(frenchDate(day))).toBe(day);
      }),
    );
  });

  test.each([
    '',
    '00/00/0000',
    '01/01/0000',
    '31/02/2026',
    '29/02/2025',
    '2026-03-01',
    '1/3/2026',
    '01/03/26',
    '01/13/2026',
    '01/03/1899',
    ' 01/03/2026 x',
  ])('no day is made of %j', (text) => {
    expect(frenchDay(text)).toBeNull();
  });
});
