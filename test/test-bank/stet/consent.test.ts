import { afterEach, describe, expect, it } from 'vitest';
import type { TestBank } from '../../../src/test-bank/server.ts';
import { householdWith } from '../oauth/household.ts';
import { noon, openBankAt, scenarioOf } from '../support.ts';
import { currentIban, requestId, stetCustomer } from './customer.ts';

const open: TestBank[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((bank) => bank.close()));
});

async function bankWith(profile: Record<string, unknown> = {}) {
  const bank = await openBankAt(noon, { scenario: scenarioOf(householdWith(profile)) });
  open.push(bank);
  return bank;
}

type Links = { cashAccountType: string; _links: Record<string, unknown> };

async function linksOf(customer: Awaited<ReturnType<typeof stetCustomer>>): Promise<Record<string, string[]>> {
  const accounts: Links[] = await customer.accounts();
  return Object.fromEntries(accounts.map((account) => [account.cashAccountType, Object.keys(account._links)]));
}

const card = { other: { identification: '497401XXXXXX5678' } };

describe('the mixed consent model', () => {
  it('lists accounts without links before PUT /consents, and refuses what lies behind them', async () => {
    const customer = await stetCustomer(await bankWith());
    const answer = await customer.call('/accounts');
    expect(answer.json._links).toEqual({ self: { href: '/stet/v1/accounts' } });
    expect(await linksOf(customer)).toEqual({ CACC: [], CARD: [] });
    const id = await customer.idOf('CACC');
    expect((await customer.call(`/accounts/${id}/balances`)).status).toBe(403);
    expect((await customer.call(`/accounts/${id}/transactions`)).status).toBe(403);
    expect((await customer.call('/end-user-identity')).status).toBe(403);
    expect((await customer.call('/trusted-beneficiaries')).status).toBe(403);
  });

  it('opens what PUT /consents names, and replaces all that was said before', async () => {
    const customer = await stetCustomer(await bankWith());
    const first = await customer.consent({
      balances: [{ iban: currentIban }],
      transactions: [{ iban: currentIban }, card],
    });
    expect([first.status, first.text]).toEqual([201, '']);
    expect(await linksOf(customer)).toEqual({ CACC: ['balances', 'transactions'], CARD: ['transactions'] });
    expect((await customer.consent({ balances: [card], psuIdentity: true })).status).toBe(201);
    expect(await linksOf(customer)).toEqual({ CACC: [], CARD: ['balances'] });
    const id = await customer.idOf('CACC');
    expect((await customer.call(`/accounts/${id}/transactions`)).status).toBe(403);
    expect((await customer.call('/end-user-identity')).json).toEqual({
      connectedPsu: 'Alice Martin',
      _links: { self: { href: '/stet/v1/end-user-identity' } },
    });
    expect((await customer.consent({})).status).toBe(201);
    expect(await linksOf(customer)).toEqual({ CACC: [], CARD: [] });
    expect((await customer.call('/end-user-identity')).status).toBe(403);
  });

  it.each([
    ['an account that is not shared', { balances: [{ iban: 'FR1420041010050500013M02606' }] }, 403],
    ['a savings account, which PSD2 does not cover', { owners: [{ other: { identification: 'savings' } }] }, 403],
    ['no word on the identity', { psuIdentity: undefined }, 400],
    ['text where a list is due', { balances: 'all' }, 400],
  ])('refuses %s and keeps what was said before', async (_name, body, status) => {
    const customer = await stetCustomer(await bankWith());
    await customer.consent({ balances: [{ iban: currentIban }] });
    expect((await customer.consent(body)).status).toBe(status);
    expect(await linksOf(customer)).toEqual({ CACC: ['balances'], CARD: [] });
  });

  it('keeps what two people said apart', async () => {
    const bank = await bankWith();
    const [alice, again] = [await stetCustomer(bank), await stetCustomer(bank)];
    await alice.consentToAll();
    expect(await linksOf(again)).toEqual({ CACC: [], CARD: [] });
  });
});

describe('the full-AISP model', () => {
  it('opens everything by the approval and knows no PUT /consents', async () => {
    const customer = await stetCustomer(await bankWith({ switches: { stetConsent: 'full-aisp' } }));
    expect(await linksOf(customer)).toEqual({ CACC: ['balances', 'transactions'], CARD: ['balances', 'transactions'] });
    expect((await customer.consentToAll()).status).toBe(501);
    expect((await customer.call('/trusted-beneficiaries')).status).toBe(204);
  });
});

describe('answers', () => {
  it('are 204 without a body when there is nothing to tell', async () => {
    const customer = await stetCustomer(await bankWith(), 'chloe', 'tributary3');
    const answer = await customer.call('/accounts');
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(answer.headers.get('x-request-id')).toBe(requestId);
  });

  it('carry X-Request-ID and application/hal+json, and errors the shape of Spring', async () => {
    const customer = await stetCustomer(await bankWith());
    const right = await customer.call('/accounts');
    expect(right.headers.get('content-type')).toBe('application/hal+json; charset=utf-8');
    expect(right.headers.get('x-request-id')).toBe(requestId);
    const wrong = await customer.call('/accounts/nobody/balances');
    expect(wrong.headers.get('x-request-id')).toBe(requestId);
    expect(wrong.json).toEqual({
      timestamp: '2026-03-10T12:00:00.000Z',
      status: 404,
      error: 'Not Found',
      message: 'RESOURCE_UNKNOWN: The access covers no such account.',
      path: '/stet/v1/accounts/nobody/balances',
    });
    const unnamed = await customer.call('/accounts', { headers: { 'x-request-id': 'x'.repeat(71) } });
    expect([unnamed.status, unnamed.json.message]).toEqual([
      400,
      'FORMAT_ERROR: The header X-Request-ID is mandatory, with at most 70 characters.',
    ]);
  });
});

describe('calls without the person', () => {
  it('are four a day for each address, further pages and PUT /consents not counted', async () => {
    const bank = await bankWith({ pageSize: 4 });
    const customer = await stetCustomer(bank);
    await customer.consentToAll();
    const id = await customer.idOf('CACC');
    const unattended = (path: string) => customer.call(path, { headers: {} });
    for (let call = 0; call < 4; call += 1) {
      // oxlint-disable-next-line no-await-in-loop -- the order is the point
      const page = await unattended(`/accounts/${id}/transactions`);
      expect(page.status).toBe(200);
      // oxlint-disable-next-line no-await-in-loop -- the order is the point
      expect((await unattended(page.json._links.next.href)).status).toBe(200);
    }
    const fifth = await unattended(`/accounts/${id}/transactions`);
    expect([fifth.status, fifth.headers.get('retry-after')]).toEqual([429, '39600']);
    expect((await unattended(`/accounts/${id}/balances`)).status).toBe(200);
    expect((await unattended('/accounts')).status).toBe(200);
    expect((await customer.call(`/accounts/${id}/transactions`)).status).toBe(200);
  });

  it('begin anew with the next day of the bank', async () => {
    const bank = await bankWith({ accessTokenSeconds: 86_400 });
    const customer = await stetCustomer(bank);
    for (let call = 0; call < 4; call += 1) {
      // oxlint-disable-next-line no-await-in-loop -- the order is the point
      expect((await customer.call('/accounts', { headers: {} })).status).toBe(200);
    }
    expect((await customer.call('/accounts', { headers: {} })).status).toBe(429);
    bank.clock.advance(39_600_000);
    expect((await customer.call('/accounts', { headers: {} })).status).toBe(200);
  });
});
