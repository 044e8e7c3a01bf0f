import { afterEach, describe, expect, it } from 'vitest';
import type { TestBank } from '../../../src/test-bank/server.ts';
import { householdWith } from '../oauth/household.ts';
import { noon, openBankAt, scenarioOf } from '../support.ts';
import { stetCustomer } from './customer.ts';

const open: TestBank[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((bank) => bank.close()));
});

async function customerOf(profile: Record<string, unknown> = {}, login = 'alice') {
  const bank = await openBankAt(noon, { scenario: scenarioOf(householdWith(profile)) });
  open.push(bank);
  const customer = await stetCustomer(bank, login);
  await customer.consentToAll();
  const ids = { current: await customer.idOf('CACC'), card: await customer.idOf('CARD') };
  const transactions = (query = '', account = ids.current) =>
    customer.call(`/accounts/${account}/transactions${query}`);
  return { ...customer, bank, ids, transactions };
}

interface Entry {
  readonly entryReference: string;
  readonly bookingDate: string;
  readonly status: string;
}

describe('accounts', () => {
  it('are the payment account and the deferred-debit card that it pays', async () => {
    const { accounts, ids } = await customerOf();
    const links = (id: string) => ({
      balances: { href: `/stet/v1/accounts/${id}/balances` },
      transactions: { href: `/stet/v1/accounts/${id}/transactions` },
    });
    expect(await accounts()).toEqual([
      {
        resourceId: ids.current,
        bicFi: 'AFFLFRPPXXX',
        accountId: { iban: 'FR7630006000011234567890189', currency: 'EUR' },
        name: 'Compte courant',
        details: 'Compte courant',
        product: 'Compte',
        usage: 'PRIV',
        cashAccountType: 'CACC',
        currency: 'EUR',
        psuStatus: 'Account Holder',
        _links: links(ids.current),
      },
      {
        resourceId: ids.card,
        bicFi: 'AFFLFRPPXXX',
        accountId: {
          other: { identification: '497401XXXXXX5678', schemeName: 'CPAN', issuer: 'AFFLFRPPXXX' },
          currency: 'EUR',
        },
        name: 'ALICE MARTIN 31/03/2026',
        linkedAccount: ids.current,
        usage: 'PRIV',
        cashAccountType: 'CARD',
        currency: 'EUR',
        psuStatus: 'Account Holder',
        _links: links(ids.card),
      },
    ]);
  });

  it('have balances that tell the booked and the instant state', async () => {
    const { call, ids } = await customerOf();
    const { balances } = (await call(`/accounts/${ids.current}/balances`)).json;
    expect(balances).toMatchObject([
      {
        name: 'Solde comptable au 10/03/2026',
        balanceAmount: { currency: 'EUR', amount: '1575.00' },
        balanceType: 'CLBD',
      },
      {
        name: 'Solde instantané au 10/03/2026',
        balanceAmount: { currency: 'EUR', amount: '1515.00' },
        balanceType: 'XPCD',
      },
    ]);
    const card = (await call(`/accounts/${ids.card}/balances`)).json.balances;
    expect(card[0]).toMatchObject({
      name: 'Encours à débiter le 31/03/2026',
      balanceAmount: { amount: '-14.20', currency: 'EUR' },
    });
  });
});

describe('transactions', () => {
  it('have an amount without a sign, and say on which side it is', async () => {
    const { transactions } = await customerOf();
    const [pending, salary, bread] = (await transactions()).json.transactions;
    expect(pending).toMatchObject({
      transactionAmount: { currency: 'EUR', amount: '60.00' },
      creditDebitIndicator: 'DBIT',
      status: 'PDNG',
      bookingDate: '2026-03-09',
    });
    expect(salary).toMatchObject({
      transactionAmount: { currency: 'EUR', amount: '1500.00' },
      creditDebitIndicator: 'CRDT',
      status: 'BOOK',
      bookingDate: '2026-02-27',
      remittanceInformation: ['VIR SALAIRE'],
    });
    expect(bread).toMatchObject({
      transactionAmount: { amount: '2.50' },
      creditDebitIndicator: 'DBIT',
      bookingDate: '2026-02-19',
      transactionDate: '2026-02-19',
    });
  });

  it('take dateFrom in and leave dateTo out', async () => {
    const { transactions } = await customerOf();
    const dates = async (query: string) =>
      ((await transactions(query)).json?.transactions ?? []).map((entry: Entry) => entry.bookingDate);
    expect(await dates('?dateFrom=2026-02-09&dateTo=2026-02-19')).toEqual(['2026-02-14', '2026-02-09']);
    expect(await dates('?dateFrom=2026-02-20&dateTo=2026-02-27')).toEqual([]);
    expect((await transactions('?dateFrom=2026-02-20&dateTo=2026-02-27')).status).toBe(204);
    expect((await transactions('?dateFrom=2026-02-20&dateTo=2026-02-20')).status).toBe(400);
    expect((await transactions('?dateFrom=20/02/2026')).json.message).toBe(
      'FORMAT_ERROR: dateFrom must be a day, written YYYY-MM-DD.',
    );
  });

  it('concatenate over pages to the whole, forwards and backwards, though new ones are booked meanwhile', async () => {
    const { bank, call, transactions } = await customerOf({ pageSize: 3 });
    const whole = (await (await customerOf()).transactions()).json.transactions;
    const first = (await transactions()).json;
    expect(Object.keys(first._links)).toEqual(['self', 'parent-list', 'balances', 'first', 'last', 'next']);
    bank.bank.clock.advance(2 * 86_400_000 - 43_200_000);
    const pages = [first.transactions];
    let at = first;
    const fresh = await stetCustomer(bank);
    await fresh.consentToAll();
    while (at._links.next) {
      // oxlint-disable-next-line no-await-in-loop -- a page names the next
      at = (await fresh.call(at._links.next.href)).json;
      pages.push(at.transactions);
    }
    expect(pages.flat()).toEqual(whole);
    expect(at._links.self).toEqual(first._links.last);
    expect((await fresh.call(at._links.prev.href)).json.transactions).toEqual(pages.at(-2));
    expect((await call(first._links.first.href)).status).toBe(401);
  });

  it('begin after an entry in 1.4, and from and to one in 1.6', async () => {
    const old = await customerOf();
    const all: Entry[] = (await old.transactions()).json.transactions.filter((entry: Entry) => entry.status === 'BOOK');
    const third = all[2]?.entryReference ?? '';
    const after = (await old.transactions(`?afterEntryReference=${third}`)).json.transactions;
    expect(after.map((entry: Entry) => entry.status)).toEqual(['PDNG', 'BOOK', 'BOOK']);
    expect((await old.transactions(`?entryReferenceFrom=${third}`)).json.message).toBe(
      'PARAMETER_NOT_SUPPORTED: STET 1.4 of this bank knows afterEntryReference only.',
    );
    expect((await old.transactions('?afterEntryReference=nobody')).status).toBe(400);

    const recent = await customerOf({ switches: { stetVersion: '1.6' } });
    const between = (
      await recent.transactions(`?entryReferenceFrom=${third}&entryReferenceTo=${all[1]?.entryReference ?? ''}`)
    ).json.transactions;
    expect(between.map((entry: Entry) => entry.entryReference)).toEqual([all[1]?.entryReference, third]);
    expect(between[0].remittanceInformation).toEqual({ unstructured: [expect.stringMatching(/^CB BOULANGERIE/)] });
    expect((await recent.transactions(`?afterEntryReference=${third}`)).status).toBe(400);
  });

  it('fail as the login says', async () => {
    const truncated = await customerOf({}, 'error.history_truncated');
    const days: Entry[] = (await truncated.transactions()).json.transactions;
    expect(days.every(({ bookingDate }) => bookingDate >= '2026-02-08')).toBe(true);
    expect(days.length).toBeGreaterThan(0);
    const inconsistent = await customerOf({}, 'error.data_inconsistent');
    expect((await inconsistent.transactions()).json.transactions[0].transactionAmount.currency).toBe('USD');
    const hidden = await customerOf({}, 'error.pending_unsupported');
    expect((await hidden.transactions()).json.transactions[0].status).toBe('BOOK');
  });
});

describe('faults', () => {
  it('strike this face as they strike the others', async () => {
    const { bank, transactions } = await customerOf({ pageSize: 3 });
    const first = (await transactions()).json;
    bank.bank.faults.trigger({ kind: 'unavailable', calls: 1, days: 30, retryAfterSeconds: 120 });
    const down = await transactions();
    expect([down.status, down.json.error, down.headers.get('retry-after')]).toEqual([
      503,
      'Service Unavailable',
      '120',
    ]);
    bank.bank.faults.trigger({ kind: 'mid-page-failure', calls: 1, days: 30 });
    expect((await transactions(`?${first._links.next.href.split('?')[1]}`)).status).toBe(500);
    bank.bank.faults.trigger({ kind: 'duplicated-pages', calls: 1, days: 30 });
    const repeated = (await transactions(`?${first._links.next.href.split('?')[1]}`)).json.transactions;
    expect(repeated).toHaveLength(6);
    expect(repeated.slice(0, 3)).toEqual(first.transactions.filter((entry: Entry) => entry.status === 'BOOK'));
  });
});
