import { describe, expect, it } from 'vitest';
import type { AnswerRemark } from '../../src/connectors/connector.ts';
import type { BankTransaction } from '../../src/domain/bank-snapshot.ts';
import { syncSteps, transactions } from '../../src/store/schema/tables.ts';
import { bankTransaction } from '../support/fake-connector.ts';
import { linkedBank } from '../support/linked-bank.ts';
import { applied, compared } from './ledger.ts';

const today = '2026-03-02';
const byDays = { window: { from: '2026-02-01', to: today }, today };
const pending = bankTransaction({ status: 'PENDING', bookedOn: null, transactedOn: '2026-03-01', bankText: 'HOTEL' });
const market = bankTransaction({ bookedOn: '2026-03-02', bankText: 'MARKET' });
const coffee = bankTransaction({ bookedOn: '2026-02-26' });
const rent = bankTransaction({ bookedOn: '2026-02-22', bankText: 'RENT' });
const said = (...remarks: AnswerRemark[]) => ({ ...byDays, remarks: new Set(remarks) });
const rowsOf = (...shown: BankTransaction[]) => applied([], compared([], shown, byDays));

describe('beside entries that cannot be used', () => {
  const rows = rowsOf(rent, coffee, market, pending);

  it.each([
    ['nothing is unusable', said(), ['BANK_CORRECTION', 'VANISHED']],
    ['a pending one is', said('PENDING_UNUSABLE'), ['BANK_CORRECTION']],
    ['a booked one is', said('BOOKED_UNUSABLE'), []],
  ])('what is missing becomes void only where it demonstrably is: %s', (_, facts, reasons) => {
    const { voided } = compared(rows, [rent, market], facts);
    expect(voided.map(({ reason }) => reason).toSorted()).toEqual(reasons);
  });

  it('no booked row becomes another entry that only looks like it', () => {
    const next = bankTransaction({ bookedOn: '2026-02-28' });
    expect(compared(rows, [rent, next, market, pending], said())).toMatchObject({
      updated: [{ matchedOn: 'REBOOKED' }],
      created: [],
    });
    expect(compared(rows, [rent, next, market, pending], said('BOOKED_UNUSABLE'))).toMatchObject({
      updated: [],
      created: [{ datedOn: '2026-02-28' }],
      voided: [],
    });
  });

  it('an answer after an anchor asks once more, as ever', () => {
    const anchored = { ...byDays.window, anchor: { entryReference: 'r', notBefore: '2026-01-01' } };
    const facts = { ...said('BOOKED_UNUSABLE'), window: anchored };
    expect(compared(rows, [rent, market, pending], facts)).toMatchObject({ voided: [], withheld: [] });
  });
});

/** A linked bank that has shown some entries, and a look at the rows and at what the last step of the account says. */
async function bankWith(entries: readonly BankTransaction[], pageSize = 2) {
  const world = await linkedBank();
  const { bank, database, clock } = world;
  bank.pageSize = pageSize;
  bank.transactions = { 'bank-account-1': [...entries] };
  await world.sync();
  return {
    ...world,
    rows: async () =>
      (await database.db.select().from(transactions).orderBy(transactions.id)).map(({ id, status, bankText }) => ({
        id,
        status,
        bankText,
      })),
    next: async () => {
      clock.advance(3_600_000);
      const { syncId, result } = await world.sync();
      const steps = await database.db.select().from(syncSteps);
      const [read] = steps.filter((step) => step.syncId === syncId && step.kind === 'READ_ACCOUNT');
      return [result, read?.status, read?.failure?.code ?? null];
    },
  };
}

const byText = (bankText: string) => (one: BankTransaction) => one.bankText === bankText;

it('a stored entry that comes back as garbage stays; the others are written, and the step says what was left out', async () => {
  const { bank, rows, next, eventTypes } = await bankWith([rent, coffee, market, pending]);
  const before = await rows();
  bank.isGarbled = byText(coffee.bankText);
  expect(await next()).toEqual(['SUCCEEDED', 'SUCCEEDED', 'DATA_INCONSISTENT']);
  expect(await rows()).toEqual(before);
  expect((await eventTypes()).filter((type) => type === 'transactions.changed')).toHaveLength(1);
  bank.transactions['bank-account-1']?.push(bankTransaction({ bookedOn: '2026-03-02', bankText: 'BOOKS' }));
  expect(await next()).toEqual(['SUCCEEDED', 'SUCCEEDED', 'DATA_INCONSISTENT']);
  expect((await rows()).map(({ bankText }) => bankText)).toContain('BOOKS');

  // A pending entry that is garbage by the time it is booked.
  bank.transactions['bank-account-1']![3] = { ...pending, status: 'BOOKED', bookedOn: '2026-03-02' };
  bank.isGarbled = byText(pending.bankText);
  expect(await next()).toEqual(['SUCCEEDED', 'SUCCEEDED', 'DATA_INCONSISTENT']);
  expect(await rows()).toEqual(expect.arrayContaining(before));

  bank.isGarbled = () => false;
  expect(await next()).toEqual(['SUCCEEDED', 'SUCCEEDED', null]);
  const settled = before.map((row) => ({ ...row, status: 'BOOKED' }));
  expect(await rows()).toEqual(expect.arrayContaining(settled));
  expect(await rows()).toHaveLength(5);

  // What a whole answer lacks is void.
  bank.transactions['bank-account-1']?.splice(1, 1);
  expect(await next()).toEqual(['SUCCEEDED', 'SUCCEEDED', null]);
  expect((await rows()).filter(({ status }) => status === 'VOID')).toMatchObject([{ bankText: coffee.bankText }]);
});

it('so it is of an answer too large to be held', { timeout: 120_000 }, async () => {
  const many = Array.from({ length: 10_500 }, (_, index) =>
    bankTransaction({ bookedOn: `2026-02-${String(21 + (index % 8)).padStart(2, '0')}`, bankText: `SHOP ${index}` }),
  );
  const { bank, rows, next } = await bankWith([rent, ...many, market, pending], 4_000);
  const before = await rows();
  bank.isGarbled = byText('SHOP 5001');
  expect(await next()).toEqual(['SUCCEEDED', 'SUCCEEDED', 'DATA_INCONSISTENT']);
  expect(await rows()).toEqual(before);
  bank.isGarbled = () => false;
  bank.transactions['bank-account-1'] = bank.transactions['bank-account-1']!.filter((one) => !byText('SHOP 5001')(one));
  expect(await next()).toEqual(['SUCCEEDED', 'SUCCEEDED', null]);
  expect((await rows()).filter(({ status }) => status === 'VOID')).toMatchObject([{ bankText: 'SHOP 5001' }]);
});
