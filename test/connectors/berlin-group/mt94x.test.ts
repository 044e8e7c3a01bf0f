import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readMt94x } from '../../../src/connectors/berlin-group/mt94x.ts';

function mt940(...fields: string[]): string {
  return [
    ':20:STM1',
    ':25:FR7630006000011234567890189',
    ':28C:1/1',
    ':60F:C260301EUR100,00',
    ...fields,
    ':62F:C260305EUR90,00',
    '-',
    '',
  ].join('\r\n');
}

function entry(...fields: string[]): Record<string, unknown> {
  const page = readMt94x(mt940(...fields));
  return page.booked[0] as Record<string, unknown>;
}

describe('field 61', () => {
  test('comes out whole', () => {
    expect(entry(':61:2603030302DR54,9NDDTNONREF//2026030217')).toEqual({
      transactionAmount: { amount: '54.9', currency: 'EUR' },
      creditDebitIndicator: 'DBIT',
      valueDate: '2026-03-03',
      bookingDate: '2026-03-02',
      entryReference: '2026030217',
      proprietaryBankTransactionCode: 'NDDT',
      remittanceInformationUnstructuredArray: [],
    });
  });

  test.each([
    ['C', 'CRDT'],
    ['D', 'DBIT'],
    ['RC', 'DBIT'],
    ['RD', 'CRDT'],
    ['EC', 'CRDT'],
    ['ED', 'DBIT'],
  ])('with the mark %s is %s', (mark, indicator) => {
    expect(entry(`:61:260303${mark}12,NTRFNONREF`)).toMatchObject({
      creditDebitIndicator: indicator,
      transactionAmount: { amount: '12' },
    });
  });

  test.each([
    ['2601021231', '2025-12-31'],
    ['2512310102', '2026-01-02'],
    ['2603050303', '2026-03-03'],
    ['260305', undefined],
    ['2603051332', undefined],
  ])('dated %s was booked on %s', (dates, bookingDate) => {
    expect(entry(`:61:${dates}C1,00NTRFNONREF`)['bookingDate']).toBe(bookingDate);
  });

  test('of a cheque has its number, and a reference may hold a slash', () => {
    expect(entry(':61:260303D1,NCHK0001234')).toMatchObject({ checkId: '0001234' });
    expect(entry(':61:260303D1,NTRFA/B//BANKREF')).toMatchObject({ entryReference: 'BANKREF' });
  });

  test.each([
    ['the supplement', [':61:260303D12,30NMSCNONREF', '/OCMT/NZD22,26/EXCH/1,81/']],
    ['field 86', [':61:260303D12,30NMSCNONREF', ':86:CARTE FERGBURGER /OCMT/NZD22,26/', '/EXCH/1,81/']],
  ])('tells another currency in %s', (_, fields) => {
    expect(entry(...fields)).toMatchObject({
      originalAmount: { amount: '22.26', currency: 'NZD' },
      currencyExchange: [{ exchangeRate: '1.81' }],
    });
  });

  test('tells another amount without a rate, and no rate without an amount', () => {
    expect(entry(':61:260303D12,30NMSCNONREF', '/OCMT/JPY2000,/')).toMatchObject({
      originalAmount: { amount: '2000', currency: 'JPY' },
    });
    const bare = entry(':61:260303D12,30NMSCNONREF', '/EXCH/1,81//OCMT/12,30/');
    expect(bare).not.toHaveProperty('originalAmount');
    expect(bare).not.toHaveProperty('currencyExchange');
  });

  test.each([':61:', ':61:999999C1,NTRF', ':61:260303X1,NTRF', ':61:260303C1.00NTRF', ':61:260303CNTRF'])(
    'that is none (%s) counts as an entry that cannot be used',
    (field) => {
      expect(entry(field)).toEqual({});
    },
  );
});

describe('field 86', () => {
  test('of German banks, with SEPA keywords', () => {
    const lines = [
      ':61:260303D54,9NDDTNONREF',
      ':86:105?00FOLGELASTSCHRIFT?10931?20EREF+RF18?21MREF+M-77?22CRED+FR72ZZZ1',
      '23456?23SVWZ+Rechnung Maerz 26 und?24Nachzahlung?30AGRIFRPP?31FR7630006000011234567890189?32EDF CLIENTS PARTICULIERS SE?33RVICE',
    ];
    expect(entry(...lines)).toMatchObject({
      proprietaryBankTransactionCode: 'NDDT+105',
      endToEndId: 'RF18',
      mandateId: 'M-77',
      creditorId: 'FR72ZZZ123456',
      creditorName: 'EDF CLIENTS PARTICULIERS SERVICE',
      creditorAccount: { iban: 'FR7630006000011234567890189' },
      remittanceInformationUnstructuredArray: ['Rechnung Maerz 26 und Nachzahlung', 'FOLGELASTSCHRIFT'],
    });
  });

  test('of German banks, a full subfield goes on in the next and a short one ends a word', () => {
    const full = 'ABCDEFGHIJKLMNOPQRSTUVWXYZA';
    expect(entry(':61:260303C1,NTRFNONREF', `:86:166?20${full}?21BCD?22END`)).toMatchObject({
      remittanceInformationUnstructuredArray: [`${full}BCD END`],
    });
  });

  test('of French banks (CFONB)', () => {
    const lines = [':61:260303C1585,40NTRFNONREF', ':86:/NPY/MAIRIE DE LYON/RCN/PAIE0326/LCC/TRAITEMENT MARS', ' 2026'];
    expect(entry(...lines)).toMatchObject({
      debtorName: 'MAIRIE DE LYON',
      endToEndId: 'PAIE0326',
      remittanceInformationUnstructuredArray: ['TRAITEMENT MARS 2026'],
    });
  });

  test('with the keywords of other banks', () => {
    const field =
      ':86:/TRTP/SEPA OVERBOEKING/IBAN/FR7630006000011234567890189/BIC/AGRIFRPP/NAME/A/B CO/REMI/Rent/EREF/NOTPROVIDED';
    expect(entry(':61:260303D1,NTRFNONREF', field)).toMatchObject({
      creditorName: 'A/B CO',
      creditorAccount: { iban: 'FR7630006000011234567890189' },
      remittanceInformationUnstructuredArray: ['Rent'],
      endToEndId: 'NOTPROVIDED',
    });
  });

  test('that is free text stays as it is, with the second line of field 61', () => {
    const lines = [':61:260303D1,NTRFNONREF', 'SUPPLEMENT', ':86:PRLV SEPA EDF', 'ID EMETTEUR/FR1 /REF/ 12'];
    expect(entry(...lines)).toMatchObject({
      remittanceInformationUnstructuredArray: ['PRLV SEPA EDF', 'ID EMETTEUR/FR1 /REF/ 12', 'SUPPLEMENT'],
    });
  });

  test('belongs to the entry right before it', () => {
    const page = readMt94x(mt940(':61:260303C1,NTRFNONREF', ':61:260304C2,NTRFNONREF', ':86:second'));
    expect(page.booked).toMatchObject([
      { remittanceInformationUnstructuredArray: [] },
      { remittanceInformationUnstructuredArray: ['second'] },
    ]);
  });
});

describe('messages', () => {
  test('follow each other, bare or in envelopes', () => {
    const one = mt940(':61:260303C1,NTRFNONREF');
    expect(readMt94x(one + one).booked).toHaveLength(2);
    const wrapped = `{1:F01AGRIFRPPAXXX}{2:I940N}{4:\r\n${one}}`.replace('\r\n-\r\n', '\r\n-}');
    expect(readMt94x(wrapped).booked).toHaveLength(1);
  });

  test('of an interim report are pending', () => {
    const text = [
      ':20:1',
      ':25:1',
      ':28C:1/1',
      ':34F:EUR0,',
      ':13D:2603101200+0000',
      ':61:260310D5,NTRFNONREF',
      '-',
    ].join('\n');
    expect(readMt94x(text)).toMatchObject({
      booked: [],
      pending: [{ transactionAmount: { amount: '5', currency: 'EUR' } }],
      isReport: true,
    });
  });

  test('that break off are refused: their last entries are missing', () => {
    const cut = mt940(':61:260303C1,NTRFNONREF').split(':62F:')[0]!;
    expect(() => readMt94x(cut)).toThrow('breaks off');
  });

  test('without fields are no report', () => {
    expect(readMt94x('hello').isReport).toBe(false);
  });

  test('are read or refused, and never a bug, whatever they are', () => {
    const piece = fc.constantFrom(
      ':61:',
      '260303',
      'C1,',
      ':86:',
      '?20',
      '/REMI/',
      'EREF+',
      '\r\n',
      ':60F:',
      '-',
      '{',
      '\0',
      'x',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        try {
          readMt94x(pieces.join(''));
        } catch (error) {
          expect(error).toMatchObject({ code: 'BANK_ERROR' });
        }
      }),
    );
  });

  test('of ten megabytes in one field are cut', () => {
    const page = readMt94x(mt940(':61:260303C1,NTRFNONREF', `:86:${'/REMI/EREF+?20'.repeat(700_000)}`));
    expect(page.booked).toHaveLength(1);
  });
});
