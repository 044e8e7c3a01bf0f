import { expect, onTestFinished, test } from 'vitest';
import { loadScenario } from '../../src/test-bank/scenario/load-scenario.ts';
import { consentBody, linkedByApi, psuHeaders } from './linked-by-api.ts';
import { household } from './household.ts';
import { caller, noon, openBankAt, requestConsent, returnTo } from './support.ts';

test('an owner is named where that was asked for, and never by a bank that does not tell', async () => {
  const access = { allPsd2: 'allAccountsWithOwnerName' };
  const told = async (switches: object) => (await household(switches, {}, access)).account.ownerName;
  expect([await told({}), await told({ ownerNames: 'none' })]).toEqual(['Alice Martin', undefined]);
});

test('a report carries balances unasked only where the bank always tells them and they are granted', async () => {
  const told = async (switches: object, access?: object) => {
    const { call, path } = await household(switches, {}, access);
    return 'balances' in (await call('GET', `${path}/transactions?bookingStatus=booked&dateFrom=2026-03-01`)).json;
  };
  const { account } = await household({});
  const withoutBalances = { transactions: [{ iban: account.iban }] };
  expect(await told({})).toBe(false);
  expect(await told({ reportBalances: 'always' })).toBe(true);
  expect(await told({ reportBalances: 'always' }, withoutBalances)).toBe(false);
});

test('a bank that knows accounts by IBAN only refuses a masked card number and keeps no consent', async () => {
  const { bank, account } = await household({ accountReferences: ['iban'] });
  const call = caller(bank);
  const before = bank.bank.consents.all().length;
  const refused = await call('POST', '/consents', {
    headers: { ...psuHeaders('alice'), 'tpp-redirect-uri': returnTo },
    body: consentBody({ accounts: [{ iban: account.iban }], balances: [{ maskedPan: '497401XXXXXX1234' }] }),
  });
  expect([refused.status, refused.json.tppMessages]).toEqual([
    400,
    [
      {
        category: 'ERROR',
        code: 'FORMAT_ERROR',
        path: 'access.balances[0].maskedPan',
        text: 'This bank knows accounts by iban only.',
      },
    ],
  ]);
  expect(bank.bank.consents.all()).toHaveLength(before);
  await requestConsent(call, { accounts: [{ iban: account.iban }] });
});

test('a bank that grants less than was chosen shares one account, with its balances and entries', async () => {
  const { bank, id } = await household({ grantedAccounts: 'first-only' });
  const { accounts, balances, transactions } = bank.bank.consents.find(id)?.grant ?? {};
  expect(accounts).toHaveLength(1);
  expect([balances, transactions]).toEqual([accounts, accounts]);
  const usual = await household({});
  expect(usual.bank.bank.consents.find(usual.id)?.grant.accounts.length).toBeGreaterThan(1);
});

test('a consent that nobody confirms expires when the bank says so', async () => {
  const { bank } = await household({ unconfirmedConsentSeconds: 3600 });
  const call = caller(bank);
  const { id } = await requestConsent(call);
  const status = async () => (await call('GET', `/consents/${id}/status`)).json.consentStatus;
  bank.clock.advance(3_599_000);
  expect(await status()).toBe('received');
  bank.clock.advance(1000);
  expect(await status()).toBe('expired');
});

test('a revocation on the timeline ends what that person authorised before, and nothing else', async () => {
  const scenario = await loadScenario();
  const at = new Date(noon.getTime() + 3_600_000).toISOString();
  for (const [login, ended] of [
    ['alice', 'revokedByPsu'],
    ['bruno', 'valid'],
    [undefined, 'revokedByPsu'],
  ] as const) {
    const revocation = login === undefined ? { at } : { at, login };
    const bank = await openBankAt(noon, { scenario: { ...scenario, revocations: [revocation] } });
    onTestFinished(() => bank.close());
    const { id, call } = await linkedByApi(bank);
    const status = async (of: string) => (await call('GET', `/consents/${of}/status`)).json.consentStatus;
    bank.clock.advance(3_599_000);
    expect(await status(id)).toBe('valid');
    bank.clock.advance(1000);
    expect(await status(id)).toBe(ended);
    const answer = await call('GET', '/accounts');
    expect(answer.status).toBe(ended === 'valid' ? 200 : 401);
    expect(await status((await linkedByApi(bank)).id)).toBe('valid');
  }
});
