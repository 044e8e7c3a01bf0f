import { describe, expect, test } from 'vitest';
import { normalizeAccount, normalizeBalances } from '../../../src/connectors/stet/normalize-account.ts';
import { stetQuirks } from '../../../src/connectors/stet/quirks.ts';
import { wireAccount } from '../../../src/connectors/stet/wire.ts';

const quirksOf = (quirks: Record<string, unknown> = {}) =>
  stetQuirks({ baseUrl: 'https://bank.example/v1', timeZone: 'Europe/Paris', quirks });

function account(given: object, owner: string | null = 'Alice Martin') {
  return normalizeAccount(wireAccount.parse({ resourceId: 'r-1', ...given }), owner, quirksOf());
}

describe('accounts', () => {
  test('are known by IBAN, card number or what else the bank has, and keep no whole card number', () => {
    const other = (identification: string) => ({ accountId: { other: { identification, schemeName: 'CPAN' } } });
    expect(account({ accountId: { iban: 'FR76-3000-6000-0112-3456-7890-189' } })).toMatchObject({
      iban: 'FR7630006000011234567890189',
      otherIdentification: null,
    });
    expect(account({ ...other('4974123412341234'), cashAccountType: 'CARD' })).toMatchObject({
      maskedPan: '************1234',
      otherIdentification: null,
      type: 'CREDIT_CARD',
    });
    expect(account(other('CTR 9'))).toMatchObject({ otherIdentification: 'CTR 9', type: 'CHECKINGS' });
    expect(account({ accountId: { iban: 'FR7630006000011234567890188' } })).toMatchObject({
      iban: null,
      otherIdentification: 'FR7630006000011234567890188',
    });
  });

  test('of cards do not change their name with the month', () => {
    const card = { cashAccountType: 'CARD', name: 'MARTIN ALICE 31/03/2026' };
    expect(account(card)).toMatchObject({ name: 'MARTIN ALICE', ownerName: 'MARTIN ALICE' });
    expect(account({ ...card, details: 'Carte Premier' })).toMatchObject({ name: 'Carte Premier' });
    expect(account({ ...card, cashAccountType: 'CACC' })?.name).toBe('MARTIN ALICE 31/03/2026');
  });

  test.each([
    ['Account Holder', 'Alice Martin'],
    ['Co-account Holder', null],
    ['Attorney', null],
    [undefined, null],
  ])('of which the person is %s are of %s', (psuStatus, ownerName) => {
    expect(account({ psuStatus })?.ownerName).toBe(ownerName);
  });

  test('without an id are found by their links', () => {
    const linked = (href: string) =>
      account({ resourceId: undefined, _links: { balances: {}, transactions: { href } } });
    expect(linked('/v1/accounts/Alias%201/transactions?x=1')?.bankAccountId).toBe('Alias 1');
    expect(linked('/v1/accounts/%E0%A4%A/transactions')).toBeNull();
    expect(linked(`/v1/accounts/${'a'.repeat(1_000_000)}/transactions`)).toBeNull();
  });

  test.each([[''], ['.'], ['..'], ['a\nb'], ['x'.repeat(1000)], [{}]])('cannot be asked for as %j', (resourceId) => {
    expect(account({ resourceId })).toBeNull();
  });
});

describe('balances', () => {
  const given = [
    { balanceType: 'CLBD', balanceAmount: { amount: '10.5', currency: 'EUR' }, referenceDate: '2026-03-09' },
    { balanceType: 'CLBD', balanceAmount: { amount: '9', currency: 'EUR' }, referenceDate: '2026-03-01' },
    { balanceType: 'VALU', balanceAmount: { amount: -3, currency: 'EUR' } },
    { balanceType: 'OTHR', balanceAmount: { amount: '7' }, lastChangeDateTime: '2026-03-09T12:00:00' },
    { balanceType: 'XPCD', balanceAmount: { amount: 'NaN', currency: 'EUR' } },
    null,
  ];
  const read = (quirks = {}) =>
    normalizeBalances(given, { currency: 'EUR' }, 'Europe/Paris', quirksOf(quirks)).map(
      ({ type, bankType, money, referenceOn, changedAt }) => [type, bankType, money.amount, referenceOn ?? changedAt],
    );

  test('are one for each type of the bank, the most recent', () => {
    expect(read()).toEqual([
      ['CLOSING_BOOKED', 'CLBD', '10.50', '2026-03-09'],
      ['OTHER', 'VALU', '-3.00', null],
      ['OTHER', 'OTHR', '7.00', new Date('2026-03-09T11:00:00Z')],
    ]);
  });

  test('mean what the bank means by them', () => {
    const quirks = { balanceTypes: { OTHR: 'INTERIM_BOOKED' } };
    expect(read(quirks).map(([type]) => type)).toEqual(['CLOSING_BOOKED', 'OTHER', 'INTERIM_BOOKED']);
  });
});
