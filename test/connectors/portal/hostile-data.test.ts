import { describe, expect, test } from 'vitest';
import {
  account,
  accountsPage,
  failureOf,
  listing,
  openFakeSite,
  reading,
  remarksOn,
  secret,
  session,
  statementPage,
} from './fake-site.ts';

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
    expect(await remarksOn(statementPage([row, { credit: '2,00' }]))).toEqual(new Set(['BOOKED_UNUSABLE']));
  });

  test('that are on their way and cannot be used are told apart; of usable ones nothing is said', async () => {
    const pending = { debit: 'NaN', isPending: true };
    expect(await remarksOn(statementPage([pending, { credit: '2,00' }]))).toEqual(new Set(['PENDING_UNUSABLE']));
    expect(await remarksOn(statementPage([{ credit: '2,00' }]))).toEqual(new Set());
  });

  test('tell another currency where their text does, and its numbers agree with what was paid', async () => {
    const text = 'CARTE 28/02/26 FERGBURGER 22,26 NZD / 1 euro = 1,81';
    expect(
      await reading(
        statementPage([
          { debit: '12,30', text },
          { debit: '92,30', text },
        ]),
      ),
    ).toMatchObject([
      { original: { amount: '-22.26', currency: 'NZD' }, exchangeRate: '1.81' },
      { original: null, exchangeRate: null },
    ]);
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

  test('of more than any statement has are refused', async () => {
    expect(await failureOf(reading('<tr class=operation>'.repeat(6000) + statementPage([])))).toBe('BANK_ERROR');
  });

  test('of the second layout have no placeholders for ids, and the sign that is printed', async () => {
    const item = (id: string, amount: string) =>
      `<li class="feed-item" ${id}><span class="feed-text">CAFE <span class="hint">Valeur
       <span class="feed-value-date">31/02/2026</span></span></span><span class="feed-amount">${amount}</span></li>`;
    const items = [
      item('data-operation="NOTPROVIDED"', '\u22121 234,50\u00A0€'),
      item('data-operation="0000"', '+2,00\u00A0€'),
      item('', '-3,00\u00A0€'),
      item(`data-operation="${'x'.repeat(500)}"`, '4,00\u00A0€'),
      item('data-operation="op-1"', '5,00\u00A0€'),
    ];
    const site = await openFakeSite({
      '/portal/espace/accounts/a1/activity': `<p class="hero-amount">1,00 €</p><ul class="feed" data-feed="booked"
        data-day="01/03/2026">${items.join('')}</ul>`,
    });
    const read = await site.transactions({ ...session, layout: 'v2' }, account);
    expect(read.map(({ bankTransactionId, money, valueOn }) => [bankTransactionId, money.amount, valueOn])).toEqual([
      [null, '-1234.50', null],
      [null, '2.00', null],
      [null, '-3.00', null],
      [null, '4.00', null],
      ['op-1', '5.00', null],
    ]);
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
