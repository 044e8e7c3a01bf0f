import { describe, expect, test } from 'vitest';
import { customerOf, portalFile, portalScenario, signIn as signInAtBank } from '../../test-bank/portal/customer.ts';
import { openServer } from '../http/fake-server.ts';
import { alice, challenged, openSite, signedIn, stored } from './site.ts';

const layouts = ['v1', 'v2'] as const;
const otp = { challenge: { kind: 'otp', attempts: 3 } };
const app = { challenge: { kind: 'app' } };
const oneDay = 86_400_000;

describe.each(layouts)('in the layout %s', (layout) => {
  const scenarioWith = (person: object = {}, portal: object = {}) =>
    portalScenario({ person, portal: { layout, ...portal } });

  test('a person whom the bank asks nothing is signed in', async () => {
    const site = await openSite(scenarioWith());
    const state = signedIn(await site.begin(alice));
    expect({ ...state, session: Object.keys(state.session).toSorted() }).toMatchInlineSnapshot(`
      {
        "bankConsentId": null,
        "frequencyPerDay": null,
        "session": [
          "cookies",
          "frequencyPerDay",
          "layout",
          "secondFactor",
          "validUntil",
        ],
        "status": "SIGNED_IN",
        "validUntil": null,
      }
    `);
  });

  test('a code by SMS is asked with what the page tells', async () => {
    const site = await openSite(scenarioWith({ ...otp, phone: '+33 6 12 34 56 78' }));
    expect(challenged(await site.begin(alice)).challenge).toMatchInlineSnapshot(`
      {
        "attemptsLeft": null,
        "expiresAt": 2026-03-10T12:06:00.000Z,
        "isNumeric": true,
        "kind": "OTP",
        "lengthMax": 12,
        "prompt": "Nous avons envoyé un code par SMS au +33 6 •• •• •• 78.",
        "sentTo": "+33 6 •• •• •• 78",
      }
    `);
  });

  test('an approval in the app is asked with what the page tells', async () => {
    const site = await openSite(scenarioWith(app));
    expect(challenged(await site.begin(alice)).challenge).toMatchInlineSnapshot(`
      {
        "comparisonCode": "35",
        "expiresAt": 2026-03-10T12:06:00.000Z,
        "kind": "APP_APPROVAL",
        "pollAfterSeconds": 3,
        "prompt": "Une demande vous attend dans l’application de votre téléphone +33 6 •• •• •• 78. Validez-la pour continuer.",
      }
    `);
  });

  test('a choice of ways to confirm leads to the one that is chosen', async () => {
    const both = { challenge: { kind: 'otp', methods: ['sms', 'app'] } };
    const site = await openSite(scenarioWith(both, { trustedDays: 0 }));
    const begun = challenged(await site.begin(alice));
    expect(begun.challenge).toMatchInlineSnapshot(`
      {
        "expiresAt": 2026-03-10T12:05:00.000Z,
        "kind": "CHOICE",
        "options": [
          {
            "label": "Code par SMS au +33 6 •• •• •• 78",
            "value": "sms",
          },
          {
            "label": "Application de la banque sur votre téléphone +33 6 •• •• •• 78",
            "value": "app",
          },
        ],
        "prompt": "Plusieurs moyens vous sont proposés.",
      }
    `);
    expect(site.messages('alice')).toBe(0);
    const again = challenged(await site.proceed(begun.session, 'pigeon'));
    expect(again.challenge.kind).toBe('CHOICE');
    await expect(site.begin(alice, stored(again.session), null)).rejects.toMatchObject({ code: 'SCA_REQUIRED' });
    const waiting = challenged(await site.proceed(again.session, 'app'));
    expect(waiting.challenge.kind).toBe('APP_APPROVAL');
    site.bank.challenges.decide(site.newest('alice').id, true);
    const { session } = signedIn(await site.proceed(waiting.session, null));
    site.clock.advance(oneDay);
    await expect(site.begin(alice, stored(session), null)).rejects.toMatchObject({ code: 'SCA_DECOUPLED_PENDING' });
  });

  test('the digits of a password are found on a keypad whose order changes', async () => {
    const site = await openSite(scenarioWith({ password: '14078914' }, { keypad: 'shuffled' }));
    for (let count = 0; count < 3; count += 1)
      expect((await site.begin({ login: 'alice', password: '14078914' })).status).toBe('SIGNED_IN');
    await expect(site.begin({ login: 'alice', password: '14078915' })).rejects.toMatchObject({
      code: 'CREDENTIALS_INVALID',
    });
  });

  test('a password that no keypad can take costs no attempt', async () => {
    const site = await openSite(scenarioWith({ password: '140789' }, { keypad: 'shuffled' }));
    await expect(site.begin(alice)).rejects.toMatchObject({
      code: 'CREDENTIALS_INVALID',
      message: 'The password of this bank consists of digits.',
    });
    expect(site.calls().filter((call) => call.startsWith('POST'))).toEqual([]);
  });

  test.each([
    ['terms', 'TERMS'],
    ['kyc', 'IDENTITY_CHECK'],
  ])('what must be settled at the bank (%s) is waited for until it is', async (interstitial, reason) => {
    const site = await openSite(scenarioWith({ portal: { interstitials: [interstitial] } }));
    const { challenge, session } = challenged(await site.begin(alice));
    expect(challenge).toMatchObject({ kind: 'ACT_AT_BANK', reason, url: `${site.server.url}/portal` });
    expect(challenge.prompt).not.toBe('');
    const waiting = challenged(await site.proceed(session, null));
    expect(waiting.challenge).toMatchObject({ kind: 'ACT_AT_BANK', reason });
    const person = customerOf(site.server);
    await person.get('/portal');
    await person.post(layout === 'v1' ? alice : { customer_number: alice.login, secret: alice.password });
    await person.post(layout === 'v1' ? { confirm: 'yes' } : { accepted: 'yes' });
    expect((await site.proceed(waiting.session, null)).status).toBe('SIGNED_IN');
  });

  test('a password that must be changed is the person’s to change at the bank', async () => {
    const site = await openSite(scenarioWith({ portal: { interstitials: ['new-password'] } }));
    await expect(site.begin(alice)).rejects.toMatchObject({ code: 'PASSWORD_CHANGE_REQUIRED' });
  });
});

describe('a session', () => {
  test('of another version of the connector is as none', async () => {
    const site = await openSite();
    expect((await site.begin(alice, { jar: 1 })).status).toBe('SIGNED_IN');
  });

  test('that lives costs one page', async () => {
    const site = await openSite();
    const session = await site.enter();
    site.calls();
    expect(signedIn(await site.begin(alice, session, null)).session).toEqual(session);
    expect(site.calls()).toEqual(['GET /portal/comptes']);
  });

  test('that has run out is signed in anew, from the form to which the bank led', async () => {
    const site = await openSite();
    const session = await site.enter();
    site.clock.advance(3_600_000);
    site.calls();
    const again = signedIn(await site.begin(alice, session, null));
    expect(site.calls()).toEqual([
      'GET /portal/comptes',
      'GET /portal/connexion',
      'POST /portal/connexion',
      'GET /portal/comptes',
    ]);
    expect(await site.accounts(stored(again.session))).toHaveLength(6);
  });

  test('finds its way after the site was relaunched', async () => {
    const scenario = portalScenario();
    const site = await openSite(scenario);
    const session = await site.enter();
    site.bank.scenario().bank.portal.layout = 'v2';
    await expect(site.accounts(session)).rejects.toMatchObject({ code: 'SCA_REQUIRED' });
    const again = signedIn(await site.begin(alice, session, null));
    expect(await site.accounts(stored(again.session))).toHaveLength(6);
  });

  test('holds cookies of the bank and nothing that was typed', async () => {
    const site = await openSite(portalScenario({ person: otp }));
    const text = JSON.stringify(await site.enter());
    expect(text).toContain('portal_browser');
    expect(text).not.toContain(alice.password);
    expect(text).not.toContain(site.newest('alice').code);
  });

  test('left at a question is asked the same question, and nothing is sent again', async () => {
    const site = await openSite(portalScenario({ person: otp }));
    const { session } = challenged(await site.begin(alice));
    const again = challenged(await site.begin(alice, stored(session)));
    expect(again.challenge.kind).toBe('OTP');
    expect(site.messages('alice')).toBe(1);
    expect((await site.proceed(again.session, site.newest('alice').code)).status).toBe('SIGNED_IN');
  });
});

test('whoever names a scenario of his own sees its accounts, in its layout', async () => {
  const file = await openServer((_, response) =>
    response
      .writeHead(200)
      .end(JSON.stringify(portalFile({ portal: { layout: 'v2' }, person: { password: 'other123' } }))),
  );
  const site = await openSite(portalScenario(), { scenarioHosts: 'any' });
  const credentials = { login: 'alice', password: 'other123', scenario: `${file.origin}/mine.json` };
  await expect(site.begin({ ...credentials, scenario: '' })).rejects.toMatchObject({ code: 'CREDENTIALS_INVALID' });
  const { session } = signedIn(await site.begin(credentials));
  expect(session).toMatchObject({ layout: 'v2' });
  expect(await site.accounts(stored(session))).toHaveLength(6);
  await expect(site.begin({ ...credentials, scenario: 'ftp://no.example' })).rejects.toMatchObject({
    code: 'CREDENTIALS_INVALID',
  });
});

describe('refusals', () => {
  test('wrong passwords are told apart from the lock that they lead to', async () => {
    const site = await openSite(portalScenario({ portal: { passwordAttempts: 3 } }));
    const codes: unknown[] = [];
    for (let count = 0; count < 4; count += 1)
      await site.begin({ login: 'alice', password: 'wrong' }).catch(({ code }) => codes.push(code));
    expect(codes).toEqual(['CREDENTIALS_INVALID', 'CREDENTIALS_INVALID', 'ACCOUNT_LOCKED', 'ACCOUNT_LOCKED']);
    expect(await signInAtBank(customerOf(site.server), 'alice')).toMatchObject({ status: 403 });
  });

  test.each([[{}], [{ login: 'alice' }], [{ login: ' ', password: 'secret12' }]])(
    'a form that is not filled in is not posted: %j',
    async (credentials) => {
      const site = await openSite();
      await expect(site.begin(credentials)).rejects.toMatchObject({ code: 'CREDENTIALS_INVALID' });
      expect(site.calls().filter((call) => call.startsWith('POST'))).toEqual([]);
    },
  );

  test('a blank code is asked again and is no attempt', async () => {
    const site = await openSite(portalScenario({ person: { challenge: { kind: 'otp', attempts: 1 } } }));
    const begun = challenged(await site.begin(alice));
    const again = challenged(await site.proceed(begun.session, ' '));
    expect((await site.proceed(again.session, site.newest('alice').code)).status).toBe('SIGNED_IN');
  });

  test.each(['sca_failed', 'sca_timeout', 'sca_timeout.app'])('%s leaves nobody locked', async (login) => {
    const site = await openSite();
    const refused = async () => {
      const begun = challenged(await site.begin({ login: `error.${login}`, password: 'any' }));
      await site.proceed(begun.session, '123456');
    };
    await expect(refused()).rejects.toMatchObject({ code: /fail/.test(login) ? 'SCA_FAILED' : 'SCA_TIMEOUT' });
    expect((await site.begin(alice)).status).toBe('SIGNED_IN');
  });

  test('a site that is closed for maintenance says so before anything is typed', async () => {
    const site = await openSite(portalScenario({ portal: { maintenance: true } }));
    await expect(site.begin(alice)).rejects.toMatchObject({
      code: 'BANK_MAINTENANCE',
      retryAt: new Date('2026-03-10T12:30:00Z'),
    });
  });

  test('a bank that never answers is left after the time of one answer', async () => {
    const site = await openSite(portalScenario(), {}, { answerTimeoutMilliseconds: 400 });
    await expect(site.begin({ login: 'error.bank_timeout', password: 'any' })).rejects.toMatchObject({
      code: 'BANK_TIMEOUT',
    });
  });
});
