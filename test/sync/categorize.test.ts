import { describe, expect, test } from 'vitest';
import { categoryCatalogue } from '../../src/domain/category-catalogue.ts';
import { keywordRules } from '../../src/sync/category-keywords.ts';
import { merchantCodeRules } from '../../src/sync/category-merchant-codes.ts';
import { categorize, type CategoryFacts } from '../../src/sync/categorize.ts';

function facts(given: Partial<CategoryFacts> & { amount?: string }): CategoryFacts {
  const { amount = '-10.00', ...rest } = given;
  const label = rest.label ?? rest.counterpartyName ?? rest.bankText ?? '';
  return {
    money: { amount, currency: 'EUR' },
    type: 'POINT_OF_SALE',
    merchantCategoryCode: null,
    counterpartyName: null,
    bankText: '',
    ...rest,
    label,
  };
}

function keyOf(given: Parameters<typeof facts>[0]): string | null {
  return categorize(facts(given))?.key ?? null;
}

describe('the tables', () => {
  const leaves = new Set(categoryCatalogue.filter((category) => category.parentKey !== null).map(({ key }) => key));

  test('name only leaves of the catalogue', () => {
    const named = [...keywordRules.map((rule) => rule.key), ...merchantCodeRules.map(([key]) => key)];
    expect(named.filter((key) => !leaves.has(key))).toEqual([]);
  });

  test('hold phrases as texts are folded, of at most four words', () => {
    const phrases = keywordRules.flatMap((rule) => rule.phrases);
    expect(phrases.filter((phrase) => !/^[A-Z0-9]+(?: [A-Z0-9]+){0,3}$/.test(phrase))).toEqual([]);
  });

  test('give no phrase and no merchant code to two categories', () => {
    const claims = keywordRules.flatMap((rule) =>
      (rule.direction === 'BOTH' ? ['OUT', 'IN'] : [rule.direction]).flatMap((direction) =>
        rule.phrases.map((phrase) => `${direction} ${phrase}`),
      ),
    );
    expect(claims.filter((claim, index) => claims.indexOf(claim) !== index)).toEqual([]);
    const codes = merchantCodeRules
      .flatMap(([, ranges]) => ranges.split(' '))
      .flatMap((range) => {
        const [from = '', to = from] = range.split('-');
        return Array.from({ length: Number(to) - Number(from) + 1 }, (_, index) => Number(from) + index);
      });
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
  });
});

describe('categorize', () => {
  test.each([
    ['a supermarket by name', { counterpartyName: 'CARREFOUR CITY PARIS' }, 'GROCERIES_SUPERMARKET'],
    ['its petrol station by the longer phrase', { counterpartyName: 'Carrefour Station 12' }, 'VEHICLE_FUEL'],
    [
      'the longer phrase against the merchant code',
      { counterpartyName: 'CARREFOUR STATION', merchantCategoryCode: '5411' },
      'VEHICLE_FUEL',
    ],
    [
      'the merchant code against a single word',
      { counterpartyName: 'ORANGE BLEUE', merchantCategoryCode: '7997' },
      'LEISURE_SPORT',
    ],
    ['a meal, not a ride', { label: 'UBER *EATS' }, 'EATING_OUT_DELIVERY'],
    ['a ride', { label: 'UBER TRIP' }, 'TRANSPORT_TAXI'],
    ['accents and case folded', { bankText: 'Boulangerie du Marché' }, 'GROCERIES_SPECIALIST'],
    [
      'an unknown shop by its merchant code',
      { counterpartyName: 'CHEZ LULU', merchantCategoryCode: '5812' },
      'EATING_OUT_RESTAURANT',
    ],
    ['health insurance going out', { type: 'DIRECT_DEBIT', counterpartyName: 'HARMONIE MUTUELLE' }, 'INSURANCE_HEALTH'],
    [
      'a health reimbursement coming in',
      { amount: '22.00', counterpartyName: 'HARMONIE MUTUELLE' },
      'HEALTH_REIMBURSEMENT',
    ],
    ['rent paid', { type: 'POTENTIAL_TRANSFER', bankText: 'VIR SEPA LOYER MARS' }, 'HOUSING_RENT'],
    ['rent received', { type: 'POTENTIAL_TRANSFER', amount: '800.00', bankText: 'LOYER MARS' }, 'INCOME_RENT'],
    [
      'a salary by its bank code',
      { type: 'DIRECT_DEPOSIT', amount: '2000.00', counterpartyName: 'ACME SAS' },
      'INCOME_SALARY',
    ],
    [
      'a pension although it came like a salary',
      { type: 'DIRECT_DEPOSIT', amount: '900.00', counterpartyName: 'CARSAT' },
      'INCOME_PENSION',
    ],
    [
      'the month of a deferred card as internal',
      { type: 'CREDIT_CARD_PAYMENT', counterpartyName: 'FNAC' },
      'INTERNAL_TRANSFER_DEFERRED_CARD',
    ],
    ['a withdrawal at a supermarket as cash', { type: 'ATM', bankText: 'RETRAIT DAB CARREFOUR' }, 'CASH_WITHDRAWAL'],
    [
      'a fee as a fee even where it names a shop',
      { type: 'BANK_FEE', bankText: 'FRAIS REJET PRLV NETFLIX' },
      'BANK_FEES_INCIDENT',
    ],
    ['any other fee as that of the account', { type: 'BANK_FEE', bankText: 'COTIS AMAZON' }, 'BANK_FEES_ACCOUNT'],
  ] as const)('gives %s', (_, given, key) => {
    expect(categorize(facts(given))).toEqual({ key, source: 'MODEL' });
  });

  test('decides nothing where nothing tells', () => {
    expect(
      keyOf({ type: 'POTENTIAL_TRANSFER', counterpartyName: 'PAUL MARTIN', bankText: 'VIR PAUL MARTIN' }),
    ).toBeNull();
    expect(keyOf({ counterpartyName: 'constructor', merchantCategoryCode: '0000', bankText: '__proto__' })).toBeNull();
  });

  test('reads no more than the beginning of an endless text', () => {
    expect(keyOf({ bankText: `${'X '.repeat(4000)}NETFLIX` })).toBeNull();
  });
});
