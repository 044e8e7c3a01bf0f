import { describe, expect, test } from 'vitest';
import { portalScenario } from '../../test-bank/portal/customer.ts';
import { openSite } from './site.ts';

const layouts = ['v1', 'v2'] as const;

describe.each(layouts)('in the layout %s', (layout) => {
  const open = (portal: object = {}) => openSite(portalScenario({ portal: { layout, ...portal } }));

  test('accounts of every type are listed with what identifies them', async () => {
    const site = await open();
    expect(await site.accounts(await site.enter())).toMatchInlineSnapshot(`
      [
        {
          "bankAccountId": "current",
          "bic": null,
          "currency": "EUR",
          "iban": "FR7630006000011234567890189",
          "isClosed": false,
          "maskedPan": null,
          "name": "Compte courant",
          "otherIdentification": null,
          "ownerName": null,
          "product": "Compte courant",
          "type": "CHECKINGS",
          "usage": null,
        },
        {
          "bankAccountId": "card",
          "bic": null,
          "currency": "EUR",
          "iban": null,
          "isClosed": false,
          "maskedPan": "************5678",
          "name": "Carte",
          "otherIdentification": null,
          "ownerName": null,
          "product": "Carte",
          "type": "CREDIT_CARD",
          "usage": null,
        },
        {
          "bankAccountId": "livret",
          "bic": null,
          "currency": "EUR",
          "iban": "FR7694692924906070048406244",
          "isClosed": false,
          "maskedPan": null,
          "name": "Livret A",
          "otherIdentification": null,
          "ownerName": null,
          "product": "Compte épargne",
          "type": "SAVINGS",
          "usage": null,
        },
        {
          "bankAccountId": "life",
          "bic": null,
          "currency": "EUR",
          "iban": null,
          "isClosed": false,
          "maskedPan": null,
          "name": "Assurance vie",
          "otherIdentification": "78184679342",
          "ownerName": null,
          "product": "Assurance vie",
          "type": "SAVINGS",
          "usage": null,
        },
        {
          "bankAccountId": "shares",
          "bic": null,
          "currency": "EUR",
          "iban": null,
          "isClosed": false,
          "maskedPan": null,
          "name": "PEA",
          "otherIdentification": "19233187456",
          "ownerName": null,
          "product": "Compte titres",
          "type": "SAVINGS",
          "usage": null,
        },
        {
          "bankAccountId": "loan",
          "bic": null,
          "currency": "EUR",
          "iban": null,
          "isClosed": false,
          "maskedPan": null,
          "name": "Pret",
          "otherIdentification": "81888792522",
          "ownerName": null,
          "product": "Crédit",
          "type": "LOAN",
          "usage": null,
        },
      ]
    `);
  });

  test('balances are what is booked, and what is coming where the page tells', async () => {
    const site = await open();
    const session = await site.enter();
    const accounts = await site.accounts(session);
    const shown = await Promise.all(
      accounts.map(async (account) => {
        const balances = await site.balances(session, account);
        return [account.name, ...balances.map(({ type, money }) => `${type} ${money.amount} ${money.currency}`)];
      }),
    );
    const coming = layout === 'v1' ? ['EXPECTED 13363.15 EUR'] : [];
    expect(shown).toEqual([
      ['Compte courant', 'INTERIM_BOOKED 13405.15 EUR', ...coming],
      ['Carte', 'INTERIM_BOOKED 100.00 EUR'],
      ['Livret A', 'INTERIM_BOOKED 100.00 EUR'],
      ['Assurance vie', 'INTERIM_BOOKED 100.00 EUR'],
      ['PEA', 'INTERIM_BOOKED 100.00 EUR'],
      ['Pret', 'INTERIM_BOOKED -9000.00 EUR'],
    ]);
  });

  test('transactions come out whole', async () => {
    const site = await open();
    const session = await site.enter();
    const [current] = await site.accounts(session);
    const found = await site.transactions(session, current!);
    const book = site.bank.ledger().account('current')!;
    const ids = [...book.pending(), ...book.booked(0, book.bookedCount).toReversed()].map(({ id }) => id);
    expect(found.map(({ bankTransactionId }) => bankTransactionId)).toEqual(layout === 'v1' ? [null, null, null] : ids);
    expect(found.map((each) => ({ ...each, bankTransactionId: 'as above' }))).toMatchInlineSnapshot(`
      [
        {
          "bankText": "STATION",
          "bankTransactionCode": null,
          "bankTransactionId": "as above",
          "bookedOn": "2026-03-09",
          "checkId": null,
          "counterpartyIban": null,
          "counterpartyName": null,
          "creditorId": null,
          "endToEndId": null,
          "entryReference": null,
          "exchangeRate": null,
          "label": "STATION",
          "mandateId": null,
          "merchantCategoryCode": null,
          "money": {
            "amount": "-42.00",
            "currency": "EUR",
          },
          "original": null,
          "status": "PENDING",
          "transactedOn": null,
          "type": "DEBIT",
          "valueOn": null,
        },
        {
          "bankText": "FACTURE CARTE",
          "bankTransactionCode": null,
          "bankTransactionId": "as above",
          "bookedOn": "2026-02-27",
          "checkId": null,
          "counterpartyIban": null,
          "counterpartyName": null,
          "creditorId": null,
          "endToEndId": null,
          "entryReference": null,
          "exchangeRate": null,
          "label": "FACTURE CARTE",
          "mandateId": null,
          "merchantCategoryCode": null,
          "money": {
            "amount": "-1250.50",
            "currency": "EUR",
          },
          "original": null,
          "status": "BOOKED",
          "transactedOn": null,
          "type": "DEBIT",
          "valueOn": "2026-02-28",
        },
        {
          "bankText": "VIR SEPA RECU /DE <ATELIERS>",
          "bankTransactionCode": null,
          "bankTransactionId": "as above",
          "bookedOn": "2026-02-01",
          "checkId": null,
          "counterpartyIban": null,
          "counterpartyName": "<ATELIERS>",
          "creditorId": null,
          "endToEndId": null,
          "entryReference": null,
          "exchangeRate": null,
          "label": "<ATELIERS>",
          "mandateId": null,
          "merchantCategoryCode": null,
          "money": {
            "amount": "2310.05",
            "currency": "EUR",
          },
          "original": null,
          "status": "BOOKED",
          "transactedOn": null,
          "type": "POTENTIAL_TRANSFER",
          "valueOn": "2026-02-01",
        },
      ]
    `);
  });

  test('what lies outside the window is left out, and older pages are not asked for', async () => {
    const transactions = Array.from({ length: 20 }, (_, index) => ({
      on: `2026-02-${String(index + 1).padStart(2, '0')}`,
      kind: 'card',
      amount: `-${index + 1}.00`,
      text: `CARTE ${index}`,
    }));
    const site = await openSite(portalScenario({ portal: { layout, pageSize: 5 }, transactions }));
    const session = await site.enter();
    const [current] = await site.accounts(session);
    site.calls();
    const found = await site.transactions(session, current!, '2026-02-14');
    expect(found.map(({ money }) => Number(money.amount))).toEqual([-20, -19, -18, -17, -16, -15, -14]);
    // The second page ends before the first day that is wanted, so that the third is looked at in vain.
    expect(site.calls()).toHaveLength(3);
  });

  test('a closed account is listed as closed, and its statement can be read', async () => {
    const site = await open();
    const session = await site.enter({ login: 'error.account_closed', password: 'any' });
    const accounts = await site.accounts(session);
    expect(accounts.map(({ isClosed, product }) => [isClosed, product === null])).toEqual(
      accounts.map(() => [true, false]),
    );
    expect((await site.transactions(session, accounts[0]!)).length).toBeGreaterThan(0);
  });

  test('a session that has ended says that it must be signed in anew, on every page', async () => {
    const site = await open();
    const session = await site.enter();
    const [current] = await site.accounts(session);
    site.clock.advance(3_600_000);
    const call = site.call(null);
    expect(await site.connector.readConsent(call, session)).toEqual({ status: 'PENDING' });
    for (const reading of [
      () => site.accounts(session),
      () => site.balances(session, current!),
      () => site.transactions(session, current!),
    ])
      await expect(reading()).rejects.toMatchObject({ code: 'SCA_REQUIRED' });
    await site.connector.revokeConsent(call, session);
  });

  test('a session that lives is the consent that the person gave us', async () => {
    const site = await open();
    const session = await site.enter();
    expect(await site.connector.readConsent(site.call(null), session)).toEqual({
      status: 'ACTIVE',
      validUntil: '2026-09-01',
      frequencyPerDay: 4,
      session,
    });
  });
});

test('no page of the bank is asked for by the way of a redirect', async () => {
  const site = await openSite();
  const request = { returnUrl: 'https://us.example', state: 's', validUntil: '2026-09-01', frequencyPerDay: 4 };
  await expect(site.connector.startAuthorization(site.call(), request)).rejects.toMatchObject({
    code: 'SCA_METHOD_UNSUPPORTED',
  });
  expect(site.calls()).toEqual([]);
});
