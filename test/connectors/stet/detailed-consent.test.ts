import { expect, onTestFinished, test } from 'vitest';
import { openStetBank, psu } from './bank-at.ts';
import { allOf } from './fake-bank.ts';

async function opened(...given: Parameters<typeof openStetBank>) {
  const house = await openStetBank(...given);
  onTestFinished(() => house.close());
  return house;
}

test('the bank is told of all accounts once, and the name of the person is known', async () => {
  const house = await opened();
  const session = await house.link();
  const accounts = await house.connector.listAccounts(house.call(), session);
  await house.connector.listAccounts(house.call(null), session);
  expect(house.dataCalls()).toEqual([
    // The name is asked for while the person is there; a bank of this model wants to be told so first.
    'GET /stet/v1/end-user-identity',
    'PUT /stet/v1/consents',
    'GET /stet/v1/end-user-identity',
    'GET /stet/v1/accounts',
    'PUT /stet/v1/consents',
    'GET /stet/v1/accounts',
  ]);
  expect(accounts).toMatchInlineSnapshot(`
    [
      {
        "bankAccountId": "2e15482f089a8b8995be2362cca30e8b",
        "bic": "AFFLFRPPXXX",
        "currency": "EUR",
        "iban": "FR7630006000011234567890189",
        "isClosed": false,
        "maskedPan": null,
        "name": "Compte courant",
        "otherIdentification": null,
        "ownerName": "Alice Martin",
        "product": "Compte",
        "type": "CHECKINGS",
        "usage": "PERSONAL",
      },
      {
        "bankAccountId": "9b9fa1683b5091539b526aeb9c49adfd",
        "bic": "AFFLFRPPXXX",
        "currency": "EUR",
        "iban": null,
        "isClosed": false,
        "maskedPan": "************5678",
        "name": "ALICE MARTIN",
        "otherIdentification": null,
        "ownerName": "ALICE MARTIN",
        "product": null,
        "type": "CREDIT_CARD",
        "usage": "PERSONAL",
      },
    ]
  `);
});

test('a card with deferred debit is read like an account, its month’s total as what it is', async () => {
  const house = await opened();
  house.clock.set(new Date('2026-04-02T09:00:00Z'));
  const session = await house.link();
  const card = (await house.connector.listAccounts(house.call(), session)).find(({ type }) => type === 'CREDIT_CARD');
  expect(await house.connector.readBalances(house.call(), session, card!)).toMatchObject([
    { type: 'CLOSING_BOOKED', bankType: 'CLBD' },
    { type: 'EXPECTED', bankType: 'XPCD' },
  ]);
  const pages = house.connector.readTransactions(house.call(), session, card!, {
    from: '2026-01-01',
    to: '2026-04-02',
  });
  const read = await allOf(pages);
  expect(read.map(({ money, type, transactedOn }) => [money.amount, type, transactedOn])).toMatchInlineSnapshot(`
    [
      [
        "14.20",
        "CREDIT_CARD_PAYMENT",
        null,
      ],
      [
        "-14.20",
        "POINT_OF_SALE",
        "2026-03-02",
      ],
    ]
  `);
});

test('a bank whose approval opens everything is not told anything', async () => {
  const house = await opened({ switches: { stetConsent: 'full-aisp' } }, { consentModel: 'full-aisp' });
  const session = await house.link();
  await house.connector.listAccounts(house.call(psu), session);
  expect(house.dataCalls()).toEqual(['GET /stet/v1/end-user-identity', 'GET /stet/v1/accounts']);
});

test('the day that is asked for last is read although the bank’s dateTo leaves it out', async () => {
  const house = await opened();
  const session = await house.link();
  const [current] = await house.connector.listAccounts(house.call(), session);
  const window = { from: '2026-02-27', to: '2026-02-27' };
  const read = (await allOf(house.connector.readTransactions(house.call(), session, current!, window))).flat();
  expect(read.map(({ bookedOn, money }) => `${bookedOn} ${money.amount}`)).toEqual(['2026-02-27 1500.00']);
  const empty = { from: '2026-02-28', to: '2026-02-28' };
  expect(await allOf(house.connector.readTransactions(house.call(), session, current!, empty))).toEqual([]);
});
