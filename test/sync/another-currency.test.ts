import { expect, test } from 'vitest';
import type { BankTransaction } from '../../src/domain/bank-snapshot.ts';
import type { Money } from '../../src/kernel/money.ts';
import { reconcile } from '../../src/sync/reconcile.ts';
import { bankTransaction } from '../support/fake-connector.ts';
import { linkedBank } from '../support/linked-bank.ts';
import { applied, newTransactionId } from './ledger.ts';

const nzd = (amount: string): Money => ({ amount, currency: 'NZD' });
const today = '2026-03-02';
const facts = {
  window: { from: '2025-12-02', to: today },
  today,
  currency: 'EUR',
  remarks: new Set<never>(),
  newId: newTransactionId,
};
const abroad = (original: Money | null, exchangeRate: string | null, over: Partial<BankTransaction> = {}) =>
  bankTransaction({ original, exchangeRate, ...over });

async function world() {
  const bank = await linkedBank();
  const { database } = bank;
  return {
    ...bank,
    show: async (entries: BankTransaction[]) => {
      bank.bank.transactions = { 'bank-account-1': entries };
      const { syncId } = await bank.sync();
      const [sync] = await database.sql<{ counts: object }[]>`select counts from syncs where id = ${syncId}`;
      return sync?.counts;
    },
    rows: () =>
      database.sql`select id, xmin::text, original_amount, original_currency, exchange_rate from transactions`,
  };
}

test('what was charged is kept, told later it is an update, and the transaction keeps its id', async () => {
  const { show, rows } = await world();
  expect(await show([abroad(null, null)])).toMatchObject({ created: 1 });
  const [first] = await rows();
  expect(first).toMatchObject({ original_amount: null, original_currency: null, exchange_rate: null });

  for (const [original, rate] of [
    [nzd('-5.79'), '1.81'],
    [nzd('-5.80'), '1.81'],
    [{ amount: '-580', currency: 'JPY' }, '1.81'],
    [nzd('-5.80'), '1.812'],
    [nzd('-5.80'), null],
    [null, null],
  ] as const) {
    // oxlint-disable-next-line no-await-in-loop -- one answer of the bank after the other
    expect(await show([abroad(original, rate)])).toMatchObject({ created: 0, updated: 1, voided: 0 });
    // oxlint-disable-next-line no-await-in-loop -- as above
    const [row, ...others] = await rows();
    expect(others).toEqual([]);
    expect(row).toMatchObject({
      id: first?.['id'],
      original_amount: original?.amount ?? null,
      original_currency: original?.currency ?? null,
      exchange_rate: rate,
    });
  }
});

test('of many new rows is kept as of few, and told again rewrites none', async () => {
  const { show, rows } = await world();
  const entries = Array.from({ length: 700 }, (_, index) =>
    abroad(index % 2 === 0 ? nzd('-5.70') : null, index % 3 === 0 ? '1.8' : null, {
      bankTransactionId: `entry-${index}`,
      bankText: `CARTE ${index}`,
    }),
  );
  expect(await show(entries)).toMatchObject({ created: 700 });
  const before = await rows();
  const count = (isWanted: (row: (typeof before)[number]) => boolean) => before.filter(isWanted).length;
  expect(count((row) => row['original_amount'] === '-5.70' && row['original_currency'] === 'NZD')).toBe(350);
  expect(count((row) => row['exchange_rate'] === '1.8')).toBe(234);
  expect(await show(entries)).toMatchObject({ created: 0, updated: 0, voided: 0, unchanged: 700 });
  expect(await rows()).toEqual(before);
});

test('does not part twins, nor keep a pending entry from the booked one', () => {
  const rows = (stored: Parameters<typeof applied>[0], shown: BankTransaction[]) =>
    applied(stored, reconcile(stored, shown, facts));
  const twins = rows([], [abroad(null, null), abroad(null, null)]);
  const told = rows(twins, [abroad(nzd('-5.79'), '1.81'), abroad(nzd('-5.79'), '1.81')]);
  expect(told.map(({ id, originalAmount }) => [id, originalAmount])).toEqual(twins.map(({ id }) => [id, '-5.79']));

  const pending = rows([], [abroad(nzd('-5.79'), null, { status: 'PENDING', bookedOn: null })]);
  const booked = rows(pending, [abroad(nzd('-5.81'), '1.816')]);
  expect(booked).toMatchObject([
    { id: pending[0]?.id, status: 'BOOKED', originalAmount: '-5.81', exchangeRate: '1.816' },
  ]);
});
