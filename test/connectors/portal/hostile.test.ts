import { describe, expect, test } from 'vitest';
import {
  accountsPage,
  failureOf,
  listing,
  loginForm,
  openFakeSite,
  reading,
  redirectTo,
  secret,
  session,
  statementPage,
} from './fake-site.ts';
import { alice } from './site.ts';

describe('a page', () => {
  test.each([
    ['of ten megabytes in one cell', accountsPage({ name: `${secret}${'x'.repeat(10_000_000)}` })],
    ['of tables nested ten thousand deep', `<div>${secret}${'<table><tr><td>'.repeat(10_000)}${accountsPage({})}`],
    ['of a hundred thousand unclosed elements', `${secret}${'<b>'.repeat(100_000)}${accountsPage({})}`],
    ['of millions of angle brackets', `${secret}${'<'.repeat(1_900_000)}`],
  ])('%s is refused as too large', async (_, html) => {
    expect(await failureOf(listing(html))).toBe('BANK_ERROR');
    expect(await failureOf(reading(html))).toBe('BANK_ERROR');
  });

  test.each([
    ['nothing at all', ''],
    ['JSON', JSON.stringify({ accounts: [secret] })],
    ['another list', `<ul><li class="konto">${secret}</li></ul>`],
    ['a table whose rows have another name', `<table><tr class="konto"><td>${secret}</td></tr></table>`],
    ['a script that would write the list', `<script>document.write('<tr class="compte">${secret}</tr>')</script>`],
  ])('with %s is one that the connector was not written for', async (_, html) => {
    expect(await failureOf(listing(html))).toBe('CONNECTOR_BUG');
    expect(await failureOf(reading(html))).toBe('CONNECTOR_BUG');
  });

  test('that stands where none is known is one, too', async () => {
    const site = await openFakeSite({
      '/portal/comptes': redirectTo('/portal/nouveau'),
      '/portal/nouveau': `<h1>${secret}</h1>`,
    });
    expect(await failureOf(site.accounts(session))).toBe('CONNECTOR_BUG');
    expect(await failureOf(site.begin(alice, session))).toBe('CONNECTOR_BUG');
  });
});

describe('the bank’s origin is not left', () => {
  const elsewhere = 'http://localhost:9/portal/comptes';

  test.each([elsewhere, '//evil.example/', 'https://user:pw@evil.example/', 'file:///etc/passwd', 'javascript:1', ''])(
    'by a redirect to %j',
    async (location) => {
      const site = await openFakeSite({ '/portal/comptes': redirectTo(location) });
      expect(await failureOf(site.accounts(session))).toBe('BANK_ERROR');
    },
  );

  test('by a next link', async () => {
    const page = statementPage([{ debit: '1,00' }], 'https://evil.example/portal/comptes/a1?page=2');
    expect(await failureOf(reading(page))).toBe('BANK_ERROR');
  });

  test.each(['https://evil.example/portal/connexion', '//evil.example/'])('by a form to %j', async (action) => {
    const site = await openFakeSite({
      '/portal': redirectTo('/portal/connexion'),
      '/portal/connexion': loginForm(action),
    });
    expect(await failureOf(site.begin(alice))).toBe('BANK_ERROR');
    expect(site.paths()).toEqual(['GET /portal', 'GET /portal/connexion']);
  });

  test('by a form that would write the password into an address', async () => {
    const form = loginForm().replace('method="post"', 'method="get"');
    const site = await openFakeSite({ '/portal': redirectTo('/portal/connexion'), '/portal/connexion': form });
    expect(await failureOf(site.begin(alice))).toBe('CONNECTOR_BUG');
    expect(site.paths().join()).not.toContain(alice.password);
  });

  test('and what was posted is not posted again where a redirect wants it', async () => {
    const site = await openFakeSite({
      '/portal': redirectTo('/portal/connexion'),
      '/portal/connexion': (response, { method }) =>
        method === 'GET'
          ? response.writeHead(200).end(loginForm())
          : response.writeHead(307, { location: '/portal/autre' }).end(),
    });
    expect(await failureOf(site.begin(alice))).toBe('BANK_ERROR');
    expect(site.paths()).not.toContain('POST /portal/autre');
  });

  test('and redirects end', async () => {
    const site = await openFakeSite({ '/portal/comptes': redirectTo('/portal/comptes') });
    expect(await failureOf(site.accounts(session))).toBe('BANK_ERROR');
    expect(site.paths()).toHaveLength(6);
  });
});

describe('cookies', () => {
  test('of other hosts, broken ones and those that have run out are not kept', async () => {
    const site = await openFakeSite({
      '/portal': (response) =>
        response
          .writeHead(303, {
            location: '/portal/connexion',
            'set-cookie': [
              'good=1; Path=/portal; HttpOnly; Expires=Wed, 11 Mar 2026 12:00:00 GMT',
              'foreign=1; Domain=evil.example',
              'public=1; Domain=com',
              'past=1; Expires=Mon, 09 Mar 2026 12:00:00 GMT',
              'gone=1; Max-Age=0',
              `long=${'x'.repeat(5000)}`,
              ';;;',
            ],
          })
          .end(),
      '/portal/connexion': loginForm(),
    });
    await failureOf(site.begin(alice));
    expect(site.server.received.map(({ headers }) => headers.cookie)).toEqual([undefined, 'good=1', 'good=1']);
  });

  test('without end are refused', async () => {
    let count = 0;
    const site = await openFakeSite({
      '/portal/comptes': (response) => {
        count += 1;
        const cookies = Array.from({ length: 40 }, (_, index) => `c${count}-${index}=1`);
        response.writeHead(303, { location: '/portal/comptes', 'set-cookie': cookies }).end();
      },
    });
    expect(await failureOf(site.accounts(session))).toBe('BANK_ERROR');
    expect(count).toBe(2);
  });
});

describe('what goes wrong on the line', () => {
  test.each([
    [500, {}, 'BANK_ERROR'],
    [502, {}, 'BANK_UNAVAILABLE'],
    [503, {}, 'BANK_UNAVAILABLE'],
    [503, { 'content-type': 'text/html' }, 'BANK_MAINTENANCE'],
    [504, {}, 'BANK_TIMEOUT'],
    [429, { 'retry-after': '60' }, 'BANK_RATE_LIMITED'],
    [401, {}, 'BANK_ERROR'],
    [403, {}, 'BANK_ERROR'],
    [418, {}, 'BANK_ERROR'],
  ])('%i %j is %s', async (status, headers, code) => {
    const site = await openFakeSite({
      '/portal/comptes': (response) => response.writeHead(status, headers).end(`<h1>${secret}</h1>`),
    });
    expect(await failureOf(site.accounts(session))).toBe(code);
  });

  test('a notice or a problem that no table knows is a page that the connector was not written for', async () => {
    for (const html of [`<p data-notice="${secret}">`, `<p data-notice="constructor">`])
      expect(await failureOf(listing(html))).toBe('CONNECTOR_BUG');
    const site = await openFakeSite({
      '/portal': redirectTo('/portal/connexion'),
      '/portal/connexion': (response, { method }) =>
        response
          .writeHead(method === 'GET' ? 200 : 400)
          .end(`${method === 'GET' ? '' : `<div role="alert" data-problem="${secret}"></div>`}${loginForm()}`),
    });
    expect(await failureOf(site.begin(alice))).toBe('CONNECTOR_BUG');
  });
});
