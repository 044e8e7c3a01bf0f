import { describe, expect, test } from 'vitest';
import { normalizeAccount } from '../../../src/connectors/berlin-group/normalize-account.ts';
import { normalizeBalances } from '../../../src/connectors/berlin-group/normalize-balances.ts';
import { berlinGroupQuirks } from '../../../src/connectors/berlin-group/quirks.ts';
import { account as owner } from './fake-bank.ts';

const quirks = berlinGroupQuirks({ baseUrl: 'https://bank.example/v1', timeZone: 'Europe/Paris', quirks: {} });

function account(given: object) {
  return normalizeAccount({ resourceId: 'r-1', ...given }, quirks);
}

describe('accounts', () => {
  test('come out whole', () => {
    const given = {
      iban: 'FR76 3000 6000 0112 3456 7890 189',
      currency: 'eur',
      name: 'Compte chèques',
      displayName: ' Le\u0007 nôtre ',
      product: 'Compte courant',
      cashAccountType: 'CACC',
      bic: 'afflfrppxxx',
      usage: 'PRIV',
      status: 'enabled',
      ownerNames: [{ name: 'Alice Martin', role: 'owner' }, { name: 'Bruno Lefevre' }],
      linkedAccounts: 5,
      _links: {},
    };
    expect(account(given)).toMatchInlineSnapshot(`
      {
        "bankAccountId": "r-1",
        "bic": "AFFLFRPPXXX",
        "currency": "EUR",
        "iban": "FR7630006000011234567890189",
        "isClosed": false,
        "maskedPan": null,
        "name": "Le nôtre",
        "otherIdentification": null,
        "ownerName": "Alice Martin, Bruno Lefevre",
        "product": "Compte courant",
        "type": "CHECKINGS",
        "usage": "PERSONAL",
      }
    `);
  });

  test('without an IBAN are known by what they have (N26 spaces, cards, contracts)', () => {
    expect(account({ currency: 'EUR', name: 'Space' })).toMatchObject({ iban: null, name: 'Space', type: 'CHECKINGS' });
    expect(account({ maskedPan: '4974 12XX XXXX 1234' })).toMatchObject({
      maskedPan: '************1234',
      type: 'CREDIT_CARD',
      currency: 'EUR',
    });
    expect(account({ iban: '3759-******-*1001' })).toMatchObject({
      iban: null,
      maskedPan: '***********1001',
      otherIdentification: null,
    });
    expect(account({ bban: '0101234567' })).toMatchObject({ otherIdentification: '0101234567' });
    expect(account({ other: { identification: 'CTR-9' } })).toMatchObject({ otherIdentification: 'CTR-9' });
    expect(account({ iban: 'FR7630006000011234567890188' })).toMatchObject({
      iban: null,
      otherIdentification: 'FR7630006000011234567890188',
    });
  });

  test('never keep a whole card number', () => {
    const [pan, masked] = [account({ pan: '4974123412341234' }), account({ maskedPan: '4974123412341234' })];
    expect(JSON.stringify([pan, masked])).not.toContain('497412341234');
  });

  test.each([
    ['SVGS', undefined, 'SAVINGS'],
    ['LOAN', undefined, 'LOAN'],
    ['CARD', undefined, 'CREDIT_CARD'],
    ['CACC', 'Livret A', 'SAVINGS'],
    ['CACC', 'Compte Visa Premier', 'CHECKINGS'],
    [undefined, 'Prêt immobilier', 'LOAN'],
    [undefined, 'constructor', 'CHECKINGS'],
    ['__proto__', undefined, 'CHECKINGS'],
  ])('of the code %s and the product %s are %s', (cashAccountType, product, type) => {
    expect(account({ cashAccountType, product })?.type).toBe(type);
  });

  test('are closed only when the bank says deleted', () => {
    expect([account({ status: 'deleted' }), account({ status: 'blocked' })].map((each) => each?.isClosed)).toEqual([
      true,
      false,
    ]);
  });

  test.each([[undefined], [''], ['.'], ['..'], ['a\nb'], ['x'.repeat(1000)], [{}]])(
    'cannot be asked for as %j',
    (resourceId) => {
      expect(normalizeAccount({ resourceId, currency: 'EUR' }, quirks)).toBeNull();
    },
  );
});

describe('balances', () => {
  const euros = (amount: string | number) => ({ amount, currency: 'EUR' });

  test("keep the bank's word beside ours", () => {
    const given = [
      { balanceType: 'interimBooked', balanceAmount: euros('10.5'), referenceDate: '2026-03-09' },
      { balanceType: 'expected', balanceAmount: euros(-3), lastChangeDateTime: '2026-03-09T12:00:00' },
      { balanceType: 'authorised', balanceAmount: euros('7') },
      { balanceType: 'CLBD', balanceAmount: { amount: '7' } },
    ];
    expect(normalizeBalances(given, owner, 'Europe/Paris', quirks)).toEqual([
      {
        type: 'INTERIM_BOOKED',
        bankType: 'interimBooked',
        money: euros('10.50'),
        referenceOn: '2026-03-09',
        changedAt: null,
      },
      {
        type: 'EXPECTED',
        bankType: 'expected',
        money: euros('-3.00'),
        referenceOn: null,
        changedAt: new Date('2026-03-09T11:00:00Z'),
      },
      { type: 'OTHER', bankType: 'authorised', money: euros('7.00'), referenceOn: null, changedAt: null },
      { type: 'CLOSING_BOOKED', bankType: 'CLBD', money: euros('7.00'), referenceOn: null, changedAt: null },
    ]);
  });

  test('of one type are one: the most recent', () => {
    const given = ['2026-03-01', '2026-03-09', '2026-03-05'].map((referenceDate, index) => ({
      balanceType: 'closingBooked',
      balanceAmount: euros(`${index}`),
      referenceDate,
    }));
    expect(normalizeBalances(given, owner, 'Europe/Paris', quirks).map(({ money }) => money.amount)).toEqual(['1.00']);
  });

  test('that cannot be used are left out', () => {
    const given = [
      null,
      {},
      { balanceType: 'expected' },
      { balanceType: 'expected', balanceAmount: euros('NaN') },
      { balanceAmount: euros('1') },
    ];
    expect(normalizeBalances(given, owner, 'Europe/Paris', quirks)).toEqual([]);
  });
});
