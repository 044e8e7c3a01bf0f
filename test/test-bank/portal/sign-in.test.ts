import { afterEach, describe, expect, it } from 'vitest';
import type { TestBank } from '../../../src/test-bank/server.ts';
import { noon, openBankAt } from '../support.ts';
import { customerOf, portalScenario, problemOf, signIn } from './customer.ts';

let bank: TestBank | null = null;
afterEach(() => bank?.close());

async function open(changes: Parameters<typeof portalScenario>[0] = {}) {
  const opened = await openBankAt(noon, { scenario: portalScenario(changes) });
  bank = opened;
  return opened;
}

describe('signing in', () => {
  it('leads to the accounts, and escapes what the scenario says', async () => {
    const page = await signIn(customerOf(await open()), 'alice');
    expect(page.address).toBe('/portal/comptes');
    expect(page.html).toContain('Alice &lt;Martin&gt;');
  });

  it('keeps the session in a cookie that scripts and other sites do not get, and takes a new id', async () => {
    const customer = customerOf(await open());
    await customer.get('/portal');
    const before = customer.cookies.get('portal_session');
    await customer.post({ login: 'alice', password: 'secret12' });
    expect(customer.cookies.get('portal_session')).not.toBe(before);
    expect(customer.setCookies.filter((cookie) => cookie.startsWith('portal_session'))).toEqual([
      expect.stringMatching(/; Path=\/portal; HttpOnly; SameSite=Lax$/),
      expect.stringMatching(/; Path=\/portal; HttpOnly; SameSite=Lax$/),
    ]);
  });

  it('sends pages that run no foreign script, are in no frame and are not kept', async () => {
    const { headers } = await customerOf(await open()).get('/portal');
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
    );
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('refuses an unknown login as it refuses a wrong password', async () => {
    const customer = customerOf(await open());
    const unknown = await signIn(customer, 'nobody');
    const wrong = await signIn(customer, 'alice', 'wrong');
    expect([unknown.status, problemOf(unknown)]).toEqual([400, 'refused']);
    expect([wrong.status, problemOf(wrong)]).toEqual([400, 'refused']);
  });

  it('names the field that was left empty', async () => {
    const page = await signIn(customerOf(await open()), '', 'x');
    expect(problemOf(page)).toBe('required');
    expect(page.html).toMatch(/<a href="#login">/);
    expect(page.html).toMatch(/aria-describedby="login-hint login-problem"\s+aria-invalid="true"/);
  });

  it('refuses a form with another token, and leaves nobody signed in', async () => {
    const customer = customerOf(await open());
    await customer.get('/portal');
    const page = await customer.post({ login: 'alice', password: 'secret12', csrf: 'forged' });
    expect([page.status, problemOf(page)]).toEqual([403, 'form-expired']);
    expect((await customer.get('/portal/comptes')).address).toBe('/portal/connexion?reason=sign-in');
  });

  it('locks after five wrong passwords in a row, also for the right one, until the time is over', async () => {
    const opened = await open();
    const customer = customerOf(opened);
    for (let attempt = 1; attempt <= 4; attempt += 1) {
      // oxlint-disable-next-line no-await-in-loop -- attempts come one after another
      expect(problemOf(await signIn(customer, 'alice', 'wrong'))).toBe('refused');
    }
    expect(problemOf(await signIn(customer, 'alice', 'wrong'))).toBe('locked');
    const right = await signIn(customer, 'alice');
    expect([right.status, problemOf(right)]).toEqual([403, 'locked']);
    opened.clock.advance(900_000);
    expect((await signIn(customer, 'alice')).address).toBe('/portal/comptes');
  });

  it('forgets wrong passwords after the right one', async () => {
    const customer = customerOf(await open({ portal: { passwordAttempts: 2 } }));
    await signIn(customer, 'alice', 'wrong');
    await signIn(customer, 'alice');
    expect(problemOf(await signIn(customer, 'alice', 'wrong'))).toBe('refused');
  });

  it('ends a session when nothing happened for its time by the clock of the bank', async () => {
    const opened = await open();
    const customer = customerOf(opened);
    await signIn(customer, 'alice');
    opened.clock.advance(599_000);
    expect((await customer.get('/portal/comptes')).status).toBe(200);
    opened.clock.advance(599_000);
    expect((await customer.get('/portal/comptes/current')).status).toBe(200);
    opened.clock.advance(600_000);
    const page = await customer.get('/portal/comptes');
    expect(page.address).toBe('/portal/connexion?reason=session-expired');
    expect(page.html).toContain('Votre session a expiré');
  });

  it('signs out only with the token of the session', async () => {
    const customer = customerOf(await open());
    await signIn(customer, 'alice');
    expect((await customer.post({ csrf: 'forged' }, '/portal/deconnexion')).status).toBe(403);
    await customer.get('/portal/comptes');
    expect((await customer.post({}, '/portal/deconnexion')).address).toBe('/portal/connexion?reason=signed-out');
    expect((await customer.get('/portal/comptes')).address).toBe('/portal/connexion?reason=sign-in');
  });

  it('speaks the language of the browser until another is chosen', async () => {
    const customer = customerOf(await open(), { 'accept-language': 'en-GB' });
    expect((await customer.get('/portal')).html).toContain('<html lang="en">');
    expect((await customer.get('/portal/connexion?lang=fr')).html).toContain('<html lang="fr">');
    expect((await customer.get('/portal')).html).toContain('Se connecter');
  });

  it('answers the addresses of the other layout with a page that is not found', async () => {
    const customer = customerOf(await open());
    await signIn(customer, 'alice');
    expect((await customer.get('/portal/espace/overview')).status).toBe(404);
    expect((await customer.get('/portal/comptes')).status).toBe(200);
  });

  it('shows the maintenance page while the scenario says so, or a fault', async () => {
    const closed = await customerOf(await open({ portal: { maintenance: true } })).get('/portal');
    expect([closed.status, problemOf(closed), closed.headers.get('retry-after')]).toEqual([503, 'maintenance', '1800']);
    await bank?.close();
    const opened = await open();
    opened.bank.faults.trigger({ kind: 'html-error', path: '/portal', days: 30, calls: 1 });
    const struck = await customerOf(opened).get('/portal/connexion');
    expect([struck.status, problemOf(struck)]).toEqual([503, 'maintenance']);
    expect((await customerOf(opened).get('/portal')).status).toBe(200);
  });
});
