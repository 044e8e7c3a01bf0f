import { afterEach, describe, expect, it } from 'vitest';
import type { TestBank } from '../../../src/test-bank/server.ts';
import { noon, openBankAt } from '../support.ts';
import { customerOf, portalScenario, signIn, textsOf } from './customer.ts';

let bank: TestBank | null = null;
afterEach(() => bank?.close());

async function open(changes: Parameters<typeof portalScenario>[0] = {}) {
  const opened = await openBankAt(noon, { scenario: portalScenario(changes) });
  bank = opened;
  return opened;
}
const narrow = '\u202F';
const noBreak = '\u00A0';
const daily = (text: string) => [{ every: { days: 1 }, kind: 'card', amount: '-1.00', text }];

describe('the accounts', () => {
  it('are those of the person alone, of every type, with number and balance', async () => {
    const page = await signIn(customerOf(await open()), 'alice');
    const types = [...page.html.matchAll(/data-type="([^"]*)"/g)].map(([, type]) => type);
    expect(types).toEqual(['checking', 'card', 'savings', 'life-insurance', 'securities', 'loan']);
    expect(textsOf(page, 'numero').slice(0, 2)).toEqual(['FR76 3000 6000 0112 3456 7890 189', '497401XXXXXX5678']);
    expect(textsOf(page, 'solde')).toEqual([
      `13${narrow}405,15${noBreak}€`,
      ...Array.from({ length: 4 }, () => `100,00${noBreak}€`),
      `-9${narrow}000,00${noBreak}€`,
    ]);
    expect(page.html).not.toContain('Compte de Bruno');
  });

  it('of somebody else are not found', async () => {
    const customer = customerOf(await open());
    await signIn(customer, 'alice');
    expect((await customer.get('/portal/comptes/theirs')).status).toBe(404);
    expect((await customer.get('/portal/comptes/nothing')).status).toBe(404);
  });
});

describe('a statement of the first layout', () => {
  it('has French dates and amounts in unsigned columns, and marks what is pending', async () => {
    const customer = customerOf(await open());
    await signIn(customer, 'alice');
    const page = await customer.get('/portal/comptes/current');
    const columns = ['date', 'libelle', 'date-valeur', 'debit', 'credit'].map((name) => textsOf(page, name));
    expect(columns).toEqual([
      ['09/03/2026', '27/02/2026', '01/02/2026'],
      ['STATION À venir', 'FACTURE CARTE', 'VIR SEPA RECU /DE &lt;ATELIERS&gt;'],
      ['', '28/02/2026', '01/02/2026'],
      ['42,00', `1${narrow}250,50`, ''],
      ['', '', `2${narrow}310,05`],
    ]);
    expect(page.html.match(/class="operation a-venir"/g)).toHaveLength(1);
    expect(textsOf(page, 'solde-a-venir')).toEqual([`13${narrow}363,15${noBreak}€`]);
  });

  it.each([
    ['narrow-no-break', narrow],
    ['no-break', noBreak],
    ['space', ' '],
    ['none', ''],
  ])('parts thousands by %s', async (thousands, separator) => {
    const customer = customerOf(await open({ portal: { thousands } }));
    await signIn(customer, 'alice');
    expect(textsOf(await customer.get('/portal/comptes/current'), 'debit')).toContain(`1${separator}250,50`);
  });

  it('comes in numbered pages that make up the whole without loss or repeat', async () => {
    const customer = customerOf(await open({ portal: { pageSize: 25 }, transactions: daily('CB {ddmmyy}') }));
    await signIn(customer, 'alice');
    const rows: string[] = [];
    const addresses: string[] = [];
    let next: string | undefined = '/portal/comptes/current';
    while (next !== undefined) {
      // oxlint-disable-next-line no-await-in-loop -- a page names the next one
      const page = await customer.get(next);
      addresses.push(next);
      rows.push(...textsOf(page, 'libelle'));
      next = /rel="next"\s+href="([^"]*)"/.exec(page.html)?.[1];
    }
    expect(addresses).toEqual([
      '/portal/comptes/current',
      '/portal/comptes/current?page=2',
      '/portal/comptes/current?page=3',
    ]);
    expect(rows).toHaveLength(69);
    expect(new Set(rows).size).toBe(69);
    expect([rows[0], rows[68]]).toEqual(['CB 100326', 'CB 010126']);
  });

  it('shows the last page for a number beyond it, and the first for what is no number', async () => {
    const customer = customerOf(await open({ portal: { pageSize: 25 }, transactions: daily('CB {ddmmyy}') }));
    await signIn(customer, 'alice');
    expect((await customer.get('/portal/comptes/current?page=99')).html).toContain('Page 3 sur 3');
    expect((await customer.get('/portal/comptes/current?page=-1')).html).toContain('Page 1 sur 3');
  });
});

describe('the second layout', () => {
  async function enter(changes: Parameters<typeof portalScenario>[0] = {}) {
    const opened = await open({ ...changes, portal: { ...changes.portal, layout: 'v2' } });
    const customer = customerOf(opened);
    await customer.get('/portal');
    const page = await customer.post({ customer_number: 'alice', secret: 'secret12' });
    return { opened, customer, page };
  }

  it('has other addresses, fields and markup', async () => {
    const { page, customer } = await enter();
    expect(page.address).toBe('/portal/espace/overview');
    expect(page.html).not.toContain('<table');
    expect(textsOf(page, 'tile-amount')[0]).toBe(`13${narrow}405,15${noBreak}€`);
    expect((await customer.get('/portal/comptes')).status).toBe(404);
  });

  it('signs amounts with a true minus or a plus, under the days of their booking', async () => {
    const { customer } = await enter();
    const page = await customer.get('/portal/espace/accounts/current/activity');
    expect(
      [...page.html.matchAll(/data-feed="(\w+)"(?: data-day="([^"]*)")?/g)].map(([, feed, day]) => [feed, day]),
    ).toEqual([
      ['pending', undefined],
      ['booked', '27/02/2026'],
      ['booked', '01/02/2026'],
    ]);
    expect(textsOf(page, 'feed-amount')).toEqual([
      `−42,00${noBreak}€`,
      `−1${narrow}250,50${noBreak}€`,
      `+2${narrow}310,05${noBreak}€`,
    ]);
  });

  it('goes on at the same entry although something is booked in between', async () => {
    const { opened, customer } = await enter({ portal: { pageSize: 10 }, transactions: daily('CB {ddmmyy}') });
    const first = await customer.get('/portal/espace/accounts/current/activity');
    opened.clock.advance(43_200_000 + 60_000);
    await customer.get('/portal');
    await customer.post({ customer_number: 'alice', secret: 'secret12' });
    const next = await customer.get(/rel="next"\s+href="([^"]*)"/.exec(first.html)?.[1] ?? '');
    const days = (page: { html: string }) => [...page.html.matchAll(/data-day="([^"]*)"/g)].map(([, day]) => day);
    expect([days(first).at(-1), days(next)[0]]).toEqual(['01/03/2026', '28/02/2026']);
  });
});
