import { describe, expect, test } from 'vitest';
import { readResource } from '../../../src/connectors/berlin-group/account-resource.ts';
import { normalizeTransaction, type NormalizeContext } from '../../../src/connectors/berlin-group/normalize.ts';
import { berlinGroupQuirks } from '../../../src/connectors/berlin-group/quirks.ts';

function context(quirks: Record<string, unknown> = {}): NormalizeContext {
  return {
    account: { iban: 'FR7630006000011234567890189', currency: 'EUR' },
    resource: readResource('r-1'),
    timeZone: 'Europe/Paris',
    quirks: berlinGroupQuirks({ baseUrl: 'https://bank.example/v1', timeZone: 'Europe/Paris', quirks }),
  };
}

function booked(entry: object, quirks?: Record<string, unknown>) {
  return normalizeTransaction(entry, 'BOOKED', context(quirks));
}

const plain = { bookingDate: '2026-03-02', transactionAmount: { amount: '-12.50', currency: 'EUR' } };

describe('an entry as the standard writes it', () => {
  test('comes out whole', () => {
    const entry = {
      transactionId: '3dc3d5b3-7023-4848-9853-f5400a64e80f',
      entryReference: '2026-0302-17',
      endToEndId: 'RF18-539007547034',
      mandateId: 'M-2021-77',
      creditorId: 'FR72ZZZ123456',
      bookingDate: '2026-03-02',
      valueDate: '2026-03-03',
      transactionAmount: { amount: '-54.9', currency: 'EUR' },
      creditorName: 'EDF  clients particuliers',
      creditorAccount: { iban: 'DE89 3704 0044 0532 0130 00' },
      debtorName: 'Camille Durand',
      debtorAccount: { iban: 'FR7630006000011234567890189' },
      remittanceInformationUnstructuredArray: ['PRLV SEPA EDF', 'contrat 6001234567', 'PRLV SEPA EDF'],
      bankTransactionCode: 'PMNT-RDDT-ESDD',
      _links: { transactionDetails: { href: '/v1/accounts/1/transactions/3dc3' } },
      notInTheStandard: { deep: [[[]]] },
    };
    expect(booked(entry)).toMatchInlineSnapshot(`
      {
        "bankText": "PRLV SEPA EDF
      contrat 6001234567",
        "bankTransactionCode": "PMNT-RDDT-ESDD",
        "bankTransactionId": "3dc3d5b3-7023-4848-9853-f5400a64e80f",
        "bookedOn": "2026-03-02",
        "checkId": null,
        "counterpartyIban": "DE89370400440532013000",
        "counterpartyName": "EDF clients particuliers",
        "creditorId": "FR72ZZZ123456",
        "endToEndId": "RF18-539007547034",
        "entryReference": "2026-0302-17",
        "exchangeRate": null,
        "label": "EDF clients particuliers",
        "mandateId": "M-2021-77",
        "merchantCategoryCode": null,
        "money": {
          "amount": "-54.90",
          "currency": "EUR",
        },
        "original": null,
        "status": "BOOKED",
        "transactedOn": null,
        "type": "DIRECT_DEBIT",
        "valueOn": "2026-03-03",
      }
    `);
  });
});

describe('banks as they are', () => {
  test('a card payment printed in the French way, with nothing else (no ids, no parties)', () => {
    const entry = {
      bookingDate: '2026-01-02',
      transactionAmount: { amount: '-8.40', currency: 'EUR' },
      remittanceInformationUnstructured: 'CARTE 31/12/25 BOULANGERIE DUPRÉ CB*1234',
    };
    expect(booked(entry)).toMatchInlineSnapshot(`
      {
        "bankText": "CARTE 31/12/25 BOULANGERIE DUPRÉ CB*1234",
        "bankTransactionCode": null,
        "bankTransactionId": null,
        "bookedOn": "2026-01-02",
        "checkId": null,
        "counterpartyIban": null,
        "counterpartyName": "BOULANGERIE DUPRÉ",
        "creditorId": null,
        "endToEndId": null,
        "entryReference": null,
        "exchangeRate": null,
        "label": "BOULANGERIE DUPRÉ",
        "mandateId": null,
        "merchantCategoryCode": null,
        "money": {
          "amount": "-8.40",
          "currency": "EUR",
        },
        "original": null,
        "status": "BOOKED",
        "transactedOn": "2025-12-31",
        "type": "POINT_OF_SALE",
        "valueOn": null,
      }
    `);
  });

  test('N26: placeholders for text and ids, one decimal', () => {
    const entry = {
      transactionId: 'NOTPROVIDED',
      entryReference: ' ',
      endToEndId: '0000000000',
      mandateId: 'Not Provided',
      bookingDate: '2026-03-02',
      transactionAmount: { amount: '-20.0', currency: 'EUR' },
      creditorName: '-',
      remittanceInformationUnstructured: '-',
    };
    expect(booked(entry)).toMatchInlineSnapshot(`
      {
        "bankText": "",
        "bankTransactionCode": null,
        "bankTransactionId": null,
        "bookedOn": "2026-03-02",
        "checkId": null,
        "counterpartyIban": null,
        "counterpartyName": null,
        "creditorId": null,
        "endToEndId": null,
        "entryReference": null,
        "exchangeRate": null,
        "label": "-",
        "mandateId": null,
        "merchantCategoryCode": null,
        "money": {
          "amount": "-20.00",
          "currency": "EUR",
        },
        "original": null,
        "status": "BOOKED",
        "transactedOn": null,
        "type": "DEBIT",
        "valueOn": null,
      }
    `);
  });

  test('Commerzbank and Santander: amounts as JSON numbers', () => {
    const amounts = [-1234.56, 0.1, -0, 5, '-5.000'].map(
      (amount) => booked({ ...plain, transactionAmount: { amount, currency: 'EUR' } })?.money.amount,
    );
    expect(amounts).toEqual(['-1234.56', '0.10', '0.00', '5.00', '-5.00']);
  });

  test('remittance information as text, object, list of either', () => {
    const forms = ['RF18', { reference: 'RF18', referenceType: 'SCOR' }, [{ reference: 'RF18' }], ['RF18', 'RF18']];
    for (const remittanceInformationStructured of forms)
      expect(booked({ ...plain, remittanceInformationStructured })?.bankText).toBe('RF18');
  });

  test('the array replaces the plain text that was cut at 140 characters', () => {
    const whole = 'A'.repeat(150);
    const entry = {
      ...plain,
      remittanceInformationUnstructured: whole.slice(0, 140),
      remittanceInformationUnstructuredArray: [whole],
    };
    expect(booked(entry)?.bankText).toBe(whole);
  });

  test('a debit names the creditor, a credit the debtor, the ultimate party first, never the holder', () => {
    const parties = { creditorName: 'PAYPAL', ultimateCreditor: 'Shop', debtorName: 'Holder', ultimateDebtor: 'Payer' };
    expect(booked({ ...plain, ...parties })?.counterpartyName).toBe('Shop');
    const credit = { ...plain, transactionAmount: { amount: '12.50', currency: 'EUR' } };
    expect(booked({ ...credit, ...parties })?.counterpartyName).toBe('Payer');
    expect(booked({ ...plain, debtorName: 'Holder' })?.counterpartyName).toBeNull();
  });

  test('amounts that lie about their sign', () => {
    const positive = { ...plain, transactionAmount: { amount: '12.50', currency: 'EUR' } };
    const amountOf = (entry: object, quirks?: Record<string, unknown>) => booked(entry, quirks)?.money.amount;
    expect(amountOf(positive, { amountSign: 'inverted' })).toBe('-12.50');
    expect(amountOf({ ...positive, creditDebitIndicator: 'DBIT' })).toBe('-12.50');
    const unsigned = { amountSign: 'unsigned' };
    expect(amountOf({ ...positive, bankTransactionCode: 'PMNT-ICDT-ESCT' }, unsigned)).toBe('-12.50');
    expect(amountOf({ ...positive, bankTransactionCode: 'PMNT-RCDT-ESCT' }, unsigned)).toBe('12.50');
    const own = { iban: 'FR76 3000 6000 0112 3456 7890 189' };
    expect(amountOf({ ...positive, debtorAccount: own, creditorName: 'X', debtorName: 'Y' }, unsigned)).toBe('-12.50');
    expect(amountOf({ ...positive, creditorAccount: own, creditorName: 'X' }, unsigned)).toBe('12.50');
    expect(amountOf({ ...positive, creditorName: 'X' }, unsigned)).toBe('-12.50');
    expect(amountOf({ ...positive, debtorName: 'X' }, unsigned)).toBe('12.50');
  });

  test('an instant belongs to the day it was at the bank', () => {
    const { bookingDate: _, ...undated } = plain;
    expect(booked({ ...undated, bookingDateTime: '2026-03-01T23:30:00Z' })?.bookedOn).toBe('2026-03-02');
    expect(booked({ ...undated, bookingDateTime: '2026-03-01T23:30:00' })?.bookedOn).toBe('2026-03-01');
    expect(booked({ ...undated, bookingDate: '2026-03-01T00:00:00.000+0100' })?.bookedOn).toBe('2026-03-01');
    expect(booked({ ...undated, valueDate: '2026-03-04' })?.bookedOn).toBe('2026-03-04');
    expect(booked({ ...plain, valueDate: '2026-03-04' }, { prefersValueDate: true })?.bookedOn).toBe('2026-03-04');
  });

  test('a pending entry may have no date; a booked one may not', () => {
    const { bookingDate: _, ...undated } = plain;
    expect(normalizeTransaction(undated, 'PENDING', context())).toMatchObject({ status: 'PENDING', bookedOn: null });
    expect(booked(undated)).toBeNull();
  });

  test.each([
    ['PMNT-CCRD-CWDL', '', 'ATM'],
    ['PMNT-CCRD-POSD', '', 'POINT_OF_SALE'],
    ['PMNT-ICDT-STDO', '', 'REPEATING_PAYMENT'],
    ['PMNT-RDDT-FEES', '', 'BANK_FEE'],
    ['NDDT+005+990197', 'PRLV SEPA X', 'DIRECT_DEBIT'],
    ['PMNT-CCRD-POSD', 'DEBIT MENSUEL CARTE', 'CREDIT_CARD_PAYMENT'],
    ['constructor', '', 'DEBIT'],
  ])('the code %s with the text "%s" is %s', (code, text, type) => {
    const entry = { ...plain, bankTransactionCode: code, remittanceInformationUnstructured: text };
    expect(booked(entry)?.type).toBe(type);
  });
});

describe('hostile content', () => {
  test.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'entry'],
    ['a list', []],
    ['no amount', { bookingDate: '2026-03-02' }],
    ['NaN', { ...plain, transactionAmount: { amount: 'NaN', currency: 'EUR' } }],
    ['infinity', { ...plain, transactionAmount: { amount: 1e300, currency: 'EUR' } }],
    ['an exponent', { ...plain, transactionAmount: { amount: '1e5', currency: 'EUR' } }],
    ['an endless amount', { ...plain, transactionAmount: { amount: '9'.repeat(1_000_000), currency: 'EUR' } }],
    ['cents of cents', { ...plain, transactionAmount: { amount: '1.005', currency: 'EUR' } }],
    ['no such currency', { ...plain, transactionAmount: { amount: '1', currency: 'ZZZ' } }],
    ['year 0', { ...plain, bookingDate: '0000-01-01' }],
    ['30 February', { ...plain, bookingDate: '2026-02-30' }],
    ['no date at all', { ...plain, bookingDate: '<b>today</b>' }],
  ])('%s is left out', (_, entry) => {
    expect(booked(entry as object)).toBeNull();
  });

  test('texts are cleaned, kept as data and bounded', () => {
    const entry = {
      ...plain,
      transactionId: 'x'.repeat(10_000_000),
      creditorName: 'Ev\u0000il\u202E \u001b[31mShop\uD800 <script>alert(1)</script>',
      remittanceInformationUnstructured: `${'(a+)+$'.repeat(2_000_000)}`,
      bankTransactionCode: { toString: 'PMNT' },
      merchantCategoryCode: '54111',
      creditorAccount: 'not an object',
    };
    const transaction = booked(entry);
    expect(transaction).toMatchObject({
      bankTransactionId: null,
      counterpartyName: 'Evil [31mShop <script>alert(1)</script>',
      counterpartyIban: null,
      merchantCategoryCode: null,
      bankTransactionCode: null,
    });
    expect(transaction?.bankText).toHaveLength(1000);
  });
});

test.each([
  ['NDDT+105+931', 'DIRECT_DEBIT', '-12.50'],
  ['NMSC+083', 'ATM', '-12.50'],
  ['NTRF+166+152', 'POTENTIAL_TRANSFER', '12.50'],
  ['NTRF+153+152', 'DIRECT_DEPOSIT', '12.50'],
  ['NMSC+808', 'BANK_FEE', '-12.50'],
])('the German code %s is %s, and tells the direction of an unsigned amount', (code, type, amount) => {
  const entry = { bookingDate: '2026-03-02', transactionAmount: { amount: '12.50', currency: 'EUR' } };
  const normalized = booked(
    { ...entry, proprietaryBankTransactionCode: code, creditorName: 'X' },
    { amountSign: 'unsigned' },
  );
  expect([normalized?.type, normalized?.money.amount, normalized?.bankTransactionCode]).toEqual([type, amount, code]);
});

test.each(['NDDT', '105', 'NMSC+constructor', 'NMSC+999+1', 'x'.repeat(5000)])(
  'a code of the bank’s own that stands for nothing is only kept: %.20s',
  (code) => {
    expect(booked({ ...plain, proprietaryBankTransactionCode: code })?.type).toBe('DEBIT');
  },
);
