import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadScenario } from '../../../src/test-bank/scenario/load-scenario.ts';
import { describeInBrowser } from '../../support/browser.ts';
import { caller, noon, openBankAt, requestConsent } from '../support.ts';
import { looks, walk } from './walk.ts';

let bank: Awaited<ReturnType<typeof openBankAt>>;
beforeAll(async () => {
  const household = await loadScenario();
  const people = household.people.map((person) =>
    person.id === 'chloe' ? { ...person, challenge: { ...person.challenge, kind: 'app' as const } } : person,
  );
  bank = await openBankAt(noon, { scenario: { ...household, people } });
});
afterAll(() => bank.close());

async function consent() {
  const { id, page: address } = await requestConsent(caller(bank));
  const status = async () => (await caller(bank)('GET', `/consents/${id}/status`)).json.consentStatus as string;
  return { address, status };
}

describeInBrowser('authorising by redirect', (browser) => {
  it.each(looks)('approves chosen accounts (%s, %s)', async (screen, look) => {
    const { address, status } = await consent();
    const walked = await walk(browser, 'redirect', screen, look);
    const { page } = walked;
    await page.route('http://app.example/**', (route) => route.fulfill({ body: 'back' }));
    await page.goto(address);
    await walked.look('1-login');
    await page.getByLabel('Identifiant', { exact: true }).fill('alice');
    await page.getByLabel('Mot de passe').fill('wrong');
    await page.getByRole('button', { name: 'Se connecter' }).click();
    await walked.look('2-refused');
    await page.getByLabel('Mot de passe').fill('tributary1');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Partager vos comptes ?' }).waitFor();
    await walked.look('3-approve');
    await page.getByRole('checkbox', { name: /Carte Premier/ }).uncheck();
    await page.getByRole('button', { name: 'Approuver' }).click();
    await page.waitForURL('http://app.example/return?state=s1');
    expect(await status()).toBe('valid');
  });

  it('refuses', async () => {
    const { address, status } = await consent();
    const { page } = await walk(browser, 'refusal', 'phone', 'light');
    await page.route('http://app.example/**', (route) => route.fulfill({ body: 'back' }));
    await page.goto(address);
    await page.getByLabel('Identifiant', { exact: true }).fill('alice');
    await page.getByLabel('Mot de passe').fill('tributary1');
    await page.getByRole('button', { name: 'Se connecter' }).click();
    await page.getByRole('button', { name: 'Refuser' }).click();
    await page.waitForURL('http://app.example/nok');
    expect(await status()).toBe('rejected');
  });

  it.each(looks)('asks for the code on the simulated phone (%s, %s)', async (screen, look) => {
    const { address, status } = await consent();
    const walked = await walk(browser, 'redirect-code', screen, look);
    const { page } = walked;
    await page.route('http://app.example/**', (route) => route.fulfill({ body: 'back' }));
    await page.goto(address);
    await page.getByLabel('Identifiant', { exact: true }).fill('bruno');
    await page.getByLabel('Mot de passe').fill('tributary2');
    await page.getByRole('button', { name: 'Se connecter' }).click();
    await walked.look('1-code');
    const [phone] = await Promise.all([
      page.waitForEvent('popup'),
      page.getByRole('link', { name: 'Ouvrir le téléphone simulé' }).click(),
    ]);
    const code = await phone.locator('#code').textContent();
    await phone.close();
    await page.getByLabel('Code').fill(code ?? '');
    await page.getByRole('button', { name: 'Confirmer' }).click();
    await page.getByRole('button', { name: 'Approuver' }).click();
    await page.waitForURL('http://app.example/return?state=s1');
    expect(await status()).toBe('valid');
  });

  it('goes on by itself when the app approves', async () => {
    const { address, status } = await consent();
    const walked = await walk(browser, 'redirect-app', 'phone', 'light');
    const { page } = walked;
    await page.goto(address);
    await page.getByLabel('Identifiant', { exact: true }).fill('chloe');
    await page.getByLabel('Mot de passe').fill('tributary3');
    await page.getByRole('button', { name: 'Se connecter' }).click();
    await walked.look('1-waiting');
    const phone = await walked.another();
    await phone.goto(`${bank.url}/phone?login=chloe`);
    await phone.getByRole('button', { name: 'Approuver' }).click();
    await phone.getByText('Approuvé').waitFor();
    await phone.close();
    await page.getByRole('heading', { name: 'Partager vos comptes ?' }).waitFor();
    expect(await status()).toBe('received');
  });
});
