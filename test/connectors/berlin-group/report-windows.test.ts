import { describe, expect, test } from 'vitest';
import { openBank, type OpenBank } from './linked-bank.ts';

async function readCurrent(bank: OpenBank, days = 400) {
  const session = await bank.link();
  const [account] = await bank.connector.listAccounts(bank.call(), session);
  bank.asked();
  const read = async () => {
    const entries = await bank.transactions(session, account!, days);
    return entries.filter(({ status }) => status === 'BOOKED');
  };
  return { entries: await read(), asked: bank.asked(), again: read };
}

function bookedOf(bank: OpenBank, from: string): string[] {
  const book = bank.bank.ledger().account('alice-current')!;
  return book
    .booked(book.positionOf(from), book.bookedCount)
    .map(({ bookedOn, money }) => `${bookedOn} ${money.amount}`)
    .toSorted();
}

describe('a bank that cuts its reports and links to nothing', () => {
  const habits = { switches: { links: 'missing' }, quirks: { paging: 'windows' } } as const;

  test.each([100, 60, 40])('is read whole, %i entries at a time, and no entry twice', async (pageSize) => {
    const bank = await openBank({ ...habits, bank: { pageSize } });
    const { entries, asked } = await readCurrent(bank);
    expect(entries.map(({ bookedOn, money }) => `${bookedOn} ${money.amount}`).toSorted()).toEqual(
      bookedOf(bank, '2025-02-03'),
    );
    expect(asked.length).toBeLessThan(entries.length / (pageSize / 2));
  });

  test('is asked twice when it has cut nothing', async () => {
    const bank = await openBank({ ...habits, bank: { pageSize: 5000 } });
    expect((await readCurrent(bank, 1000)).asked).toHaveLength(2);
  });

  test('that ignores the days it is asked for gives nothing twice', async () => {
    const bank = await openBank({ ...habits, switches: { links: 'missing', dateFilter: 'ignored', pages: 'none' } });
    const { entries } = await readCurrent(bank);
    expect(new Set(entries.map(({ bankTransactionId }) => bankTransactionId)).size).toBe(entries.length);
  });
});

describe('a bank that refuses days too long ago', () => {
  test('is asked for what it shows', async () => {
    const bank = await openBank({ bank: { historyDays: 89 }, switches: { oldDates: 'refused' } });
    const { entries } = await readCurrent(bank);
    expect(entries.map(({ bookedOn, money }) => `${bookedOn} ${money.amount}`).toSorted()).toEqual(
      bookedOf(bank, '2025-12-11'),
    );
  });

  test('gives its whole history while the consent is young, and 89 days later on', async () => {
    const bank = await openBank({ switches: { history: 'full-first-15-minutes', oldDates: 'refused' } });
    const { entries, again } = await readCurrent(bank);
    expect(entries.length).toBe(bookedOf(bank, '2025-02-03').length);
    bank.clock.advance(16 * 60_000);
    expect((await again()).length).toBe(bookedOf(bank, '2025-12-11').length);
  });
});

test('what an account pays abroad is read from the text where the bank has it there (Entercard)', async () => {
  const scenario = {
    seed: 's',
    epoch: '2026-01-01',
    bank: { switches: { foreignAmounts: 'in-place' } },
    people: [{ id: 'a', name: 'Alice', login: 'alice', password: 'tributary1' }],
    accounts: [
      {
        id: 'current',
        owners: ['a'],
        type: 'checking',
        name: 'Current',
        openingBalance: '100',
        transactions: [
          {
            on: '2026-03-02',
            kind: 'card',
            amount: '-12.30',
            foreign: { currency: 'NZD', rate: '1.81' },
            merchants: [{ name: 'FERGBURGER', city: 'QUEENSTOWN' }],
            text: 'CARTE {merchant}',
          },
        ],
      },
    ],
  };
  const read = async (quirks: object) =>
    (await readCurrent(await openBank({ scenario, quirks: { ...quirks } }), 30)).entries;
  expect(await read({ billingAmount: 'in-text' })).toMatchObject([{ money: { amount: '-12.30', currency: 'EUR' } }]);
  await expect(read({})).rejects.toMatchObject({ code: 'DATA_INCONSISTENT' });
});

test('booked entries without any date cannot be placed, and are not dropped in silence', async () => {
  const bank = await openBank({ switches: { dates: 'none' } });
  const session = await bank.link();
  const [account] = await bank.connector.listAccounts(bank.call(), session);
  await expect(bank.transactions(session, account!, 30)).rejects.toMatchObject({ code: 'DATA_INCONSISTENT' });
});
