import { expect, test } from 'vitest';
import { shown } from '../months/household.ts';
import { deltaHousehold, late, purchases } from './household.ts';

const fee = { id: 'fee', on: '2026-01-19', kind: 'fee', amount: '-5.00', text: 'FRAIS DE TENUE' };

/** Linked on 5 January, and read until the day before the late entry is entered. */
async function readUntilTheDayBefore(given: Parameters<typeof deltaHousehold>[0] = {}) {
  const home = await deltaHousehold({ rules: [...purchases, late, fee], ...given });
  await home.sync();
  await home.days(1);
  home.clock.set(new Date('2026-01-14T08:00:00Z'));
  await home.sync();
  home.clock.set(new Date('2026-01-21T08:00:00Z'));
  await home.sync();
  home.asked();
  return home;
}

type Home = Awaited<ReturnType<typeof deltaHousehold>>;

async function expectBooksOf(home: Home) {
  expect(shown(await home.rows('current')).toSorted()).toEqual(home.booked('current').toSorted());
  expect(await home.remark()).toBeNull();
}

test('an entry that the bank books late under its old date is found, where a question by days leaves a drift', async () => {
  const byDays = await readUntilTheDayBefore({ quirks: {} });
  await byDays.days(1);
  expect(byDays.asked()).toEqual(['200 by days']);
  expect(await byDays.remark()).toBe('BALANCE_DRIFT');
  expect(shown(await byDays.rows('current'))).not.toContain('2026-01-02 -8.00');

  const home = await readUntilTheDayBefore();
  await expectBooksOf(home);
  const before = (await home.rows('current')).map((row) => row.id);
  await home.days(1);
  expect(home.asked()).toEqual(['200 after an entry']);
  expect(shown(await home.rows('current'))).toContain('2026-01-02 -8.00');
  await expectBooksOf(home);
  // All that was there is the same row, and nothing is void.
  const rows = await home.rows('current');
  expect(rows.map((row) => row.id)).toEqual(expect.arrayContaining(before));
  expect(rows.filter(({ status, bankText }) => status === 'VOID' && bankText !== '')).toEqual([]);

  // It is told again as long as it stands behind the anchor, and is then known.
  const versions = await home.versions();
  await home.sync();
  expect(home.asked()).toEqual(['200 after an entry']);
  expect(await home.versions()).toEqual(versions);
});

test('what vanishes is void by an answer by days, and what was dated back meanwhile is not lost', async () => {
  const home = await readUntilTheDayBefore();
  const kept = (await home.rows('current')).find((row) => row.amount === '-5.00');
  home.replaceRules([...purchases, late]);
  await home.days(1);
  expect(home.asked()).toEqual(['200 after an entry', '200 by days']);
  const row = (await home.rows('current')).find(({ id }) => id === kept?.id);
  expect(row).toMatchObject({ status: 'VOID', voidReason: 'BANK_CORRECTION' });
  expect(shown(await home.rows('current'))).toContain('2026-01-02 -8.00');
  await expectBooksOf(home);
  await home.sync();
  expect(home.asked()).toEqual(['200 after an entry']);
  await expectBooksOf(home);
});

test('a bank that refuses the anchor is asked by days, without a failure', async () => {
  const home = await readUntilTheDayBefore({ rules: purchases, switches: { delta: 'none' } });
  const before = await home.versions();
  await home.sync();
  expect(home.asked()).toEqual(['400 after an entry', '200 by days']);
  expect(await home.versions()).toEqual(before);
  await home.days(2);
  await expectBooksOf(home);
});

test('references that the bank issues anew are refused later on, and change no row’s id and make none', async () => {
  const home = await readUntilTheDayBefore({ rules: purchases });
  const before = (await home.rows('current')).map((row) => row.id);
  home.bank.faults.trigger({ kind: 'reissued-ids', days: 0 });
  await home.sync();
  expect((await home.rows('current')).map((row) => row.id)).toEqual(before);
  home.asked();
  // The anchor has now a reference that the bank knows no more.
  await home.sync();
  expect(home.asked().at(-1)).toMatch(/^200/);
  expect((await home.rows('current')).map((row) => row.id)).toEqual(before);
  await home.days(1);
  await expectBooksOf(home);
});

test('a bank without references is asked by days', async () => {
  const home = await readUntilTheDayBefore({ rules: purchases, switches: { references: 'none' } });
  await home.days(1);
  expect(home.asked()).toEqual(['200 by days']);
  await expectBooksOf(home);
});
