import { describe, expect, test } from 'vitest';
import { portalScenario } from '../../test-bank/portal/customer.ts';
import { alice, challenged, openSite, signedIn, stored } from './site.ts';

const otp = { challenge: { kind: 'otp', attempts: 3 } };
const app = { challenge: { kind: 'app' } };
const oneDay = 86_400_000;

describe('without the person', () => {
  test('nothing is tried before the first sign-in', async () => {
    const site = await openSite();
    await expect(site.begin(alice, null, null)).rejects.toMatchObject({ code: 'SCA_REQUIRED' });
    expect(site.calls()).toEqual([]);
  });

  test('a browser that the bank trusts signs in for as long as it does, then no code is sent', async () => {
    const site = await openSite(portalScenario({ person: otp, portal: { trustedDays: 90 } }));
    const session = await site.enter();
    site.clock.advance(89 * oneDay);
    const again = signedIn(await site.begin(alice, session, null));
    expect(site.messages('alice')).toBe(1);
    site.clock.advance(2 * oneDay);
    await expect(site.begin(alice, stored(again.session), null)).rejects.toMatchObject({ code: 'SCA_OTP_REQUIRED' });
    expect(site.messages('alice')).toBe(1);
  });

  test.each([
    [otp, 'SCA_OTP_REQUIRED'],
    [app, 'SCA_DECOUPLED_PENDING'],
  ])('a bank that asks each time is not brought to ask: $challenge.kind', async (person, code) => {
    const site = await openSite(portalScenario({ person, portal: { trustedDays: 0 } }));
    const begun = challenged(await site.begin(alice));
    if (code === 'SCA_DECOUPLED_PENDING') site.bank.challenges.decide(site.newest('alice').id, true);
    const answer = code === 'SCA_OTP_REQUIRED' ? site.newest('alice').code : null;
    const { session } = signedIn(await site.proceed(begun.session, answer));
    expect(signedIn(await site.begin(alice, stored(session), null)).status).toBe('SIGNED_IN');
    site.clock.advance(oneDay);
    await expect(site.begin(alice, stored(session), null)).rejects.toMatchObject({ code });
    expect(site.messages('alice')).toBe(1);
  });

  test('an open question is the person’s, and stays open', async () => {
    const site = await openSite(portalScenario({ person: app }));
    const { session } = challenged(await site.begin(alice));
    await expect(site.begin(alice, stored(session), null)).rejects.toMatchObject({ code: 'SCA_DECOUPLED_PENDING' });
    expect(site.messages('alice')).toBe(1);
  });

  test('new terms are the person’s to accept', async () => {
    const site = await openSite();
    const session = await site.enter();
    site.bank.scenario().people[0]!.portal.interstitials = ['terms'];
    await expect(site.begin(alice, session, null)).rejects.toMatchObject({ code: 'BANK_USER_ACTION_REQUIRED' });
    await expect(site.accounts(session)).rejects.toMatchObject({ code: 'BANK_USER_ACTION_REQUIRED' });
  });
});
