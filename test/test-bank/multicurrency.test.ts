import { expect, onTestFinished, test } from 'vitest';
import { linkedByApi } from './linked-by-api.ts';
import { noon, openBankAt, scenarioOf, type Caller } from './support.ts';

const iban = 'FR7630006000011234567890189';

const world = (switches: object, more: object = {}) => ({
  seed: 'currencies',
  epoch: '2025-12-01',
  bank: { name: 'Banque des Devises', pageSize: 7, switches: { multicurrency: 'aggregation', ...switches }, ...more },
  people: [{ id: 'alice', name: 'Alice Martin', login: 'alice', password: 'tributary1' }],
  accounts: [
    { id: 'single', currency: 'EUR' },
    { id: 'euros', currency: 'EUR', iban },
    { id: 'dollars', currency: 'USD', iban },
    { id: 'francs', currency: 'CHF', iban, opensOn: '2026-01-15' },
  ].map((account, index) => ({
    owners: ['alice'],
    type: 'checking',
    name: 'Compte devises',
    openingBalance: '100.00',
    transactions: [
      {
        every: { days: 2 + index },
        times: 2,
        kind: 'card',
        amount: { min: '-9.00', max: '-1.00' },
        text: `ACHAT ${account.currency}`,
        pending: { days: 6 },
      },
    ],
    ...account,
  })),
});

async function bankOf(switches: object, more: object = {}) {
  const bank = await openBankAt(noon, { scenario: scenarioOf(world(switches, more)) });
  onTestFinished(() => bank.close());
  return bank;
}

interface Entry {
  readonly transactionId: string;
  readonly bookingDate: string;
  readonly transactionAmount: { readonly amount: string; readonly currency: string };
}

/** All booked entries of an account by following the links; `between` is called before each further page. */
async function everyPage(call: Caller, resourceId: string, between = () => {}): Promise<Entry[]> {
  const entries: Entry[] = [];
  let next: string | undefined = `/accounts/${resourceId}/transactions?bookingStatus=booked&dateFrom=2025-12-01`;
  while (next !== undefined) {
    const { json } = await call('GET', next);
    entries.push(...json.transactions.booked);
    next = json.transactions._links.next?.href;
    between();
  }
  return entries;
}

const accountsOf = async (call: Caller, query = '') => (await call('GET', `/accounts${query}`)).json.accounts;

test('one account in XXX stands for those of one IBAN, with the balances of each currency', async () => {
  const { call } = await linkedByApi(await bankOf({}));
  const accounts = await accountsOf(call, '?withBalance=true');
  expect(accounts.map((account: Record<string, string>) => account['currency'])).toEqual(['EUR', 'XXX']);
  const [, joined] = accounts;
  expect(joined.iban).toBe(iban);
  const { json } = await call('GET', `/accounts/${joined.resourceId}/balances`);
  expect(json.account).toEqual({ iban, currency: 'XXX' });
  expect(json.balances).toEqual(joined.balances);
  const apart = await linkedByApi(await bankOf({ multicurrency: 'subaccounts' }));
  const subaccounts = await accountsOf(apart.call, '?withBalance=true');
  expect(subaccounts.map((account: Record<string, string>) => account['currency'])).toEqual([
    'EUR',
    'EUR',
    'USD',
    'CHF',
  ]);
  expect(json.balances).toEqual(subaccounts.slice(1).flatMap(({ balances }: { balances: object[] }) => balances));
});

test('its pages concatenate to the union of the subaccounts in the order of booking, even past midnight', async () => {
  const bank = await bankOf({});
  const { call } = await linkedByApi(bank);
  const [, joined] = await accountsOf(call);
  const entries = await everyPage(call, joined.resourceId);
  const apart = await linkedByApi(await bankOf({ multicurrency: 'subaccounts' }));
  const union: Entry[] = [];
  for (const { resourceId } of (await accountsOf(apart.call)).slice(1)) {
    union.push(...(await everyPage(apart.call, resourceId)));
  }
  const byId = (list: readonly Entry[]) => list.toSorted((a, b) => a.transactionId.localeCompare(b.transactionId));
  expect(byId(entries)).toEqual(byId(union));
  expect(new Set(entries.map(({ transactionAmount }) => transactionAmount.currency)).size).toBe(3);
  const days = entries.map(({ bookingDate }) => bookingDate);
  expect(days).toEqual(days.toSorted().toReversed());
  const whileBooking = await everyPage(call, joined.resourceId, () => bank.clock.advance(86_400_000));
  expect(whileBooking).toEqual(entries);
});

test('an entry is found by its id and by entryReferenceFrom, and pending entries of all are shown', async () => {
  const { call } = await linkedByApi(await bankOf({ pages: 'none' }));
  const [, { resourceId }] = await accountsOf(call);
  const path = `/accounts/${resourceId}/transactions`;
  const { booked, pending } = (await call('GET', `${path}?bookingStatus=both&dateFrom=2025-12-01`)).json.transactions;
  const currencies = (entries: Entry[]) => new Set(entries.map((entry) => entry.transactionAmount.currency));
  expect(currencies(pending)).toEqual(new Set(['EUR', 'USD', 'CHF']));
  for (const position of [0, 5, 20, booked.length - 1]) {
    const { transactionId, entryReference, ...rest } = booked[position];
    const { json } = await call('GET', `${path}/${transactionId}`);
    expect(json.transactionsDetails).toMatchObject(rest);
    const later = await call('GET', `${path}?bookingStatus=booked&entryReferenceFrom=${entryReference}`);
    expect(later.json.transactions.booked).toEqual(booked.slice(0, position));
  }
});

test.each([{ iban }, { iban, currency: 'XXX' }])('a consent for %j covers all its currencies', async (reference) => {
  const { call } = await linkedByApi(await bankOf({}), { balances: [reference] });
  const [joined, ...others] = await accountsOf(call);
  expect([joined.currency, others]).toEqual(['XXX', []]);
  expect((await call('GET', `/accounts/${joined.resourceId}/balances`)).json.balances).toHaveLength(6);
  const refused = await call(
    'GET',
    `/accounts/${joined.resourceId}/transactions?bookingStatus=both&dateFrom=2026-01-01`,
  );
  expect([refused.status, refused.json.tppMessages[0].code]).toEqual([401, 'CONSENT_INVALID']);
});

test('it is told in JSON by a bank that writes XML or text', async () => {
  const { call } = await linkedByApi(await bankOf({ report: 'camt-052' }));
  const [single, joined] = await accountsOf(call);
  const query = 'transactions?bookingStatus=booked&dateFrom=2026-01-01';
  const xml = await call('GET', `/accounts/${single.resourceId}/${query}`);
  expect(xml.headers.get('content-type')).toContain('application/xml');
  expect((await call('GET', `/accounts/${joined.resourceId}/${query}`)).json.transactions.booked).toHaveLength(7);
});
