import { afterEach, describe, expect, it } from 'vitest';
import { portalFailures } from '../../../src/test-bank/portal/failures.ts';
import { failureEffect } from '../../../src/test-bank/faults/failure-logins.ts';
import type { TestBank } from '../../../src/test-bank/server.ts';
import { noon, openBankAt } from '../support.ts';
import { codeOnPhone, customerOf, portalScenario, problemOf, signIn, textsOf } from './customer.ts';

let bank: TestBank | null = null;
afterEach(() => bank?.close());

async function enter(code: string) {
  bank = await openBankAt(noon, { scenario: portalScenario() });
  const customer = customerOf(bank);
  return { customer, page: await signIn(customer, `error.${code}`, 'whatever') };
}

describe('a failure login', () => {
  it('is an ordinary login at the approval pages too: none is unknown there', () => {
    expect(portalFailures.filter(({ code }) => failureEffect(`error.${code}`) === null)).toEqual([]);
  });

  it.each([
    ['credentials_invalid', 400, 'refused'],
    ['account_locked', 403, 'locked'],
    ['captcha_required', 403, 'captcha'],
    ['sca_method_unsupported', 403, 'security-key'],
    ['bank_migrating', 410, 'moved'],
    ['bank_no_longer_supported', 410, 'closed'],
    ['bank_unavailable', 503, 'unavailable'],
    ['bank_maintenance', 503, 'maintenance'],
    ['bank_error', 500, 'error'],
    ['bank_rate_limited', 429, 'busy'],
  ])('%s answers %i with %s', async (code, status, problem) => {
    const { page } = await enter(code);
    expect([page.status, problemOf(page)]).toEqual([status, problem]);
  });

  it.each([
    ['password_change_required', '/portal/mot-de-passe'],
    ['bank_user_action_required', '/portal/conditions'],
    ['bank_user_action_required.kyc', '/portal/informations'],
    ['sca_required', '/portal/securite/code'],
    ['sca_otp_required', '/portal/securite/code'],
    ['sca_decoupled_pending', '/portal/securite/application'],
    ['sca_failed.app', '/portal/connexion?reason=challenge-refused'],
    ['sca_timeout', '/portal/connexion?reason=challenge-expired'],
    ['sca_timeout.app', '/portal/connexion?reason=challenge-expired'],
  ])('%s leads to %s', async (code, address) => {
    expect((await enter(code)).page.address).toBe(address);
  });

  it('sca_failed refuses even the right code, and does not lock the person whose place it takes', async () => {
    const { customer } = await enter('sca_failed');
    if (!bank) throw new Error('no bank');
    const code = await codeOnPhone(bank, 'error.sca_failed');
    expect((await customer.post({ otp: code })).address).toBe('/portal/connexion?reason=challenge-failed');
    expect((await signIn(customer, 'alice')).address).toBe('/portal/comptes');
  });

  it('bank_user_action_required asks again at each sign-in, and lets through who accepts', async () => {
    const { customer } = await enter('bank_user_action_required');
    expect((await customer.post({ confirm: 'yes' })).address).toBe('/portal/comptes');
    expect((await signIn(customer, 'error.bank_user_action_required')).address).toBe('/portal/conditions');
  });

  it('password_change_required leaves the password of the person whose place it takes', async () => {
    const { customer } = await enter('password_change_required');
    const page = await customer.post({ new_password: 'another-one', repeat_password: 'another-one' });
    expect(page.address).toBe('/portal/comptes');
    expect((await signIn(customer, 'alice', 'secret12')).address).toBe('/portal/comptes');
  });

  it('bank_timeout lets whoever asks for data wait', async () => {
    bank = await openBankAt(noon, { scenario: portalScenario() });
    const [url, cookies] = [bank.url, customerOf(bank)];
    await cookies.get('/portal');
    const form = await cookies.get('/portal/connexion');
    const csrf = /name="csrf" value="([^"]*)"/.exec(form.html)?.[1] ?? '';
    const entered = await fetch(`${url}/portal/connexion`, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie: `portal_session=${cookies.cookies.get('portal_session')}` },
      body: new URLSearchParams({ csrf, login: 'error.bank_timeout', password: 'x' }),
    });
    expect(entered.headers.get('location')).toBe('/portal/comptes');
    const cookie = entered.headers.getSetCookie().at(-1)?.split(';')[0] ?? '';
    const giveUp = new AbortController();
    const asked = fetch(`${url}/portal/comptes`, { headers: { cookie }, signal: giveUp.signal });
    // Other pages are answered meanwhile: the bank works, and this call alone waits.
    expect((await fetch(`${url}/portal/connexion`)).status).toBe(200);
    giveUp.abort(new Error('gave up'));
    await expect(asked).rejects.toThrow('gave up');
  });

  it('no_eligible_account lists nothing', async () => {
    const { page } = await enter('no_eligible_account');
    expect(page.html).toContain('Vous n’avez aucun compte.');
  });

  it('account_closed marks every account', async () => {
    expect(textsOf((await enter('account_closed')).page, 'cloture')).toEqual(
      Array.from({ length: 6 }, () => 'Clôturé'),
    );
  });

  it('account_not_found lists accounts that are not found', async () => {
    const { customer, page } = await enter('account_not_found');
    expect(page.html).toContain('/portal/comptes/current');
    expect((await customer.get('/portal/comptes/current')).status).toBe(404);
  });

  it('account_type_unsupported names no known type', async () => {
    const { page } = await enter('account_type_unsupported');
    expect([...page.html.matchAll(/data-groupe="([^"]*)"/g)].map(([, group]) => group)).toEqual(['unknown']);
  });

  it('history_truncated goes back 30 days', async () => {
    const { customer } = await enter('history_truncated');
    const page = await customer.get('/portal/comptes/current');
    expect(textsOf(page, 'date')).toEqual(['09/03/2026', '27/02/2026']);
  });

  it('pending_unsupported shows no pending entry', async () => {
    const { customer } = await enter('pending_unsupported');
    expect(textsOf(await customer.get('/portal/comptes/current'), 'date')).toEqual(['27/02/2026', '01/02/2026']);
  });

  it('balance_drift shows ten euros more than the entries add up to', async () => {
    expect(textsOf((await enter('balance_drift')).page, 'solde')[0]).toBe('13\u202F415,15\u00A0€');
  });

  it('data_inconsistent shows entries in another currency', async () => {
    const { customer } = await enter('data_inconsistent');
    expect(textsOf(await customer.get('/portal/comptes/current'), 'debit')[0]).toBe('42,00\u00A0CHF');
  });
});
