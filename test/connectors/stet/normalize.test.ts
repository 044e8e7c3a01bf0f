import { describe, expect, test } from 'vitest';
import { normalizeTransaction } from '../../../src/connectors/stet/normalize.ts';
import { stetQuirks } from '../../../src/connectors/stet/quirks.ts';
import type { AccountType } from '../../../src/domain/account.ts';
import { entry } from './fake-bank.ts';

function normalized(given: unknown, quirks: Record<string, unknown> = {}, type: AccountType = 'CHECKINGS') {
  return normalizeTransaction(given, {
    account: { iban: 'FR7630006000011234567890189', currency: 'EUR', type },
    timeZone: 'Europe/Paris',
    quirks: stetQuirks({ baseUrl: 'https://bank.example/v1', timeZone: 'Europe/Paris', quirks }),
  });
}

/** A field of the entry, when it is used at all. */
function transaction(changed: object, ...rest: [Record<string, unknown>?, AccountType?]) {
  const found = normalized({ ...entry, ...changed }, ...rest);
  if (typeof found === 'string') throw new Error('The entry is not used.');
  return found;
}

describe('an entry', () => {
  test('of version 1.6 comes out whole', () => {
    const given = {
      resourceId: 'R-9',
      entryReference: 'AF5T2',
      endToEndId: 'RF18-539007547034',
      transactionAmount: { amount: '54.9', currency: 'EUR' },
      creditDebitIndicator: 'DBIT',
      status: 'BOOK',
      bookingDate: '2026-03-02',
      valueDate: '2026-03-03',
      transactionDate: '2026-03-01',
      bankTransactionCode: { domain: 'PMNT', family: 'RDDT', subFamily: 'ESDD', code: 'B1', issuer: 'X' },
      relatedParties: {
        debtor: { name: 'Camille Durand' },
        creditor: { name: 'EDF  clients', privateId: { identification: 'FR72ZZZ123456', schemeName: 'SEPA' } },
        creditorAccount: { iban: 'DE89 3704 0044 0532 0130 00' },
        ultimateCreditor: {},
      },
      remittanceInformation: { unstructured: ['PRLV SEPA EDF', 'contrat 6'], structured: [{ reference: 'RF18' }] },
      notInTheStandard: { deep: [[[]]] },
    };
    expect(normalized(given)).toMatchInlineSnapshot(`
      {
        "bankText": "PRLV SEPA EDF
      contrat 6
      RF18",
        "bankTransactionCode": "PMNT-RDDT-ESDD",
        "bankTransactionId": "R-9",
        "bookedOn": "2026-03-02",
        "checkId": null,
        "counterpartyIban": "DE89370400440532013000",
        "counterpartyName": "EDF clients",
        "creditorId": "FR72ZZZ123456",
        "endToEndId": "RF18-539007547034",
        "entryReference": "AF5T2",
        "exchangeRate": null,
        "label": "EDF clients",
        "mandateId": null,
        "merchantCategoryCode": null,
        "money": {
          "amount": "-54.90",
          "currency": "EUR",
        },
        "original": null,
        "status": "BOOKED",
        "transactedOn": "2026-03-01",
        "type": "DIRECT_DEBIT",
        "valueOn": "2026-03-03",
      }
    `);
  });

  test.each([
    ['DBIT', '12.25', '-12.25'],
    ['CRDT', '12.25', '12.25'],
    ['DBIT', '-12.25', '-12.25'],
    ['CRDT', '-12.25', '12.25'],
    ['dbit ', 12.25, '-12.25'],
    [undefined, '-12.25', '-12.25'],
    ['constructor', '12.25', '12.25'],
    ['DBIT', '0.00', '0.00'],
    ['DBIT', '5.', null],
    ['DBIT', 'NaN', null],
  ])('that is %s of %s is %s', (creditDebitIndicator, amount, expected) => {
    const given = { ...entry, creditDebitIndicator, transactionAmount: { amount, currency: 'EUR' } };
    if (expected === null) {
      expect(normalized(given)).toBe('BOOKED_UNUSABLE');
      expect(normalized({ ...given, status: 'PDNG' })).toBe('PENDING_UNUSABLE');
    } else expect(normalized(given)).toMatchObject({ money: { amount: expected, currency: 'EUR' } });
  });

  test.each([
    ['BOOK', undefined, 'BOOKED'],
    [undefined, undefined, 'BOOKED'],
    ['pdng', undefined, 'PENDING'],
    ['FUTR', undefined, 'PENDING'],
    ['OTHR', undefined, 'PENDING'],
    ['OTHR', 'booked', 'BOOKED'],
    ['OTHR', 'ignored', null],
    ['INFO', undefined, null],
    ['RJCT', undefined, null],
    ['__proto__', undefined, null],
  ])('of the status %s, where OTHR is %s, is %s', (status, otherStatus, expected) => {
    const found = normalized({ ...entry, status }, otherStatus === undefined ? {} : { otherStatus });
    if (expected === null) expect(found).toBe('NOT_A_MOVEMENT');
    else expect(found).toMatchObject({ status: expected });
  });

  test('has its text as a list, an object, a list of objects or one text', () => {
    const text = (remittanceInformation: unknown) => transaction({ remittanceInformation }).bankText;
    for (const form of [
      ['a', 'b'],
      { unstructured: ['a', 'b'] },
      [{ unstructured: 'a' }, 'b'],
      'a\nb',
      { unstructured: 'a\r\nb' },
    ])
      expect(text(form)).toBe('a\nb');
    for (const form of [undefined, null, {}, [], [[['a']]], { structured: [{}] }, '-']) expect(text(form)).toBe('');
  });

  test('takes the days that the bank means', () => {
    expect(transaction({ valueDate: '2026-03-04' })).toMatchObject({ bookedOn: '2026-03-02', valueOn: '2026-03-04' });
    expect(transaction({ valueDate: '2026-03-04' }, { prefersValueDate: true }).bookedOn).toBe('2026-03-04');
    expect(transaction({ bookingDate: '2026-03-01T23:30:00Z' }).bookedOn).toBe('2026-03-02');
    const pending = { status: 'PDNG', bookingDate: undefined };
    expect(transaction({ ...pending, expectedBookingDate: '2026-03-09' }).bookedOn).toBe('2026-03-09');
    expect(transaction(pending).bookedOn).toBeNull();
    expect(normalized({ ...entry, bookingDate: undefined })).toBe('BOOKED_UNUSABLE');
  });

  test('names the other side, never the holder', () => {
    const relatedParties = {
      creditor: { name: 'PAYPAL' },
      ultimateCreditor: { name: 'Shop' },
      debtor: { name: 'Payer' },
      debtorAccount: { iban: 'FR7630006000011234567890189' },
    };
    expect(transaction({ relatedParties })).toMatchObject({ counterpartyName: 'Shop', counterpartyIban: null });
    expect(transaction({ relatedParties, creditDebitIndicator: 'CRDT' })).toMatchObject({
      counterpartyName: 'Payer',
      counterpartyIban: null,
    });
  });

  test('tells another currency where its text does, and its text is taken apart', () => {
    const remittanceInformation = ['CARTE 02/03/26 FERGBURGER CB*1234 22,17 NZD / 1 euro = 1,81'];
    expect(transaction({ remittanceInformation })).toMatchObject({
      money: { amount: '-12.25', currency: 'EUR' },
      original: { amount: '-22.17', currency: 'NZD' },
      exchangeRate: '1.81',
    });
    expect(transaction({ remittanceInformation }, { labelGrammar: 'none' })).toMatchObject({
      original: null,
      exchangeRate: null,
    });
  });

  test('has no id where the bank writes a placeholder', () => {
    for (const placeholder of ['NOTPROVIDED', ' ', '0000', 'n/a', {}, 'x'.repeat(1_000_000)])
      expect(transaction({ resourceId: placeholder, entryReference: placeholder })).toMatchObject({
        bankTransactionId: null,
        entryReference: null,
      });
  });

  test.each<[unknown, string, AccountType, string]>([
    [{ domain: 'PMNT', family: 'CCRD', subFamily: 'CWDL' }, '', 'CHECKINGS', 'ATM'],
    ['PMNT-ICDT-STDO', '', 'CHECKINGS', 'REPEATING_PAYMENT'],
    [{ code: 'B1' }, 'PRLV SEPA EDF', 'CHECKINGS', 'DIRECT_DEBIT'],
    [undefined, 'RETRAIT DAB', 'CREDIT_CARD', 'ATM'],
    [undefined, 'BISTROT', 'CREDIT_CARD', 'POINT_OF_SALE'],
    [undefined, 'BISTROT', 'CHECKINGS', 'DEBIT'],
    [{ domain: 'PMNT', family: 'CCRD' }, 'DEBIT MENSUEL CARTE', 'CHECKINGS', 'CREDIT_CARD_PAYMENT'],
    [5, 'constructor', 'CHECKINGS', 'DEBIT'],
  ])('with the code %j and the text "%s" on %s is %s', (bankTransactionCode, text, type, expected) => {
    expect(transaction({ bankTransactionCode, remittanceInformation: [text] }, {}, type).type).toBe(expected);
  });
});

describe('hostile content', () => {
  test.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'entry'],
    ['a list', []],
    ['no amount', { ...entry, transactionAmount: undefined }],
    ['NaN', { ...entry, transactionAmount: { amount: 'NaN', currency: 'EUR' } }],
    ['infinity', { ...entry, transactionAmount: { amount: 1e300, currency: 'EUR' } }],
    ['an endless amount', { ...entry, transactionAmount: { amount: '9'.repeat(1_000_000), currency: 'EUR' } }],
    ['no currency there is', { ...entry, transactionAmount: { amount: '1', currency: '€€€' } }],
    ['the year 0', { ...entry, bookingDate: '0000-01-01' }],
    ['a day that is none', { ...entry, bookingDate: '2026-02-30' }],
    ['a date of megabytes', { ...entry, bookingDate: '2026-03-02'.repeat(100_000) }],
  ])('%s is not used', (_name, given) => {
    expect(normalized(given)).toBe('BOOKED_UNUSABLE');
  });

  test('of ten megabytes, control characters and HTML is cut and cleaned', () => {
    const evil = `\u0000<img src=x onerror=alert(1)>\u202E\u0007${'é'.repeat(10_000_000)}`;
    const found = transaction({ remittanceInformation: Array.from({ length: 200 }, () => evil) });
    expect(found.bankText.length).toBeLessThanOrEqual(4000);
    expect(found.label.length).toBeLessThanOrEqual(140);
    expect(`${found.bankText}${found.label}`).not.toMatch(/[^\P{C}\n]/u);
  });

  test('nested without end is forgiven as a field', () => {
    let deep: unknown = 'x';
    for (let depth = 0; depth < 20_000; depth += 1) deep = [deep];
    expect(transaction({ remittanceInformation: deep, valueDate: deep, relatedParties: deep })).toMatchObject({
      bankText: '',
      valueOn: null,
    });
  });
});
