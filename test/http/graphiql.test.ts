import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { permissions } from '../../src/domain/viewer.ts';
import { append, makeClient, makeUser } from '../events/log-support.ts';
import { openGateway } from '../support/gateway.ts';

const executablePath = '/usr/bin/chromium';

test.skipIf(!existsSync(executablePath))(
  'GraphiQL in a browser streams a subscription, and asks no other host',
  async () => {
    const gateway = await openGateway();
    const scope = await makeUser(gateway.database, await makeClient(gateway.database));
    const token = gateway.issue({ kind: 'user', ...scope, permissions: new Set(permissions) });
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    onTestFinished(() => browser.close());
    const page = await browser.newPage();
    const foreign: string[] = [];
    const problems: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(gateway.url) && !/^(blob|data):/.test(request.url())) foreign.push(request.url());
    });
    page.on('console', (message) => {
      if (/Content.Security.Policy/i.test(message.text())) problems.push(message.text());
    });
    const query = 'subscription { events(after: "ZXZ0OjA6MA") { ... on AccountUpdatedEvent { changed } } }';
    const headers = JSON.stringify({ Authorization: `Bearer ${token}` });
    await page.addInitScript(
      ([text, given]) => {
        localStorage.setItem('graphiql:shouldPersistHeaders', 'true');
        localStorage.setItem('graphiql:query', text ?? '');
        localStorage.setItem('graphiql:headers', given ?? '');
      },
      [query, headers],
    );
    await page.goto(`${gateway.url}/graphql`);
    await page.getByRole('button', { name: /Execute/ }).click();
    await append(gateway.database, scope, 'seen-live');
    await page.getByText('seen-live').first().waitFor({ timeout: 15_000 });
    expect([foreign, problems]).toEqual([[], []]);
  },
  60_000,
);
