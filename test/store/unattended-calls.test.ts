import { expect, it } from 'vitest';
import type { BudgetRule } from '../../src/domain/unattended-budget.ts';
import { blockCalls, deleteSpentCalls, listSpentCalls, spendCalls } from '../../src/store/unattended-calls.ts';
import { testDatabase } from '../support/database.ts';
import { seedWorld } from '../support/fixtures.ts';

const rule: BudgetRule = {
  limit: 4,
  countedBy: 'RESOURCE',
  window: 'ROLLING_DAY',
  timeZone: 'Europe/Paris',
  callsPerListing: 1,
  callsPerReport: 1,
};
const noon = new Date('2026-03-02T12:00:00Z');
const hours = (count: number) => new Date(noon.getTime() + count * 3_600_000);
const list = [{ group: 'accounts', calls: 1 }];

async function house() {
  const database = await testDatabase({ maxConnections: 12 });
  const { scope, connection } = await seedWorld(database);
  const { channelId } = connection;
  return {
    database,
    scope,
    channelId,
    spend: (planned: { group: string; calls: number }[], now = noon, over = rule) =>
      spendCalls(scope, database, channelId, over, planned, now),
    ledger: () => listSpentCalls(scope, database.db, channelId),
  };
}

it('a hundred workers at once spend no more than the bank allows', async () => {
  const { spend, ledger } = await house();
  const two = [
    { group: 'balances:a', calls: 1 },
    { group: 'transactions:a', calls: 2 },
  ];
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, index) => spend(index % 2 ? two : two.toReversed())),
  );
  // The transactions count twice, so two readings fit into four calls; the balances of the refused are taken back.
  expect(answers.filter(Boolean)).toHaveLength(2);
  const spent = await ledger();
  expect(spent.map(({ group, calledAt }) => `${group} ${calledAt.length}`).toSorted()).toEqual([
    'balances:a 2',
    'transactions:a 4',
  ]);
});

it('a call is free again a day after it was made, and not a moment before', async () => {
  const { spend, ledger } = await house();
  for (const hour of [0, 1, 2, 3]) expect(await spend(list, hours(hour))).toBe(true);
  expect(await spend(list, new Date(hours(24).getTime() - 1))).toBe(false);
  expect(await spend(list, hours(24))).toBe(true);
  expect(await spend(list, hours(24))).toBe(false);
  expect(await ledger()).toEqual([
    { group: 'accounts', calledAt: [hours(1), hours(2), hours(3), hours(24)], blockedUntil: null },
  ]);
});

it('at a bank that counts by its day all are free at its midnight', async () => {
  const { spend } = await house();
  const byDay = { ...rule, limit: 1, window: 'BANK_DAY' } as const;
  expect(await spend(list, noon, byDay)).toBe(true);
  expect(await spend(list, new Date('2026-03-02T22:59:59Z'), byDay)).toBe(false);
  expect(await spend(list, new Date('2026-03-02T23:00:00Z'), byDay)).toBe(true);
});

it('what the bank refused stays closed until it said, and the other groups stay open', async () => {
  const { scope, database, channelId, spend, ledger } = await house();
  await spend(list);
  await blockCalls(scope, database.db, channelId, ['accounts'], { until: hours(6), now: noon });
  expect(await spend(list, hours(5))).toBe(false);
  expect(await spend([{ group: 'balances:a', calls: 1 }], hours(5))).toBe(true);
  expect(await spend(list, hours(6))).toBe(true);
  expect(await ledger()).toHaveLength(2);
});

it('more calls than a day has are never spent, and leave no row', async () => {
  const { spend, ledger } = await house();
  expect(await spend([{ group: 'consent', calls: 5 }])).toBe(false);
  expect(await ledger()).toEqual([]);
});

it('is swept when nothing in it counts any more', async () => {
  const { scope, database, channelId, spend, ledger } = await house();
  await spend(list);
  await spend([{ group: 'balances:a', calls: 1 }], hours(30));
  await blockCalls(scope, database.db, channelId, ['balances:b'], { until: hours(60), now: noon });
  expect(await deleteSpentCalls(database.db, hours(1))).toBe(1);
  expect((await ledger()).map(({ group }) => group).toSorted()).toEqual(['balances:a', 'balances:b']);
});
