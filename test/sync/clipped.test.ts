import { expect, it } from 'vitest';
import { addDays } from '../../src/kernel/calendar-date.ts';
import { syncSteps, syncs, transactions } from '../../src/store/schema/tables.ts';
import { bankTransaction } from '../support/fake-connector.ts';
import { linkedBank } from '../support/linked-bank.ts';

const history = Array.from({ length: 60 }, (_, index) =>
  bankTransaction({ bookedOn: addDays('2026-03-02', -index), bankText: `SHOP ${index}` }),
);

it('a bank that gives less history than asked voids nothing, and the step says so', async () => {
  const { bank, sync, database, clock } = await linkedBank();
  bank.transactions = { 'bank-account-1': history };
  await sync();
  const before = await database.db.select().from(transactions).orderBy(transactions.id);
  bank.transactions = { 'bank-account-1': history.slice(0, 5) };
  clock.advance(3_600_000);
  expect(await sync()).toMatchObject({ result: 'SUCCEEDED' });
  expect(await database.db.select().from(transactions).orderBy(transactions.id)).toEqual(before);
  const steps = await database.db.select().from(syncSteps);
  expect(steps.flatMap(({ kind, status, failure }) => (failure ? [[kind, status, failure.code]] : []))).toEqual([
    ['READ_ACCOUNT', 'SUCCEEDED', 'HISTORY_TRUNCATED'],
  ]);
  const ended = await database.db.select().from(syncs).orderBy(syncs.requestedAt);
  expect(ended.map(({ status, failure, counts }) => [status, failure, counts.unchanged])).toEqual([
    ['SUCCEEDED', null, 0],
    ['SUCCEEDED', null, 5],
  ]);
});
