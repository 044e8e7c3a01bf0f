import { describe, expect, it } from 'vitest';
import { eq } from 'drizzle-orm';
import { newId } from '../../src/kernel/id.ts';
import { accounts, categories, events, transactions } from '../../src/store/schema/tables.ts';
import { settledCardOf, type Card, type Settlement } from '../../src/sync/settled-card.ts';
import { bankAccount, bankTransaction } from '../support/fake-connector.ts';
import { linkedBank } from '../support/linked-bank.ts';

const at = new Date('2026-03-02T12:00:00.000Z');
const [first, second] = [newId('account', at), newId('account', at)];

function card(over: Partial<Card> = {}): Card {
  return { id: first, maskedPan: '************1234', currency: 'EUR', entries: [], settledOn: null, ...over };
}

function settlement(over: Partial<Settlement> = {}): Settlement {
  return {
    id: newId('transaction', at),
    accountId: newId('account', at),
    datedOn: '2026-02-27',
    amount: '-95.00',
    currency: 'EUR',
    bankText: 'DEBIT MENSUEL CARTE',
    ...over,
  };
}

const entry = (datedOn: string, amount: string, isSettlement = false) => ({ datedOn, amount, isSettlement });
const bought = [entry('2026-01-29', '-1.00'), entry('2026-02-03', '-60.00'), entry('2026-02-20', '-35.00')];

describe('the card of a settlement', () => {
  it.each<[string, string, Partial<Settlement>, Card[], string | null]>([
    [
      'is that whose number the bank prints',
      'CB',
      { bankText: 'CB 1234 TOT DIF FEVRIER' },
      [card(), card({ id: second, maskedPan: '****9999' })],
      first,
    ],
    [
      'is none here when the number is another one',
      'CB',
      { bankText: 'CB 7777 TOT DIF FEVRIER' },
      [card({ entries: [entry('2026-02-27', '95.00', true)] })],
      null,
    ],
    [
      'does not follow from a year in the text',
      'year',
      { bankText: 'RELEVE CB AU 28/02/2026' },
      [card({ maskedPan: '****2026' })],
      null,
    ],
    [
      'is that to which the same sum is credited',
      'mirror',
      {},
      [card({ entries: [entry('2026-02-28', '95.00', true)] }), card({ id: second })],
      first,
    ],
    [
      'is not that to which a merchant has paid it back',
      'refund',
      {},
      [card({ entries: [entry('2026-02-28', '95.00')] })],
      null,
    ],
    [
      'is that of which the operations since its last settlement make it up',
      'sum',
      {},
      [
        card({ entries: bought, settledOn: '2026-01-30' }),
        card({ id: second, entries: [entry('2026-02-10', '-95.01')], settledOn: '2026-01-30' }),
      ],
      first,
    ],
    [
      'is that of which the operations imputed on the day make it up',
      'imputed',
      {},
      [card({ entries: [entry('2026-02-27', '-60.00'), entry('2026-02-27', '-35.00')] })],
      first,
    ],
    ['is unknown when the sum is another one', 'off', {}, [card({ entries: bought, settledOn: '2026-01-15' })], null],
    [
      'is unknown when two fit',
      'two',
      {},
      [
        card({ entries: [entry('2026-02-27', '95.00', true)] }),
        card({ id: second, entries: [entry('2026-02-27', '95.00', true)] }),
      ],
      null,
    ],
    [
      'is not one of another currency',
      'USD',
      {},
      [card({ currency: 'USD', entries: [entry('2026-02-27', '95.00', true)] })],
      null,
    ],
  ])('%s', (_, __, over, cards, expected) => {
    expect(settledCardOf(settlement(over), cards)).toBe(expected);
  });
});

async function household() {
  const world = await linkedBank();
  const { bank } = world;
  bank.accounts = [
    bankAccount(),
    bankAccount({ bankAccountId: 'card', iban: null, maskedPan: '************1234', type: 'CREDIT_CARD' }),
  ];
  const paid = bankTransaction({
    bookedOn: '2026-02-27',
    bankText: 'DEBIT MENSUEL CARTE',
    type: 'CREDIT_CARD_PAYMENT',
    money: { amount: '-95.00', currency: 'EUR' },
  });
  bank.transactions = {
    'bank-account-1': [paid],
    card: [
      bankTransaction({ bookedOn: '2026-02-03', money: { amount: '-60.00', currency: 'EUR' } }),
      bankTransaction({ bookedOn: '2026-02-20', money: { amount: '-35.00', currency: 'EUR' } }),
      { ...paid, money: { amount: '95.00', currency: 'EUR' } },
    ],
  };
  const read = async () =>
    world.database.db
      .select({
        account: accounts.bankAccountId,
        amount: transactions.amount,
        primary: categories.parentKey,
        settledCardId: transactions.settledCardId,
      })
      .from(transactions)
      .innerJoin(accounts, eq(accounts.id, transactions.accountId))
      .innerJoin(categories, eq(categories.key, transactions.categoryKey))
      .orderBy(transactions.datedOn, transactions.amount);
  return { ...world, read };
}

it('operations stay on the card, and the month-end line is linked to it and no expense', async () => {
  const { sync, read, database } = await household();
  expect(await sync()).toMatchObject({ result: 'SUCCEEDED' });
  const [cardAccount] = await database.db.select().from(accounts).where(eq(accounts.bankAccountId, 'card'));
  const spent = await read();
  expect(spent).toMatchObject([
    { account: 'card', amount: '-60.00', settledCardId: null },
    { account: 'card', amount: '-35.00', settledCardId: null },
    { account: 'bank-account-1', amount: '-95.00', primary: 'INTERNAL_TRANSFER', settledCardId: cardAccount!.id },
    { account: 'card', amount: '95.00', primary: 'INTERNAL_TRANSFER', settledCardId: null },
  ]);
  expect(spent.filter((one) => one.primary !== 'INTERNAL_TRANSFER').map((one) => one.amount)).toEqual([
    '-60.00',
    '-35.00',
  ]);
});

it('a settlement is linked once, told as an update, and stays linked', async () => {
  const { sync, read, database, clock } = await household();
  await sync();
  const before = await read();
  const rows = await database.sql`select id, xmin::text, ctid::text from transactions order by id`;
  const told = await database.db.select().from(events).where(eq(events.type, 'transactions.changed'));
  expect(told.map((event) => event.facts['counts'])).toContainEqual({
    created: 0,
    updated: 1,
    voided: 0,
    unchanged: 0,
  });
  clock.advance(86_400_000);
  await sync();
  expect(await read()).toEqual(before);
  expect(await database.sql`select id, xmin::text, ctid::text from transactions order by id`).toEqual(rows);
});
