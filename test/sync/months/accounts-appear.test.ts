import { expect, test } from 'vitest';
import { ordinaryLife } from './household.ts';
import { accountOf, aDay, bookOf, linkedPerson, rowsOf } from './linked-person.ts';

const current = { id: 'current', transactions: [...ordinaryLife] };
const savings = {
  id: 'savings',
  type: 'savings',
  opensOn: '2026-01-12',
  transactions: [
    {
      id: 'put-by',
      every: { days: 1 },
      kind: 'transfer-in',
      amount: { min: '5.00', max: '90.00' },
      text: 'VIR RECU {n}',
    },
  ],
};

test('an account that opens later appears by itself in online banking, with all of its history', async () => {
  // The site is down when it opens, so that days have passed on it before we can see it.
  const down = { kind: 'unavailable', from: '2026-01-11T20:00:00Z', until: '2026-01-15T20:00:00Z' };
  const person = await linkedPerson({
    channels: ['EMBEDDED'],
    bank: { accounts: [current, savings], faults: [down] },
  });
  const old = await accountOf(person, 'current');
  await person.liveUntil('2026-01-15T10:00:00Z', aDay);
  expect((await person.accounts()).map(({ name }) => name)).toEqual(['current']);
  expect(await person.connection()).toMatchObject({ status: 'ACTIVE', failure: { code: 'BANK_UNAVAILABLE' } });
  const told = (await person.events('account.')).length;
  await person.liveUntil('2026-01-18T10:00:00Z', aDay);
  expect((await person.accounts()).map(({ name }) => name)).toEqual(['current', 'savings']);
  expect((await accountOf(person, 'current')).id).toBe(old.id);
  expect((await accountOf(person, 'savings')).type).toBe('SAVINGS');
  for (const name of ['current', 'savings']) {
    const { ours, theirs } = await bookOf(person, name);
    expect(ours).toEqual(theirs);
  }
  const days = (await rowsOf(person, 'savings')).map(({ bookedOn }) => bookedOn);
  expect(days).toEqual(expect.arrayContaining(['2026-01-12', '2026-01-13', '2026-01-14', '2026-01-15']));
  const opened = (await person.events('account.')).slice(told).filter(({ type }) => type === 'account.created');
  expect(opened).toHaveLength(1);
  expect(await person.connection()).toMatchObject({ status: 'ACTIVE', failure: null, lastSyncStatus: 'SUCCESS' });
});

test('a renewal brings a new account in, and to the old ones not a row', async () => {
  const person = await linkedPerson({ bank: { accounts: [current, { ...savings, type: 'checking' }] } });
  await person.liveUntil('2026-01-20T10:00:00Z', aDay);
  const before = { account: await accountOf(person, 'current'), rows: await rowsOf(person, 'current') };
  const told = (await person.events('account.')).length;
  const { url } = await person.renew();
  expect((await person.confirm(url)).outcome).toBe('GRANTED');
  await person.work();
  expect((await person.accounts()).map(({ name }) => name)).toEqual(['current', 'savings']);
  expect((await accountOf(person, 'current')).id).toBe(before.account.id);
  expect(await rowsOf(person, 'current')).toEqual(before.rows);
  const { ours, theirs } = await bookOf(person, 'savings');
  expect(ours).toEqual(theirs);
  expect(ours.length).toBeGreaterThan(7);
  const opened = (await person.events('account.')).slice(told).filter(({ type }) => type === 'account.created');
  expect(opened).toHaveLength(1);
});
