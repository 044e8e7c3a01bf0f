import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/domain/failure.ts';
import { account, accountsPage, loginForm, openFakeSite, redirectTo, session, statementPage } from './fake-site.ts';
import { alice } from './site.ts';

/** A word that a page of the bank holds and nobody may see again. */
const secret = 'geheim-1789';

/** The failure, after it was seen to quote nothing of the page, neither itself nor what it was caused by. */
async function failureOf(reading: Promise<unknown>): Promise<string> {
  const outcome = await reading.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(outcome instanceof Failure)) throw new Error(`No failure but ${String(outcome)}`, { cause: outcome });
  expect(JSON.stringify([outcome.toRecord(), outcome.cause, outcome.issues, outcome.stack])).not.toContain(secret);
  return outcome.code;
}

const listing = async (html: string) => {
  const site = await openFakeSite({ '/portal/comptes': html });
  return site.accounts(session);
};

const reading = async (html: string) => {
  const site = await openFakeSite({ '/portal/comptes/a1': html });
  return site.transactions(session, account);
};

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

describe('accounts', () => {
  test('have clean texts, whatever stands in them', async () => {
    const [listed] = await listing(
      accountsPage({
        name: `<script>alert(1)</script><style>a{}</style>L&#x202E;e &amp; &lt;b&gt;n\u0000\u0007ôtre&nbsp; &euro;<!-- ${secret} --> ${'x'.repeat(5000)}`,
      }),
    );
    expect(listed?.name).toMatch(/^Le & <b>nôtre € x+$/);
    expect(listed?.name.length).toBeLessThanOrEqual(140);
  });

  test.each(['NaN €', '1e9 €', '∞', '', '12 ???', '1,00 XYZ'])(
    'with the balance %j cannot be used',
    async (balance) => {
      expect(await failureOf(listing(accountsPage({ balance })))).toBe('DATA_INCONSISTENT');
      expect(await listing(accountsPage({ balance }, { id: 'b' }))).toMatchObject([{ bankAccountId: 'b' }]);
    },
  );

  test.each([
    'https://evil.example/portal/comptes/a1',
    '//evil.example/portal/comptes/a1',
    'javascript:alert(1)',
    '/elsewhere/comptes/a1',
    '/portal/comptes/..',
    '/portal/comptes/%2e%2e',
    '/portal/comptes/%00',
    '/portal/comptes/%ff',
    `/portal/comptes/${'x'.repeat(500)}`,
    `/portal/comptes/${'x'.repeat(50_000)}`,
    '',
  ])('behind the link %j cannot be asked for', async (href) => {
    expect(await failureOf(listing(accountsPage({ href })))).toBe('DATA_INCONSISTENT');
  });

  test('whose ids have every kind of character are asked for by them', async () => {
    const site = await openFakeSite({
      '/portal/comptes': accountsPage({ id: encodeURIComponent('é/&?#"x') }),
      '/portal/comptes/%C3%A9%2F%26%3F%23%22x': statementPage([{ credit: '1,00' }]),
    });
    const [listed] = await site.accounts(session);
    expect(listed?.bankAccountId).toBe('é/&?#"x');
    expect(await site.balances(session, listed!)).toHaveLength(1);
  });

  test('of kinds that are names of built-in properties are of no known kind', async () => {
    for (const kind of ['constructor', '__proto__', 'toString'])
      expect(await failureOf(listing(accountsPage({ kind })))).toBe('ACCOUNT_TYPE_UNSUPPORTED');
  });

  test('with a placeholder for a number have none, and one that stands twice is one', async () => {
    const listed = await listing(
      accountsPage({ number: '00000000000' }, { id: 'b', number: 'NOTPROVIDED' }, { id: 'b', name: 'Again' }),
    );
    expect(listed.map(({ bankAccountId, otherIdentification }) => [bankAccountId, otherIdentification])).toEqual([
      ['a1', null],
      ['b', null],
    ]);
  });
});

describe('entries', () => {
  test.each([
    { debit: 'NaN' },
    { debit: '5,00', credit: '5,00' },
    {},
    { debit: '5,00', date: '00/00/0000' },
    { debit: '5,00', date: '31/02/2026' },
    { debit: '5,00', date: '01/01/0000' },
    { debit: '5,00', date: '' },
    { debit: '9'.repeat(40) },
  ])('that cannot be used are left out, and are the bank’s fault when all are: %j', async (row) => {
    expect(await failureOf(reading(statementPage([row])))).toBe('DATA_INCONSISTENT');
    expect(await reading(statementPage([row, { credit: '2,00' }]))).toMatchObject([{ money: { amount: '2.00' } }]);
  });

  test('have the sign of their column, whatever is printed in it', async () => {
    const read = await reading(
      statementPage([{ debit: '-5,00' }, { debit: '5,00' }, { credit: '+5,00' }, { credit: '0,00' }]),
    );
    expect(read.map(({ money }) => money.amount)).toEqual(['-5.00', '-5.00', '5.00', '0.00']);
  });

  test('have clean and bounded texts', async () => {
    const text = `<script>${secret}</script>FACTURE\u0000 CARTE &lt;img onerror=x&gt;\u202E ${'y'.repeat(100_000)}`;
    const [entry] = await reading(statementPage([{ debit: '1,00', text }]));
    expect(entry?.bankText).toMatch(/^FACTURE CARTE <img onerror=x> y+$/);
    expect(entry?.bankText.length).toBeLessThanOrEqual(1000);
    expect(entry?.label.length).toBeLessThanOrEqual(140);
  });

  test('of pages that lead to one another end', async () => {
    const site = await openFakeSite({
      '/portal/comptes/a1': (response, request) => {
        const page = Number(new URL(request.url ?? '', 'http://x').searchParams.get('page') ?? 1);
        const next = `/portal/comptes/a1?page=${page === 3 ? 1 : page + 1}`;
        response.writeHead(200).end(statementPage([{ debit: `${page},00`, text: `PAGE ${page}` }], next));
      },
    });
    const read = await site.transactions(session, account);
    // The first page is met a second time under another address; that address is known when it comes again.
    expect(read.map(({ bankText }) => bankText)).toEqual(['PAGE 1', 'PAGE 2', 'PAGE 3', 'PAGE 1']);
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
