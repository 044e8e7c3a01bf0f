import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import type { PortalLayout } from '../../../src/test-bank/scenario/portal.ts';
import { loadScenario } from '../../../src/test-bank/scenario/load-scenario.ts';
import { describeInBrowser, type Screen } from '../../support/browser.ts';
import { noon, openBankAt } from '../support.ts';
import { looks, walk, type Look } from './walk.ts';

const banks: Partial<Record<PortalLayout, Awaited<ReturnType<typeof openBankAt>>>> = {};

/** The household at a bank with a keypad: Alice approves in the app, Bruno types a code. */
async function open(layout: PortalLayout) {
  const household = await loadScenario();
  const portal = { ...household.bank.portal, layout, keypad: 'shuffled' as const, pageSize: 12, trustedDays: 0 };
  const people = household.people.map((person) => ({
    ...person,
    password: '140789',
    challenge: { ...person.challenge, kind: person.id === 'alice' ? ('app' as const) : ('otp' as const) },
    portal: { interstitials: person.id === 'chloe' ? ['terms' as const, 'kyc' as const, 'new-password' as const] : [] },
  }));
  return openBankAt(noon, { scenario: { ...household, bank: { ...household.bank, portal }, people } });
}
beforeAll(async () => {
  banks.v1 = await open('v1');
  banks.v2 = await open('v2');
});
afterAll(() => Promise.all(Object.values(banks).map((bank) => bank.close())));

const urlOf = (layout: PortalLayout) => banks[layout]?.url ?? '';

async function pressKeys(page: Page, digits: string): Promise<void> {
  for (const digit of digits.split('')) {
    // oxlint-disable-next-line no-await-in-loop -- keys are pressed one after another
    await page.getByRole('button', { name: digit, exact: true }).click();
  }
}

async function passCode(page: Page, phone: Page, url: string, login: string): Promise<void> {
  await phone.goto(`${url}/phone?login=${login}`);
  const code = await phone.locator('#code').textContent();
  await page.getByLabel('Code reçu par SMS').fill(code ?? '');
  await page.getByRole('button', { name: 'Valider' }).click();
}

const walks = (['v1', 'v2'] as const).flatMap((layout) =>
  looks.map(([screen, look]) => [layout, screen, look] as [PortalLayout, Screen, Look]),
);

describeInBrowser('the portal', (browser) => {
  it.each(walks)('keypad, app, accounts and statement of %s (%s, %s)', async (layout, screen, look) => {
    const walked = await walk(browser, `portal-${layout}`, screen, look);
    const { page } = walked;
    await page.goto(`${urlOf(layout)}/portal`);
    await page.getByLabel('Numéro client').fill('alice');
    await pressKeys(page, '1407');
    await page.getByText('Chiffres saisis : 4').waitFor();
    await walked.look('1-keypad');
    await page.getByRole('button', { name: 'Effacer' }).click();
    await pressKeys(page, '140789');
    await page.getByRole('button', { name: 'Se connecter' }).click();
    await page.getByRole('heading', { name: 'Validez dans votre application' }).waitFor();
    await walked.look('2-waiting');
    const phone = await walked.another();
    await phone.goto(`${urlOf(layout)}/phone?login=alice`);
    await phone.getByRole('button', { name: 'Approuver' }).click();
    await page.getByRole('heading', { name: 'Bonjour Alice Martin' }).waitFor();
    await walked.look('3-accounts');
    await page.getByRole('link', { name: 'Compte de depot M ou Mme Martin' }).click();
    await page.getByRole('heading', { name: 'Opérations' }).waitFor();
    await walked.look('4-statement');
    const first = await page.locator('main').innerText();
    expect(first).toMatch(/À venir/);
    await page.locator('[rel=next]').click();
    await page.waitForURL(/page=2|before=/);
    expect(await page.locator('main').innerText()).not.toMatch(/À venir/);
    await page.getByRole('button', { name: 'Se déconnecter' }).click();
    await page.getByText('Vous êtes déconnecté.').waitFor();
  });

  it('is used by keyboard alone: digits press the keys of the keypad', async () => {
    const walked = await walk(browser, 'keyboard', 'desktop', 'light');
    const { page } = walked;
    await page.goto(`${urlOf('v1')}/portal`);
    await page.getByLabel('Numéro client').focus();
    await page.keyboard.type('bruno');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.type('140789');
    await page.getByText('Chiffres saisis : 6').waitFor();
    await page.getByRole('button', { name: 'Se connecter' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Confirmez votre identité' }).waitFor();
    await passCode(page, await walked.another(), urlOf('v1'), 'bruno');
    await page.getByRole('heading', { name: 'Bonjour Bruno Lefevre' }).waitFor();
  });

  it.each(looks)('code, terms, details and a new password (%s, %s)', async (screen, look) => {
    const bank = await open('v1');
    onTestFinished(() => bank.close());
    const walked = await walk(browser, 'portal-steps', screen, look);
    const { page } = walked;
    await page.goto(`${bank.url}/portal`);
    await page.getByLabel('Numéro client').fill('chloe');
    await pressKeys(page, '140789');
    await page.getByRole('button', { name: 'Se connecter' }).click();
    await page.getByLabel('Code reçu par SMS').fill('1');
    await page.getByRole('button', { name: 'Valider' }).click();
    await page.getByRole('link', { name: 'Ce code est incorrect.' }).click();
    await walked.look('1-wrong-code');
    const phone = await walked.another();
    await passCode(page, phone, bank.url, 'chloe');
    await page.getByRole('heading', { name: 'Nos conditions évoluent' }).waitFor();
    await walked.look('2-terms');
    await page.getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Continuer' }).click();
    await page.getByRole('heading', { name: 'Vos informations sont-elles à jour ?' }).waitFor();
    await walked.look('3-details');
    await page.getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Continuer' }).click();
    await page.getByLabel('Nouveau mot de passe', { exact: true }).fill('1');
    await page.getByRole('button', { name: 'Continuer' }).click();
    await page.getByRole('link', { name: 'Ce mot de passe n’a pas la bonne forme.' }).waitFor();
    await walked.look('4-password');
    await page.getByLabel('Nouveau mot de passe', { exact: true }).fill('271828');
    await page.getByLabel('Nouveau mot de passe, encore une fois').fill('271828');
    await page.getByRole('button', { name: 'Continuer' }).click();
    await page.getByText('Votre mot de passe est modifié.').waitFor();
  });

  it.each(looks)('front door, phone and pages that lead no further (%s, %s)', async (screen, look) => {
    const walked = await walk(browser, 'portal-other', screen, look);
    const { page } = walked;
    await page.goto(urlOf('v2'));
    await walked.look('1-front-door');
    await page.goto(`${urlOf('v2')}/phone`);
    await walked.look('2-phone');
    for (const [index, code] of ['captcha_required', 'sca_method_unsupported', 'bank_unavailable'].entries()) {
      // oxlint-disable no-await-in-loop -- one sign-in after the other
      await page.goto(`${urlOf('v2')}/portal`);
      await page.getByLabel('Numéro client').fill(`error.${code}`);
      await page.getByRole('button', { name: 'Se connecter' }).click();
      await page.locator('[data-notice]').waitFor();
      await walked.look(`${index + 3}-${code}`);
      // oxlint-enable no-await-in-loop
    }
  });
});
