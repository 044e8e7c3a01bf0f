import { describe, expect, test } from 'vitest';
import { household, ordinaryLife, shown } from './household.ts';

const current = { id: 'current', transactions: [...ordinaryLife] };

describe.each(['stable', 'changing-on-booking', 'none', 'duplicate', 'placeholder', 'none-until-booked', 'malformed'])(
  'six weeks of daily syncs at a bank whose ids are %s',
  (ids) => {
    test('keep the bank’s books every day, one row for each movement, and each row’s id for life', async () => {
      const home = await household({ accounts: [current], switches: { ids } });
      const firstSeen = new Map<string, string>();
      let vanished = 0;
      for (let day = 0; day < 42; day += 1) {
        const pendingBefore = (home.bank.ledger().account('current')?.pending() ?? []).length;
        expect(await home.sync()).toBe('SUCCEEDED');
        const rows = await home.rows('current');
        expect(shown(rows).toSorted()).toEqual(home.booked('current').toSorted());
        const pending = rows.filter((row) => row.status === 'PENDING').length;
        // Ids of two digits meet by chance: a guess may then be taken for a booking, never a booking for a guess.
        if (ids === 'duplicate') expect(pending).toBeLessThanOrEqual(pendingBefore);
        else expect(pending).toBe(pendingBefore);
        for (const row of rows) {
          // A row is created once, and never changes what it is about.
          const about = firstSeen.get(row.id) ?? row.accountId;
          expect(row.accountId).toBe(about);
          firstSeen.set(row.id, about);
        }
        expect(firstSeen.size).toBe(rows.length);
        vanished = rows.filter((row) => row.status === 'VOID').length;
        home.nextDay();
      }
      // Only the hotel's guesses came to nothing: all other pending rows became the booked ones.
      const voids = (await home.rows('current')).filter((row) => row.status === 'VOID');
      expect(voids.map((row) => row.bankText.startsWith('CARTE HOTEL'))).toEqual(voids.map(() => true));
      expect(vanished).toBeGreaterThan(1);
    }, 60_000);
  },
);

test('ids that the bank issues anew change no row’s id and make none', async () => {
  const home = await household({ accounts: [current], switches: { ids: 'stable' } });
  await home.sync();
  const before = await home.rows('current');
  home.bank.faults.trigger({ kind: 'reissued-ids', days: 0 });
  await home.sync();
  const after = await home.rows('current');
  expect(after.map((row) => row.id)).toEqual(before.map((row) => row.id));
  expect(after.map((row) => row.bankTransactionId)).not.toEqual(before.map((row) => row.bankTransactionId));
});

test('a booking that the bank takes back becomes VOID with a reason, and stays', async () => {
  const fee = { id: 'fee', on: '2026-01-04', kind: 'fee', amount: '-8.00', text: 'COTISATION' };
  const home = await household({ accounts: [{ ...current, transactions: [...ordinaryLife, fee] }] });
  await home.sync();
  const kept = (await home.rows('current')).find((row) => row.amount === '-8.00');
  home.change({ accounts: [current] });
  await home.sync();
  const row = (await home.rows('current')).find(({ id }) => id === kept?.id);
  expect(row).toMatchObject({ status: 'VOID', voidReason: expect.any(String), amount: '-8.00' });
  expect(shown(await home.rows('current')).toSorted()).toEqual(home.booked('current').toSorted());
});

test('an account that closes says so, and keeps what it had', async () => {
  const short = { id: 'short', closesOn: '2026-01-15', transactions: [...ordinaryLife] };
  const home = await household({ accounts: [current, short] });
  const names = async () => (await home.accounts()).map((account) => `${account.name} ${account.status}`).toSorted();
  await home.sync('LIST_ACCOUNTS');
  expect(await names()).toEqual(['current ACTIVE', 'short ACTIVE']);
  const history = await home.rows('short');
  for (let day = 0; day < 15; day += 1) {
    home.nextDay();
    await home.sync();
  }
  expect(await names()).toEqual(['current ACTIVE', 'short NOT_FOUND']);
  expect((await home.rows('short')).map((row) => row.id)).toEqual(expect.arrayContaining(history.map((row) => row.id)));
});
