import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SignInState } from '../../../src/connectors/connector.ts';
import { describeAfterAccess } from './after-access.ts';
import { alice, bruno, failing, lastOnPhone, openHouse, type House } from './house.ts';
import type { ContractSubject, SignInAccess } from './subject.ts';

const byKind = { OTP: { kind: 'otp' }, APP_APPROVAL: { kind: 'app' } } as const;

/** Access by credentials and challenges, the person answering through us. */
export function describeSignInAccess(subject: ContractSubject, access: SignInAccess): void {
  describe.each(access.profiles)('access by sign-in at a bank with $name', (profile) => {
    let house: House;
    beforeAll(async () => {
      house = await openHouse(subject, { ...profile, access: 'sign-in' });
    });
    afterAll(() => house.close());

    test('tells what the bank grants, or that it knows no consents', async () => {
      const begun = await house.beginSignIn(alice);
      const linked = begun.status === 'SIGNED_IN' ? house.linked(begun.session) : await house.link(alice);
      expect((await linked.accounts()).length).toBeGreaterThan(0);
      if (begun.status !== 'SIGNED_IN') return;
      if (access.hasConsents) expect(begun.validUntil).not.toBeNull();
      else expect(begun).toMatchObject({ validUntil: null, frequencyPerDay: null, bankConsentId: null });
    });

    test('is still good on a second sign-in, and nothing is asked anew', async () => {
      const { session } = await house.link(bruno);
      const before = house.bank.challenges.sentTo('bruno').length;
      const again = await house.beginSignIn(bruno, null, JSON.parse(JSON.stringify(session)));
      expect(again.status).toBe('SIGNED_IN');
      expect(house.bank.challenges.sentTo('bruno')).toHaveLength(before);
    });

    const accessFailures = access.failures.filter(({ during }) => during === 'access');
    test.each(accessFailures)('meets $code by a login of its own: $login', async ({ login, code }) => {
      await expect(house.link(failing(login))).rejects.toMatchObject({ code });
    });

    const unattendedFailures = access.failures.filter(({ during }) => during === 'unattended access');
    test.each(unattendedFailures)('without the person meets $code by a login of its own: $login', async (failure) => {
      await expect(house.beginSignIn(failing(failure.login), null)).rejects.toMatchObject({ code: failure.code });
    });

    describeAfterAccess(() => house, access);
  });

  describe.each(access.profiles)('challenges at a bank with $name', (profile) => {
    const houseWhere = (kind: keyof typeof byKind) =>
      openHouse(subject, { ...profile, access: 'sign-in', challenge: { ...byKind[kind], ...profile.challenge } });

    test('without the person asks nothing of his phone, and says what is wanted', async () => {
      const house = await houseWhere('OTP');
      try {
        await expect(house.beginSignIn(bruno, null)).rejects.toMatchObject({
          code: expect.stringMatching(/^(SCA_|BANK_USER_ACTION_REQUIRED)/),
        });
      } finally {
        await house.close();
      }
    });

    test.runIf(access.challenges.includes('OTP'))('a wrong code is forgiven, the right one signs in', async () => {
      const house = await houseWhere('OTP');
      try {
        const begun = challenged(await house.beginSignIn(bruno));
        expect(begun.challenge).toMatchObject({ kind: 'OTP' });
        expect(begun.challenge.expiresAt.getTime()).toBeGreaterThan(house.clock.now().getTime());
        const code = lastOnPhone(house.bank, bruno)!.code;
        const wrong = challenged(await house.proceed(bruno, begun.session, code === '111111' ? '222222' : '111111'));
        expect(wrong.challenge.kind).toBe('OTP');
        const right = await house.proceed(bruno, JSON.parse(JSON.stringify(wrong.session)), code);
        expect(right.status).toBe('SIGNED_IN');
        expect((await house.linked(right.session).accounts()).length).toBeGreaterThan(0);
      } finally {
        await house.close();
      }
    });

    test.runIf(access.challenges.includes('OTP'))('wrong codes to the last fail, and lock the access', async () => {
      const house = await houseWhere('OTP');
      try {
        let { session } = challenged(await house.beginSignIn(bruno));
        const code = lastOnPhone(house.bank, bruno)!.code === '111111' ? '222222' : '111111';
        for (let count = 0; count < 2; count += 1)
          // oxlint-disable-next-line no-await-in-loop -- one answer after the other
          ({ session } = challenged(await house.proceed(bruno, session, code)));
        await expect(house.proceed(bruno, session, code)).rejects.toMatchObject({
          code: expect.stringMatching(/^(SCA_FAILED|ACCOUNT_LOCKED)$/),
        });
        await expect(house.beginSignIn(bruno)).rejects.toMatchObject({ code: 'ACCOUNT_LOCKED' });
      } finally {
        await house.close();
      }
    });

    test.runIf(access.challenges.includes('OTP'))('a code typed too late has run out', async () => {
      const house = await houseWhere('OTP');
      try {
        const { session } = challenged(await house.beginSignIn(bruno));
        const code = lastOnPhone(house.bank, bruno)!.code;
        house.clock.advance(400_000);
        await expect(house.proceed(bruno, session, code)).rejects.toMatchObject({
          code: expect.stringMatching(/^SCA_(TIMEOUT|FAILED)$/),
        });
      } finally {
        await house.close();
      }
    });

    test.runIf(access.challenges.includes('APP_APPROVAL'))('the app is waited for, then signs in', async () => {
      const house = await houseWhere('APP_APPROVAL');
      try {
        const begun = challenged(await house.beginSignIn(bruno));
        expect(begun.challenge).toMatchObject({ kind: 'APP_APPROVAL' });
        const waiting = challenged(await house.proceed(bruno, begun.session, null));
        expect(waiting.challenge.kind).toBe('APP_APPROVAL');
        house.bank.challenges.decide(lastOnPhone(house.bank, bruno)!.id, true);
        const done = await house.proceed(bruno, waiting.session, null);
        expect(done.status).toBe('SIGNED_IN');
        expect((await house.linked(done.session).accounts()).length).toBeGreaterThan(0);
      } finally {
        await house.close();
      }
    });

    test.runIf(access.challenges.includes('APP_APPROVAL'))('the app that is refused fails', async () => {
      const house = await houseWhere('APP_APPROVAL');
      try {
        const { session } = challenged(await house.beginSignIn(bruno));
        house.bank.challenges.decide(lastOnPhone(house.bank, bruno)!.id, false);
        await expect(house.proceed(bruno, session, null)).rejects.toMatchObject({
          code: expect.stringMatching(/^(SCA_FAILED|CONSENT_REJECTED)$/),
        });
      } finally {
        await house.close();
      }
    });
  });
}

function challenged(state: SignInState): Extract<SignInState, { status: 'CHALLENGED' }> {
  if (state.status !== 'CHALLENGED') throw new Error('The bank asks nothing.');
  return state;
}
