import { describe, expect, test } from 'vitest';
import { fromMinorUnits, toMinorUnits } from '../../../src/kernel/money.ts';
import { openBank, type OpenBank } from './linked-bank.ts';

const listed = { cardAccounts: 'listed' } as const;

async function cardOf(bank: OpenBank) {
  const session = await bank.link();
  const accounts = await bank.connector.listAccounts(bank.call(), session);
  const card = accounts.find(({ type }) => type === 'CREDIT_CARD');
  if (!card) throw new Error('No card is listed.');
  return { session, card, accounts };
}

describe('cards', () => {
  test('on a list of their own are listed once each, and their numbers stay hidden', async () => {
    const { accounts } = await cardOf(await openBank({ quirks: listed }));
    expect(accounts.map((account) => ({ ...account, bankAccountId: 'any' }))).toMatchInlineSnapshot(`
      [
        {
          "bankAccountId": "any",
          "bic": "AFFLFRPPXXX",
          "currency": "EUR",
          "iban": "FR7638952676271959531534789",
          "isClosed": false,
          "maskedPan": null,
          "name": "Compte de depot M ou Mme Martin",
          "otherIdentification": null,
          "ownerName": null,
          "product": "Compte courant",
          "type": "CHECKINGS",
          "usage": "PERSONAL",
        },
        {
          "bankAccountId": "any",
          "bic": null,
          "currency": "EUR",
          "iban": null,
          "isClosed": false,
          "maskedPan": "************5678",
          "name": "Carte Premier debit differe",
          "otherIdentification": null,
          "ownerName": null,
          "product": "Visa Premier",
          "type": "CREDIT_CARD",
          "usage": "PERSONAL",
        },
      ]
    `);
  });

  test.each([
    ['signed', {}, {}],
    ['inverted, and nothing says so', { sign: 'inverted-cards' }, { cardAmountSign: 'inverted' }],
    ['inverted, as the bank declares', { sign: 'debit-accounting' }, {}],
    ['among the accounts', { cards: 'accounts' }, {}],
    ['in camt.052', { report: 'camt-052' }, {}],
  ])('%s are read as the bank keeps them', async (_, switches, quirks) => {
    const bank = await openBank({ switches, quirks: { ...listed, ...quirks } });
    const { session, card } = await cardOf(bank);
    const book = bank.bank.ledger().account('alice-card')!;
    const booked = (await bank.transactions(session, card)).filter(({ status }) => status === 'BOOKED');
    const expected = book.booked(book.positionOf('2025-02-03'), book.bookedCount);
    expect(booked.length).toBeGreaterThan(30);
    expect(booked.map(({ money, bookedOn }) => `${bookedOn} ${money.amount}`).toSorted()).toEqual(
      expected.map(({ money, bookedOn }) => `${bookedOn} ${money.amount}`).toSorted(),
    );
  });

  test.each([
    ['as shown', {}, {}],
    ['inverted, as the bank declares', { sign: 'debit-accounting' }, {}],
  ])('have balances %s', async (_, switches, quirks) => {
    const bank = await openBank({ switches, quirks: { ...listed, ...quirks } });
    const { session, card } = await cardOf(bank);
    const balances = await bank.connector.readBalances(bank.call(), session, card);
    const book = bank.bank.ledger().account('alice-card')!;
    expect(balances.map(({ type, money }) => [type, money])).toEqual([
      ['CLOSING_BOOKED', book.bookedBalance],
      ['EXPECTED', book.expectedBalance],
    ]);
  });

  test('owe what is invoiced and what is not yet (SEB Kort)', async () => {
    const switches = { sign: 'inverted-cards', balances: 'non-invoiced-cards' };
    const quirks = { ...listed, cardAmountSign: 'inverted', cardBalance: 'non-invoiced-minus-expected' };
    const bank = await openBank({ switches, quirks });
    const { session, card, accounts } = await cardOf(bank);
    const book = bank.bank.ledger().account('alice-card')!;
    expect(await bank.connector.readBalances(bank.call(), session, card)).toMatchObject([
      { type: 'EXPECTED', money: book.expectedBalance },
    ]);
    const current = accounts.find(({ type }) => type === 'CHECKINGS')!;
    expect(await bank.connector.readBalances(bank.call(), session, current)).toHaveLength(2);
  });

  test('have entries with merchant, category and day of purchase', async () => {
    const bank = await openBank({ quirks: listed });
    const { session, card } = await cardOf(bank);
    const [entry] = (await bank.transactions(session, card)).filter(
      ({ status, type }) => status === 'BOOKED' && type === 'POINT_OF_SALE',
    );
    expect(entry).toMatchObject({
      type: 'POINT_OF_SALE',
      counterpartyName: expect.any(String),
      merchantCategoryCode: expect.stringMatching(/^\d{4}$/),
      transactedOn: expect.any(String),
    });
    expect(entry?.bankTransactionId).not.toBeNull();
  });

  test('settle once a month by a line that is typed as settlement on both sides', async () => {
    const bank = await openBank({ quirks: listed });
    const { session, card, accounts } = await cardOf(bank);
    const settled = async (account: (typeof accounts)[number]) =>
      (await bank.transactions(session, account)).filter(({ type }) => type === 'CREDIT_CARD_PAYMENT');
    const onCard = await settled(card);
    const onCurrent = await settled(accounts.find(({ type }) => type === 'CHECKINGS')!);
    expect(onCurrent.length).toBeGreaterThanOrEqual(10);
    const sum = (entries: typeof onCard) =>
      entries.reduce((total, { money }) => total + (toMinorUnits(money.amount, 'EUR') ?? 0n), 0n);
    expect(fromMinorUnits(sum(onCard) + sum(onCurrent), 'EUR')).toBe('0.00');
  });

  test('are not asked for without the quirk, and a bank without a list of them has none', async () => {
    const plain = await openBank();
    const session = await plain.link();
    plain.asked();
    await plain.connector.listAccounts(plain.call(), session);
    expect(plain.asked()).toEqual(['GET /accounts']);
    const without = await openBank({ switches: { cards: 'none' }, quirks: listed });
    const accounts = await without.connector.listAccounts(without.call(), await without.link());
    expect(accounts.map(({ type }) => type)).toEqual(['CHECKINGS']);
  });

  test('whose number stands where an IBAN belongs are cards (American Express)', async () => {
    const bank = await openBank({ switches: { accountNumbers: 'masked-pan-in-iban', balances: 'information-only' } });
    const session = await bank.link();
    const [card] = await bank.connector.listAccounts(bank.call(), session);
    expect(card).toMatchObject({ type: 'CREDIT_CARD', iban: null, maskedPan: expect.stringMatching(/^\*{11}\d{4}$/) });
    expect(await bank.connector.readBalances(bank.call(), session, card!)).toMatchObject([
      { type: 'OTHER', bankType: 'information' },
    ]);
    expect((await bank.transactions(session, card!, 60)).length).toBeGreaterThan(10);
  });
});
