import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  approveAt,
  attended,
  browser,
  caller,
  linked,
  noon,
  offered,
  openBankAt,
  requestConsent,
  returnTo,
} from './support.ts';

let bank: Awaited<ReturnType<typeof openBankAt>>;
beforeAll(async () => {
  bank = await openBankAt(noon);
});
afterAll(() => bank.close());

const statusOf = async (id: string) =>
  (await caller(bank)('GET', `/consents/${id}/status`)).json.consentStatus as string;

describe('redirect approval over HTTP', () => {
  test('logs in, chooses accounts, approves, and returns to the third party', async () => {
    const { id, page } = await requestConsent(caller(bank));
    expect(await statusOf(id)).toBe('received');
    expect(await approveAt(page, 'alice', 'tributary1', ['alice-current'])).toBe(returnTo);
    expect(await statusOf(id)).toBe('valid');
    const list = await caller(bank, { 'consent-id': id, ...attended })('GET', '/accounts');
    expect(list.json.accounts.map(({ name }: { name: string }) => name)).toEqual(['Compte de depot M ou Mme Martin']);
    const consent = (await caller(bank)('GET', `/consents/${id}`)).json;
    expect(consent.access.accounts).toEqual([{ iban: list.json.accounts[0].iban, currency: 'EUR' }]);
  });

  test('refusing returns to the Nok address and the consent is rejected', async () => {
    const { id, page } = await requestConsent(caller(bank));
    const { visit } = browser();
    await visit(page);
    await visit(`${page}/login`, [
      ['login', 'alice'],
      ['password', 'tributary1'],
    ]);
    await visit(`${page}/approve`);
    expect(await visit(`${page}/approve`, [['decision', 'refuse']])).toMatchObject({
      status: 303,
      location: 'http://app.example/nok',
    });
    expect(await statusOf(id)).toBe('rejected');
    expect((await visit(page)).status).toBe(410);
  });

  test('asks for the code that the simulated phone shows, and gives up after three wrong ones', async () => {
    const { id, page } = await requestConsent(caller(bank));
    const { visit } = browser();
    await visit(page);
    const login: [string, string][] = [
      ['login', 'bruno'],
      ['password', 'tributary2'],
    ];
    expect((await visit(`${page}/login`, login)).location).toMatch(/challenge$/);
    expect((await visit(`${page}/approve`)).location).not.toMatch(/approve$/);
    const phone = await visit(`${page}/phone`);
    const code = /id="code">(\d{6})</.exec(phone.text)?.[1] ?? '';
    await visit(`${page}/challenge`);
    expect(await visit(`${page}/challenge`, [['otp', '000']])).toMatchObject({ status: 400 });
    expect((await visit(`${page}/challenge`, [['otp', code]])).location).toMatch(/approve$/);

    const second = await requestConsent(caller(bank));
    const other = browser();
    await other.visit(second.page);
    await other.visit(`${second.page}/login`, login);
    await other.visit(`${second.page}/challenge`, [['otp', '1']]);
    await other.visit(`${second.page}/challenge`, [['otp', '2']]);
    expect((await other.visit(`${second.page}/challenge`, [['otp', '3']])).location).toBe('http://app.example/nok');
    expect(await statusOf(second.id)).toBe('rejected');
    expect(await statusOf(id)).toBe('received');
  });

  test('a wrong password, a foreign form and another browser change nothing', async () => {
    const { id, page } = await requestConsent(caller(bank));
    const { visit, forgetCookie } = browser();
    await visit(page);
    expect(
      (
        await visit(`${page}/login`, [
          ['login', 'alice'],
          ['password', 'wrong'],
        ])
      ).text,
    ).toContain('The login or the password is wrong.');
    expect((await visit(`${page}/login`, [['csrf', 'forged']])).status).toBe(400);
    await visit(`${page}/login`, [
      ['login', 'alice'],
      ['password', 'tributary1'],
    ]);
    forgetCookie();
    expect(
      (
        await visit(`${page}/approve`, [
          ['decision', 'approve'],
          ['account', 'alice-current'],
        ])
      ).location,
    ).not.toBe(returnTo);
    expect(await statusOf(id)).toBe('received');
  });

  test('what a person types is shown as text, never as markup', async () => {
    const { page } = await requestConsent(caller(bank));
    const { visit } = browser();
    await visit(page);
    const answer = await visit(`${page}/login`, [
      ['login', '"><script>x</script>'],
      ['password', 'x'],
    ]);
    expect(answer.text).not.toContain('<script>');
    expect(answer.headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' http://app.example",
    );
  });

  test('the pages speak French and English', async () => {
    const { page } = await requestConsent(caller(bank));
    expect((await browser().visit(`${page}?lang=fr`)).text).toContain('<html lang="fr">');
    expect((await browser().visit(page)).text).toContain('<html lang="en">');
  });

  test('the time for the authorisation ends by the clock of the bank', async () => {
    const { page } = await requestConsent(caller(bank));
    bank.clock.advance(600_000);
    expect((await browser().visit(page)).status).toBe(410);
  });
});

describe('access', () => {
  const pathsOf = async (access: object) => {
    const { call, location } = await linked(bank, access);
    expect(location).toBe(returnTo);
    const accounts = await call('GET', '/accounts');
    const cards = await call('GET', '/card-accounts');
    return [...accounts.json.accounts, ...cards.json.cardAccounts].map(
      ({ name, _links }: { name: string; _links: object }) => `${name}: ${Object.keys(_links).join(' ')}`,
    );
  };

  test('a global consent shows payment accounts and cards, never savings or loans', async () => {
    expect(await pathsOf({ allPsd2: 'allAccounts' })).toEqual([
      'Compte de depot M ou Mme Martin: balances transactions',
      'Carte Premier debit differe: balances transactions',
    ]);
  });

  test('a list-only consent gives no balances and no transactions', async () => {
    expect(await pathsOf({ availableAccounts: 'allAccounts' })).toEqual([
      'Compte de depot M ou Mme Martin: ',
      'Carte Premier debit differe: ',
    ]);
  });

  test('a detailed consent gives what it names, and refuses the rest', async () => {
    const global = await linked(bank, { allPsd2: 'allAccounts' });
    const { iban } = (await global.call('GET', '/accounts')).json.accounts[0];
    const { call } = await linked(bank, { balances: [{ iban }] });
    const [account] = (await call('GET', '/accounts')).json.accounts;
    expect((await call('GET', `/accounts/${account.resourceId}/balances`)).status).toBe(200);
    const refused = await call(
      'GET',
      `/accounts/${account.resourceId}/transactions?bookingStatus=booked&dateFrom=2026-01-01`,
    );
    expect([refused.status, refused.json.tppMessages[0].code]).toEqual([401, 'CONSENT_INVALID']);
    expect((await call('GET', '/card-accounts')).json.cardAccounts).toEqual([]);
  });

  test('a person without payment accounts shares an empty list', async () => {
    const { id, page } = await requestConsent(caller(bank));
    expect(await approveAt(page, 'chloe', 'tributary3')).toBe(returnTo);
    expect((await caller(bank, { 'consent-id': id, ...attended })('GET', '/accounts')).json).toEqual({ accounts: [] });
  });

  test('a consent opens nothing before it is approved, after it is deleted, nor after it has expired', async () => {
    const { id } = await requestConsent(caller(bank));
    const read = async (consentId: string) => {
      const { status, json } = await caller(bank, { 'consent-id': consentId, ...attended })('GET', '/accounts');
      return [status, json.tppMessages?.[0].code ?? null];
    };
    expect(await read(id)).toEqual([401, 'CONSENT_INVALID']);
    const deleted = await linked(bank);
    expect((await caller(bank)('DELETE', `/consents/${deleted.id}`)).status).toBe(204);
    expect(await read(deleted.id)).toEqual([401, 'CONSENT_INVALID']);
    expect(await statusOf(deleted.id)).toBe('terminatedByTpp');
    const last = await linked(bank);
    const { validUntil } = (await caller(bank)('GET', `/consents/${last.id}`)).json;
    expect(validUntil).toBe('2026-09-06');
    bank.clock.set(new Date('2026-09-06T12:00:00Z'));
    expect(await read(last.id)).toEqual([200, null]);
    bank.clock.set(new Date('2026-09-07T12:00:00Z'));
    expect(await read(last.id)).toEqual([401, 'CONSENT_EXPIRED']);
    bank.clock.set(noon);
  });
});

test.for([
  ['no header', {}, {}, 'PSU-IP-Address'],
  ['no access', attended, { access: {} }, 'access'],
  ['two kinds of access', attended, { access: { allPsd2: 'allAccounts', accounts: [] } }, 'access'],
  ['a past validity', attended, { validUntil: '2020-01-01' }, 'validUntil'],
  ['a day that does not exist', attended, { validUntil: '2026-02-31' }, 'validUntil'],
  ['a frequency as text', attended, { frequencyPerDay: '4' }, 'frequencyPerDay'],
  ['a one-off consent with four calls', attended, { recurringIndicator: false }, 'frequencyPerDay'],
  [
    'a script as the return address',
    { ...attended, 'tpp-redirect-uri': 'javascript:alert(1)' },
    {},
    'TPP-Redirect-URI',
  ],
] as const)('refuses a consent with %s, naming what is wrong', async ([, headers, change, path]) => {
  const before = bank.bank.consents.all().length;
  const answer = await caller(bank)('POST', '/consents', {
    headers: { 'tpp-redirect-uri': returnTo, ...headers },
    body: {
      access: offered,
      recurringIndicator: true,
      validUntil: '2027-01-01',
      frequencyPerDay: 4,
      combinedServiceIndicator: false,
      ...change,
    },
  });
  expect([answer.status, answer.json.tppMessages[0].path]).toEqual([400, path]);
  expect(bank.bank.consents.all()).toHaveLength(before);
});

test('refuses broken JSON, other media types, and a call without X-Request-ID', async () => {
  const call = caller(bank, { ...attended, 'tpp-redirect-uri': returnTo });
  expect((await call('POST', '/consents', { body: '{' })).status).toBe(400);
  expect((await call('POST', '/consents', { body: 'x', headers: { 'content-type': 'text/plain' } })).status).toBe(415);
  expect((await call('POST', '/consents', { body: 'x'.repeat(100_001) })).status).toBe(413);
  expect((await call('GET', '/accounts', { headers: { 'x-request-id': '1' } })).json.tppMessages[0].path).toBe(
    'X-Request-ID',
  );
  expect((await call('PUT', '/accounts')).status).toBe(405);
});
