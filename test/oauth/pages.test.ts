import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createApplication } from '../../src/actions/create-application.ts';
import { permissions } from '../../src/domain/viewer.ts';
import { parseId } from '../../src/kernel/id.ts';
import { expectAccessible } from '../support/accessibility.ts';
import { describeInBrowser, screens } from '../support/browser.ts';
import { authorizationRequest } from '../support/code-flow.ts';
import { houseContext } from '../support/house-context.ts';
import { serveOauth, testClient, testUser, type TestAuthorizationServer, type TestClient } from '../support/oauth.ts';

const context = await houseContext();
const directory = process.env['SCREENSHOT_DIR'];
let served: TestAuthorizationServer;
let thirdParty: Server;
let callback: string;
let application: TestClient;
let user: Awaited<ReturnType<typeof testUser>>;

beforeAll(async () => {
  served = await serveOauth(context);
  thirdParty = createServer((_request, response) => response.end('back')).listen(0, '127.0.0.1');
  await new Promise((resolve) => thirdParty.once('listening', resolve));
  callback = `http://127.0.0.1:${(thirdParty.address() as AddressInfo).port}/callback`;
  const client = await testClient(context);
  user = await testUser(context, parseId('client', client.id)!, 'ada@example.com');
  const input = { name: 'Budget <b>App</b>', permissions, redirectUris: [callback] };
  const { id, secret } = await createApplication(context, client.id, input);
  application = { id, secret };
});
afterAll(async () => {
  await served[Symbol.asyncDispose]();
  thirdParty.close();
});

async function begin(more: Record<string, string | undefined> = {}) {
  return (await authorizationRequest(served, application, { redirect_uri: callback, ...more })).url;
}

const variants = [
  ['desktop', 'light', 'en'],
  ['phone', 'dark', 'fr'],
  ['phone', 'light', 'en'],
  ['desktop', 'dark', 'fr'],
] as const;

describeInBrowser('the pages of the authorization server', (browser) => {
  it.each(variants)(
    'lead to the third party without a script, on a %s, %s, in %s',
    async (screen, colorScheme, locale) => {
      const options = { viewport: screens[screen], colorScheme, locale };
      const page = await browser.page(options);
      const violations: string[] = [];
      page.on('console', (message) => void (message.type() === 'error' && violations.push(message.text())));
      const shoot = async (name: string) => {
        await expectAccessible(page);
        if (directory)
          await page.screenshot({ path: `${directory}/${name}-${screen}-${colorScheme}.png`, fullPage: true });
      };
      await page.goto(await begin({ scope: undefined }));
      expect(await page.locator('html').getAttribute('lang')).toBe(locale);
      await shoot('login');
      await page.fill('input[name=email]', user.email);
      await page.fill('input[name=password]', 'wrong-1');
      await page.click('button[value=login]');
      expect(await page.locator('[role=alert]').count()).toBe(1);
      expect(await page.inputValue('input[name=email]')).toBe(user.email);
      await shoot('wrong');
      await page.fill('input[name=password]', user.password);
      await page.keyboard.press('Enter');
      await page.waitForSelector('input[name=scope]');
      expect(await page.locator('h1').innerText()).toContain('Budget <b>App</b>');
      await shoot('consent');
      await page.click('button[value=allow]');
      await page.waitForURL(`${callback}?**`);
      expect(new URL(page.url()).searchParams.get('code')).toBeTruthy();
      expect(new URL(page.url()).searchParams.get('iss')).toBe(served.publicUrl);
      // Chromium tells of a wrong password's status, and of anything that the policy has stopped.
      expect(violations.filter((text) => !text.includes('status of 400'))).toEqual([]);
    },
  );

  it('work where scripts are off', async () => {
    const page = await browser.page({ javaScriptEnabled: false });
    await page.goto(await begin());
    await page.fill('input[name=email]', user.email);
    await page.fill('input[name=password]', user.password);
    await page.click('button[value=login]');
    await page.click('button[value=deny]');
    await page.waitForURL(`${callback}?**`);
    expect(new URL(page.url()).searchParams.get('error')).toBe('access_denied');
  });

  it('say so when a request cannot be trusted', async () => {
    const page = await browser.page();
    await page.goto(await begin({ redirect_uri: 'https://attacker.example/' }));
    await expectAccessible(page);
    expect(await page.locator('h1').innerText()).toBe('This request cannot be answered');
    if (directory) await page.screenshot({ path: `${directory}/error.png` });
  });
});
