import { expect, test } from 'vitest';
import { addDays } from '../../../src/kernel/calendar-date.ts';
import { alice, failing, start, type House } from './house.ts';
import type { RedirectAccess, SignInAccess } from './subject.ts';

/** What holds once access is given, by whatever way. */
export function describeAfterAccess(houseOf: () => House, access: RedirectAccess | SignInAccess): void {
  test('ends at the bank when it is revoked, once and for all', async () => {
    const house = houseOf();
    const linked = await house.link(alice);
    await linked.accounts();
    await linked.revoke();
    if (access.hasConsents) expect(await linked.state()).toEqual({ status: 'REVOKED' });
    const code = access.codeAfterRevocation ?? 'CONSENT_REVOKED_AT_BANK';
    await expect(linked.accounts()).rejects.toMatchObject({ code });
    await linked.revoke();
  });

  test.runIf(access.limitsUnattended)(
    'without the person is given as often as the bank allows, and with the person always',
    async () => {
      const linked = await houseOf().link(alice);
      for (let count = 0; count < 4; count += 1) await linked.accounts(null);
      await expect(linked.accounts(null)).rejects.toMatchObject({
        code: 'BANK_RATE_LIMITED',
        retryAt: new Date('2026-03-10T23:00:00Z'),
      });
      expect((await linked.accounts()).length).toBeGreaterThan(0);
    },
  );

  test.runIf(access.hasConsents)('ends when its time is over', async () => {
    const house = houseOf();
    const linked = await house.link(alice);
    const state = await linked.state();
    if (state.status !== 'ACTIVE') throw new Error(`The consent is ${state.status}.`);
    expect(state.validUntil >= addDays(house.today(), 89)).toBe(true);
    house.clock.set(new Date(`${addDays(state.validUntil, 2)}T09:00:00Z`));
    try {
      expect(await linked.state()).toEqual({ status: 'EXPIRED' });
      await expect(linked.accounts()).rejects.toMatchObject({ code: 'CONSENT_EXPIRED' });
    } finally {
      house.clock.set(start);
    }
  });

  const readingFailures = access.failures.filter(({ during }) => during === 'reading');
  test.each(readingFailures)('meets $code by a login of its own: $login', async ({ login, code }) => {
    const { session } = await houseOf().link(failing(login));
    const linked = code === 'BANK_TIMEOUT' ? houseOf().linkedImpatiently(session) : houseOf().linked(session);
    const reading = async () => {
      const [account] = await linked.accounts();
      if (account) await linked.transactions(account, 60);
    };
    await expect(reading()).rejects.toMatchObject({ code });
  });

  test('to an account without pending entries still gives the booked ones', async () => {
    const linked = await houseOf().link(failing('pending_unsupported'));
    const account = (await linked.accounts()).find(({ type }) => type === 'CHECKINGS');
    const transactions = await linked.transactions(account!, 60);
    expect(new Set(transactions.map(({ status }) => status))).toEqual(new Set(['BOOKED']));
  });

  test('to nothing but what the person has none of shows no accounts', async () => {
    const linked = await houseOf().link(failing('no_eligible_account'));
    expect(await linked.accounts()).toEqual([]);
  });

  test('shows a closed account as closed, or no more', async () => {
    const linked = await houseOf().link(failing('account_closed'));
    expect((await linked.accounts()).map(({ isClosed }) => isClosed)).not.toContain(false);
  });
}
