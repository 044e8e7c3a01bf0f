import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exchangeOf } from '../../src/connectors/exchange.ts';
import { readExchangeLine } from '../../src/connectors/exchange-line.ts';
import { inverse, rateOfText } from '../../src/connectors/exchange-rate.ts';
import { fromMinorUnits, isDecimal } from '../../src/kernel/money.ts';

const euros = (amount: string) => ({ amount, currency: 'EUR' });
const nzd = (amount: string) => ({ amount, currency: 'NZD' });
const paid = euros('-12.30');
const nothing = { original: null, exchangeRate: null };

describe('a rate of a bank', () => {
  test.each([
    ['1.81', '1.81'],
    [' 1.8100 ', '1.81'],
    ['0017250', '17250'],
    ['1,81', '1.81'],
    ['1,7325', '1.7325'],
    ['0.00005880', '0.0000588'],
    ['1.12345678949', '1.123456789'],
    ['1.1234567895', '1.12345679'],
  ])('%s is %s', (given, text) => {
    expect(rateOfText(given)?.text).toBe(text);
  });

  test.each([
    undefined,
    '',
    '0',
    '0.00',
    '-1.81',
    '+1.81',
    'NaN',
    'Infinity',
    '1e-7',
    '1,234',
    '1.81 NZD',
    '1.2.3',
    '.5',
  ])('%s is none', (given) => {
    expect(rateOfText(given)).toBeNull();
  });

  test('that is too small for nine decimals, or too long to be a rate, is none', () => {
    expect(rateOfText('0.0000000001')).toBeNull();
    expect(rateOfText('9'.repeat(1_000_000))).toBeNull();
    expect(rateOfText(`1.${'0'.repeat(1_000_000)}`)).toBeNull();
  });

  test('is a decimal of the graph, and turned twice it is what it was, to the decimals there are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999_999_999 }), fc.integer({ min: 0, max: 6 }), (digits, decimals) => {
        const rate = rateOfText((digits / 10 ** decimals).toFixed(decimals));
        const turned = rate && inverse(rate);
        const back = turned && inverse(turned);
        expect(
          [rate, turned, back].every((one) => one === null || (isDecimal(one.text) && !/\.\d*0$/.test(one.text))),
        ).toBe(true);
        // An error of half a billionth in the middle grows by the square of the rate.
        if (rate && back && Number(rate.text) < 1000) {
          expect(Math.abs(Number(back.text) / Number(rate.text) - 1)).toBeLessThan(1e-6);
        }
      }),
    );
  });
});

describe('what was charged', () => {
  test.each([nzd('-22.26'), nzd('22.26')])('is signed as the movement is (%j)', (told) => {
    expect(exchangeOf(paid, told, [])).toEqual({ original: nzd('-22.26'), exchangeRate: null });
    expect(exchangeOf(euros('12.30'), told, []).original).toEqual(nzd('22.26'));
  });

  test('is nothing where it is zero, or the account’s own currency', () => {
    expect(exchangeOf(paid, nzd('0.00'), [])).toEqual(nothing);
    expect(exchangeOf(paid, euros('-12.30'), [{ exchangeRate: '1', unitCurrency: 'EUR' }])).toEqual(nothing);
  });
});

describe('the direction of a rate', () => {
  const pair = { sourceCurrency: 'NZD', targetCurrency: 'EUR' };
  test.each([
    ['its unit is the account’s currency', null, { ...pair, unitCurrency: 'EUR', exchangeRate: '1.81' }, '1.81'],
    ['its unit is the other currency', null, { ...pair, unitCurrency: 'NZD', exchangeRate: '0.5' }, '2'],
    ['its unit is the other currency, in small letters', null, { unitCurrency: 'nzd', exchangeRate: '0.5' }, '2'],
    ['the amounts fit one way', nzd('-22.26'), { exchangeRate: '1.81' }, '1.81'],
    ['the amounts fit the other way', nzd('-22.26'), { exchangeRate: '0.5525' }, '1.809954751'],
    ['the amounts belie the unit', nzd('-22.26'), { unitCurrency: 'NZD', exchangeRate: '1.81' }, '1.81'],
    ['the amounts fit up to a margin', nzd('-22.26'), { exchangeRate: '1.95' }, '1.95'],
    [
      'the amounts fit both ways, so the unit tells',
      nzd('-12.40'),
      { unitCurrency: 'NZD', exchangeRate: '0.98' },
      '1.020408163',
    ],
    ['the amounts fit no way, so the unit tells', nzd('-99.00'), { unitCurrency: 'EUR', exchangeRate: '1.81' }, '1.81'],
  ])('is known where %s', (_, told, rate, expected) => {
    expect(exchangeOf(paid, told, [rate]).exchangeRate).toBe(expected);
  });

  test.each([
    ['nothing tells', null, [{ ...pair, exchangeRate: '1.81' }]],
    ['the amounts fit both ways', nzd('-12.40'), [{ exchangeRate: '0.98' }]],
    ['no other currency is named', null, [{ unitCurrency: 'EUR', exchangeRate: '1' }]],
    ['it is between two others', null, [{ sourceCurrency: 'GBP', unitCurrency: 'USD', exchangeRate: '1.2' }]],
    [
      'it is of another currency than the amount',
      nzd('-22.26'),
      [{ sourceCurrency: 'USD', unitCurrency: 'EUR', exchangeRate: '1.81' }],
    ],
    ['there are two', null, ['1.81', '1.9'].map((exchangeRate) => ({ ...pair, unitCurrency: 'EUR', exchangeRate }))],
  ])('is not guessed, nor is the rate then told, where %s', (_, told, rates) => {
    expect(exchangeOf(paid, told, rates)).toEqual({ original: told, exchangeRate: null });
  });

  test('is always found from amounts that the rate made, whichever way the bank states it', () => {
    const rates = fc.integer({ min: 1, max: 9_999_999 }).map((tenThousandths) => tenThousandths / 10_000);
    fc.assert(
      fc.property(fc.bigInt({ min: 100_000n, max: 10n ** 10n }), rates, fc.boolean(), (units, rate, isDebit) => {
        // A rate near one fits both ways, and there the unit must tell.
        fc.pre(rate > 1.5 && rate < 999);
        const money = euros(fromMinorUnits(isDebit ? -units : units, 'EUR'));
        const told = nzd(fromMinorUnits((units * BigInt(Math.round(rate * 10_000))) / 10_000n, 'NZD'));
        const found = exchangeOf(money, told, [{ exchangeRate: String(rate) }]);
        expect(found).toEqual({
          original: nzd(isDebit ? `-${told.amount}` : told.amount),
          exchangeRate: rateOfText(String(rate))?.text,
        });
        const turned = exchangeOf(money, told, [{ exchangeRate: inverse(rateOfText(String(rate))!)!.text }]);
        expect(Math.abs(Number(turned.exchangeRate) / rate - 1)).toBeLessThan(1e-5);
      }),
    );
  });
});

describe('the line of BoursoBank', () => {
  test.each([
    ['22,26 NZD / 1 euro = 1,81', '-12.30', nzd('-22.26'), '1.81'],
    ['CARTE 02/03/26 FERGBURGER CB*1234 22,26 NZD / 1 euro = 1,81', '-12.30', nzd('-22.26'), '1.81'],
    ['CARTE 02/03/26\n22,26 NZD / 1 EURO = 1,81\nCB*1234', '-12.30', nzd('-22.26'), '1.81'],
    ['CB*123 220,26 NZD / 1 euro = 1,81', '-121.69', nzd('-220.26'), '1.81'],
    ['1 234,50 NZD / 1 euro = 1,81', '-682.04', nzd('-1234.50'), '1.81'],
    ['AVOIR 22,26 NZD / 1 euro = 1,81', '12.30', nzd('22.26'), '1.81'],
    ['2000 JPY / 1 euro = 162,6', '-12.30', { amount: '-2000', currency: 'JPY' }, '162.6'],
  ])('%j tells both', (text, amount, original, exchangeRate) => {
    expect(readExchangeLine(text, euros(amount))).toEqual({ original, exchangeRate });
  });

  test.each([
    ['its numbers contradict what was paid', '22,26 NZD / 1 euro = 1,81', paid.amount.replace('12', '92')],
    ['the currency is none', '22,26 XQZ / 1 euro = 1,81', '-12.30'],
    ['the rate is zero', '22,26 NZD / 1 euro = 0,00', '-12.30'],
    ['it is the account’s own currency', '12,30 EUR / 1 euro = 1', '-12.30'],
    ['it is another text', 'CARTE 02/03/26 FERGBURGER CB*1234', '-12.30'],
  ])('tells nothing where %s', (_, text, amount) => {
    expect(readExchangeLine(text, euros(amount))).toEqual(nothing);
  });

  test('tells nothing of an account in another currency than the euro', () => {
    expect(readExchangeLine('22,26 NZD / 1 euro = 1,81', { amount: '-12.30', currency: 'CHF' })).toEqual(nothing);
  });

  test('in any text comes out canonical or not at all', () => {
    const parts = fc.constantFrom(
      '1',
      '22,26',
      ' ',
      'NZD',
      ' NZD / 1 euro = ',
      '1,81',
      '0',
      ',',
      '\n',
      '/',
      '99999999999999',
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 40 }), (words) => {
        const { original, exchangeRate } = readExchangeLine(words.join(''), paid);
        expect(original === null).toBe(exchangeRate === null);
        if (original)
          expect(original).toMatchObject({ currency: 'NZD', amount: expect.stringMatching(/^-\d+\.\d\d$/) });
      }),
    );
  });
});
