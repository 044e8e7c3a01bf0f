import { isScalarType } from 'graphql';
import { describe, expect, test } from 'vitest';
import { schema } from '../../../src/graphql/schema.ts';

function scalar(name: string) {
  const type = schema.getType(name);
  if (!isScalarType(type)) throw new Error(`${name} is no scalar.`);
  return type;
}

const cases: Record<string, { good: [string, unknown][]; bad: unknown[] }> = {
  DateTime: {
    good: [
      ['2026-11-23T08:30:00Z', new Date('2026-11-23T08:30:00Z')],
      ['2026-11-23T08:30:00.123456+01:00', new Date('2026-11-23T07:30:00.123Z')],
    ],
    bad: ['2026-11-23', '2026-11-23T08:30:00', '2026-02-30T00:00:00Z', '2026-11-23T25:00:00Z', 'now', 0, null],
  },
  Date: { good: [['2026-02-28', '2026-02-28']], bad: ['2026-02-29', '2026-2-1', '28/02/2026', 20260228] },
  Decimal: { good: [['-12.50', '-12.50']], bad: ['1e3', '1,5', '', '.5', '0x10', 'NaN', 12.5] },
  CurrencyCode: { good: [['EUR', 'EUR']], bad: ['eur', 'EURO', 'ZZZ', ''] },
  IBAN: {
    good: [['FR76 3000 6000 0112 3456 7890 189', 'FR7630006000011234567890189']],
    bad: ['FR7630006000011234567890188', 'FR76', ''],
  },
  BIC: {
    good: [
      ['bnpafrpp', 'BNPAFRPP'],
      ['BNPAFRPPXXX', 'BNPAFRPPXXX'],
    ],
    bad: ['BNPAFRP', 'BNPAFRPPXX', '1NPAFRPP'],
  },
  URL: {
    good: [['https://app.example/done?x=1', 'https://app.example/done?x=1']],
    bad: ['/done', 'javascript:alert(1)', 'ftp://x.example', `https://x.example/${'a'.repeat(2048)}`],
  },
  CountryCode: { good: [['FR', 'FR']], bad: ['fr', 'FRA', 'ZZ', 'XQ'] },
  Locale: { good: [['fr-fr', 'fr-FR']], bad: ['', 'french language', 'x'.repeat(40)] },
  Cursor: { good: [['REM6VDpb', 'REM6VDpb']], bad: ['', 'a b', '***', 'a'.repeat(601)] },
};

describe.each(Object.entries(cases))('%s', (name, { good, bad }) => {
  test.each(good)('takes %s', (text, value) => {
    expect(scalar(name).parseValue(text)).toEqual(value);
  });

  test.each(bad.map((value) => [value]))('refuses %s, and says what is allowed', (value) => {
    expect(() => scalar(name).parseValue(value)).toThrow(new RegExp(`^${name} must be .+, not `));
  });
});

test('a refusal never echoes a flood', () => {
  expect(() => scalar('Date').parseValue('x'.repeat(100_000))).toThrow(/^.{0,200}$/s);
});

test('instants are written in UTC with milliseconds', () => {
  expect(scalar('DateTime').serialize(new Date('2026-11-23T08:30:00+01:00'))).toBe('2026-11-23T07:30:00.000Z');
});
