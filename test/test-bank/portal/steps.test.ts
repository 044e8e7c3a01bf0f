import { afterEach, describe, expect, it } from 'vitest';
import type { TestBank } from '../../../src/test-bank/server.ts';
import { noon, openBankAt } from '../support.ts';
import { codeOnPhone, customerOf, portalScenario, problemOf, signIn } from './customer.ts';

let bank: TestBank | null = null;
afterEach(() => bank?.close());

async function open(changes: Parameters<typeof portalScenario>[0] = {}) {
  const opened = await openBankAt(noon, { scenario: portalScenario(changes) });
  bank = opened;
  return opened;
}
const otp = { challenge: { kind: 'otp', timeoutSeconds: 60, attempts: 3 } };
const app = { challenge: { kind: 'app', timeoutSeconds: 60 } };

describe('the choice of a way to confirm', () => {
  const both = { challenge: { kind: 'otp', methods: ['app', 'chip', 'sms'] } };

  it('comes before anything is sent, and leads to the code or to the app', async () => {
    const opened = await open({ person: both });
    const customer = customerOf(opened);
    const asked = await signIn(customer, 'alice');
    expect(asked.address).toBe('/portal/securite/choix');
    expect(asked.html.match(/value="(sms|app|chip)"/g)).toEqual(['value="sms"', 'value="app"']);
    expect(opened.bank.challenges.sentTo('alice')).toHaveLength(0);
    expect(problemOf(await customer.post({ moyen: 'chip' }))).toBe('required');
    expect(problemOf(await customer.post({ csrf: 'forged', moyen: 'sms' }))).toBe('form-expired');
    expect((await customer.post({ moyen: 'sms' })).address).toBe('/portal/securite/code');
    expect((await customer.post({ otp: await codeOnPhone(opened, 'alice') })).address).toBe('/portal/comptes');
  });

  it('of the app shows the number that the app shows as well', async () => {
    const opened = await open({ person: both, portal: { layout: 'v2', trustedDays: 0 } });
    const customer = customerOf(opened);
    await customer.get('/portal');
    await customer.post({ customer_number: 'alice', secret: 'secret12' });
    const waiting = await customer.post({ method: 'app' });
    expect(waiting.address).toBe('/portal/espace/approve');
    const [, number] = /data-comparison>(\d\d)</.exec(waiting.html) ?? [];
    expect((await customer.get('/phone?login=alice')).html).toContain(`<strong class="code">${number}</strong>`);
  });

  it('is not asked of a browser that is trusted', async () => {
    const opened = await open({ person: both });
    const customer = customerOf(opened);
    await signIn(customer, 'alice');
    await customer.post({ moyen: 'sms' });
    await customer.post({ otp: await codeOnPhone(opened, 'alice') });
    expect((await signIn(customer, 'alice')).address).toBe('/portal/comptes');
  });
});

describe('the code by SMS', () => {
  it('is on the phone of the person and opens the accounts', async () => {
    const opened = await open({ person: otp });
    const customer = customerOf(opened);
    const asked = await signIn(customer, 'alice');
    expect(asked.address).toBe('/portal/securite/code');
    expect(asked.html).not.toContain('+33 6 12 34 56 78');
    expect((await customer.get('/portal/comptes')).address).toBe('/portal/securite/code');
    expect((await customer.post({ otp: await codeOnPhone(opened, 'alice') })).address).toBe('/portal/comptes');
  });

  it('is the same in two runs of the same scenario', async () => {
    const codes: string[] = [];
    for (let run = 0; run < 2; run += 1) {
      // oxlint-disable no-await-in-loop -- one bank after the other
      const opened = await open({ person: otp });
      await signIn(customerOf(opened), 'alice');
      codes.push(await codeOnPhone(opened, 'alice'));
      await opened.close();
      // oxlint-enable no-await-in-loop
    }
    expect(codes[0]).toMatch(/^\d{6}$/);
    expect(codes[1]).toBe(codes[0]);
  });

  it('locks the access at the third wrong code, also when the sign-in began anew in between', async () => {
    const opened = await open({ person: otp });
    const customer = customerOf(opened);
    await signIn(customer, 'alice');
    expect(problemOf(await customer.post({ otp: 'x' }))).toBe('wrong-code');
    expect(problemOf(await customer.post({ otp: 'x' }))).toBe('wrong-code');
    await signIn(customer, 'alice');
    expect((await customer.post({ otp: 'x' })).address).toBe('/portal/connexion?reason=locked');
    expect(problemOf(await signIn(customer, 'alice'))).toBe('locked');
  });

  it('is worth nothing when its time is over by the clock of the bank', async () => {
    const opened = await open({ person: otp });
    const customer = customerOf(opened);
    await signIn(customer, 'alice');
    const code = await codeOnPhone(opened, 'alice');
    opened.clock.advance(60_000);
    expect((await customer.post({ otp: code })).address).toBe('/portal/connexion?reason=challenge-expired');
    expect((await customer.get('/portal/comptes')).address).toBe('/portal/connexion?reason=sign-in');
  });

  it('comes anew on request, and the former one opens nothing', async () => {
    const opened = await open({ person: otp });
    const customer = customerOf(opened);
    await signIn(customer, 'alice');
    const former = await codeOnPhone(opened, 'alice');
    await customer.post({ resend: 'yes' });
    const code = await codeOnPhone(opened, 'alice');
    expect(code).not.toBe(former);
    expect(problemOf(await customer.post({ otp: former }))).toBe('wrong-code');
    expect((await customer.post({ otp: code })).address).toBe('/portal/comptes');
  });

  it('is not asked for again in this browser for as long as the bank trusts it', async () => {
    const opened = await open({ person: otp, portal: { trustedDays: 90 } });
    const customer = customerOf(opened);
    await signIn(customer, 'alice');
    await customer.post({ otp: await codeOnPhone(opened, 'alice') });
    opened.clock.advance(89 * 86_400_000);
    expect((await signIn(customer, 'alice')).address).toBe('/portal/comptes');
    expect((await signIn(customerOf(opened), 'alice')).address).toBe('/portal/securite/code');
    opened.clock.advance(86_400_000);
    expect((await signIn(customer, 'alice')).address).toBe('/portal/securite/code');
  });
});

describe('approval in the app', () => {
  async function decide(decision: string) {
    const html = await (await fetch(`${bank?.url}/phone?login=alice`)).text();
    const challenge = /name="challenge" value="([^"]*)"/.exec(html)?.[1] ?? '';
    await fetch(`${bank?.url}/phone`, {
      method: 'POST',
      body: new URLSearchParams({ challenge, login: 'alice', decision }),
    });
  }

  it('is waited for, without scripts as well, and opens the accounts', async () => {
    const customer = customerOf(await open({ person: app }));
    const waiting = await signIn(customer, 'alice');
    expect(waiting.address).toBe('/portal/securite/application');
    expect(waiting.html).toContain('<noscript><meta http-equiv="refresh" content="3" /></noscript>');
    const nonce = /script-src 'nonce-([\w-]+)'/.exec(waiting.headers.get('content-security-policy') ?? '')?.[1];
    expect(waiting.html).toContain(`<script nonce="${nonce}">`);
    await decide('approve');
    expect((await customer.get('/portal/securite/application')).address).toBe('/portal/comptes');
  });

  it('ends the sign-in when it is refused, and tells so to the page, not to its script that asks before', async () => {
    const customer = customerOf(await open({ person: app }));
    await signIn(customer, 'alice');
    const peek = async () => (await customer.get('/portal/securite/application?peek')).html;
    expect(await peek()).toBe('{"isOpen":true}');
    await decide('refuse');
    expect(await peek()).toBe('{"isOpen":false}');
    expect((await customer.get('/portal/comptes')).address).toBe('/portal/connexion?reason=challenge-refused');
  });

  it('ends the sign-in when its time is over, and then cannot be given', async () => {
    const opened = await open({ person: app });
    const customer = customerOf(opened);
    await signIn(customer, 'alice');
    opened.clock.advance(60_000);
    await decide('approve');
    expect((await customer.get('/portal/comptes')).address).toBe('/portal/connexion?reason=challenge-expired');
  });
});

describe('what stands before the accounts', () => {
  it('is passed in order, once', async () => {
    const opened = await open({ person: { portal: { interstitials: ['kyc', 'terms'] } } });
    const customer = customerOf(opened);
    expect((await signIn(customer, 'alice')).address).toBe('/portal/conditions');
    expect((await customer.get('/portal/comptes')).address).toBe('/portal/conditions');
    expect(problemOf(await customer.post({}))).toBe('required');
    expect((await customer.post({ confirm: 'yes' })).address).toBe('/portal/informations');
    expect((await customer.post({ confirm: 'yes' })).address).toBe('/portal/comptes');
    expect((await signIn(customerOf(opened), 'alice')).address).toBe('/portal/comptes');
  });

  it('is not passed by a form with another token', async () => {
    const opened = await open({ person: { portal: { interstitials: ['terms'] } } });
    const customer = customerOf(opened);
    await signIn(customer, 'alice');
    expect((await customer.post({ confirm: 'yes', csrf: 'forged' })).status).toBe(403);
    expect((await customer.get('/portal/comptes')).address).toBe('/portal/conditions');
  });

  it('takes a new password, which alone opens the access afterwards', async () => {
    const opened = await open({ person: { portal: { interstitials: ['new-password'] } } });
    const customer = customerOf(opened);
    expect((await signIn(customer, 'alice')).address).toBe('/portal/mot-de-passe');
    const change = (password: string, again = password) =>
      customer.post({ new_password: password, repeat_password: again });
    expect(problemOf(await change('short'))).toBe('password-form');
    expect(problemOf(await change('another-one', 'other'))).toBe('passwords-differ');
    expect(problemOf(await change('secret12'))).toBe('password-same');
    expect((await change('another-one')).address).toBe('/portal/connexion?reason=password-changed');
    expect(problemOf(await signIn(customer, 'alice', 'secret12'))).toBe('refused');
    expect((await signIn(customer, 'alice', 'another-one')).address).toBe('/portal/comptes');
  });
});
