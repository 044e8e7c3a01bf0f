import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { visitBank } from '../../../src/cli/demo/bank-visit.ts';
import { addDays } from '../../../src/kernel/calendar-date.ts';
import { describeAfterAccess } from './after-access.ts';
import { alice, bruno, failing, openHouse, returnUrl, type House } from './house.ts';
import type { ContractSubject, RedirectAccess } from './subject.ts';

/** Access on the bank's pages, by redirect of the browser. */
export function describeRedirectAccess(subject: ContractSubject, access: RedirectAccess): void {
  describe.each(access.profiles)('access by redirect at a bank with $name', (profile) => {
    let house: House;
    beforeAll(async () => {
      house = await openHouse(subject, { ...profile, access: 'redirect' });
    });
    afterAll(() => house.close());

    test('is pending until the person has decided, then active until the day the bank grants', async () => {
      const started = await house.begin();
      expect(started.expiresAt.getTime()).toBeGreaterThan(house.clock.now().getTime());
      expect(await house.connector.readConsent(house.call(), started.session)).toEqual({ status: 'PENDING' });
      const state = await house.approve(started, bruno);
      if (state.status !== 'ACTIVE') throw new Error(`The consent is ${state.status}.`);
      expect(state.frequencyPerDay).toBe(4);
      expect(state.validUntil >= addDays(house.today(), 89)).toBe(true);
      expect(state.validUntil <= addDays(house.today(), 180)).toBe(true);
    });

    test('brings the browser back to our address with our state', async () => {
      const back = new URL(await visitBank((await house.begin()).redirectUrl, alice));
      expect(`${back.origin}${back.pathname}`).toBe(returnUrl);
      expect(back.searchParams.get('state')).toBe('s-1');
    });

    test.runIf(access.letsChooseAccounts)('shows only the accounts that the person has chosen', async () => {
      const all = await (await house.link(bruno)).accounts();
      const chosen = await (await house.link({ ...bruno, accounts: ['alice-current'] })).accounts();
      const joint = await (await house.link(alice)).accounts();
      expect(all.filter(({ type }) => type === 'CHECKINGS')).toHaveLength(2);
      expect(chosen.map(({ iban }) => iban)).toEqual(joint.flatMap(({ iban }) => iban ?? []));
    });

    test('that is refused is rejected', async () => {
      expect(await house.approve(await house.begin(), { ...alice, decision: 'refuse' })).toEqual({
        status: 'REJECTED',
      });
    });

    test.each(['sca_failed', 'consent_rejected', 'sca_timeout'])('that fails by %s is rejected', async (login) => {
      expect(await house.approve(await house.begin(), failing(login))).toEqual({ status: 'REJECTED' });
    });

    test.each(['credentials_invalid', 'account_locked', 'password_change_required', 'bank_user_action_required'])(
      'that the bank bars by %s stays pending: the bank tells the person himself',
      async (login) => {
        const started = await house.begin();
        await expect(visitBank(started.redirectUrl, failing(login))).rejects.toThrow('lets nobody through');
        expect(await house.connector.readConsent(house.call(), started.session)).toEqual({ status: 'PENDING' });
      },
    );

    test.skipIf(access.tellsValidity === false)('that ends tomorrow is told as such', async () => {
      const state = await house.approve(await house.begin(), failing('consent_expiring'));
      expect(state).toMatchObject({ status: 'ACTIVE', validUntil: addDays(house.today(), 1) });
    });

    describeAfterAccess(() => house, access);
  });
}
