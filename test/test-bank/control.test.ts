import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { failureLogins } from '../../src/test-bank/faults/failure-logins.ts';
import { startTestBank } from '../../src/test-bank/server.ts';
import { approveAt, attended, caller, linked, noon, openBankAt, requestConsent, returnTo } from './support.ts';

let bank: Awaited<ReturnType<typeof openBankAt>>;
beforeAll(async () => {
  bank = await openBankAt(noon);
});
afterAll(() => bank.close());

const control = (method: string, path: string, body?: unknown) =>
  caller(bank)(method, `/control${path}`, body === undefined ? {} : { body });

test('the clock is set, moved on and let run again; the books follow', async () => {
  expect((await control('PUT', '/clock', { now: '2026-05-01T10:00:00Z' })).json).toEqual({
    now: '2026-05-01T10:00:00.000Z',
    mode: 'fixed',
  });
  expect((await control('POST', '/clock/advance', { days: 1, hours: 2 })).json).toEqual({
    now: '2026-05-02T12:00:00.000Z',
    mode: 'fixed',
  });
  expect(bank.bank.ledger().day).toBe('2026-05-02');
  expect((await control('PUT', '/clock', { offsetSeconds: 86_400 })).json).toEqual({
    now: '2026-03-11T12:00:00.000Z',
    mode: 'offset',
  });
  expect((await control('PUT', '/clock', { running: true })).json).toEqual({ now: noon.toISOString(), mode: 'offset' });
});

test.for([
  ['PUT', '/clock', { now: 'tomorrow' }],
  ['PUT', '/clock', { now: '2300-01-01T00:00:00Z' }],
  ['POST', '/clock/advance', { days: -1 }],
  ['POST', '/clock/advance', { days: 36_500 }],
  ['POST', '/faults', { kind: 'earthquake' }],
  ['PUT', '/scenario', 'seed: 1'],
  ['PUT', '/clock', '{'],
] as const)('refuses %s %s %j, and changes nothing', async ([method, path, body]) => {
  const before = [bank.bank.clock.now(), bank.bank.faults.list(), bank.bank.scenario()];
  const answer = await control(method, path, body);
  expect(answer.status).toBe(400);
  expect(answer.json.error).toMatch(/\w/);
  expect([bank.bank.clock.now(), bank.bank.faults.list(), bank.bank.scenario()]).toEqual(before);
});

test('the control is shut unless it is opened', async () => {
  const shut = await startTestBank();
  onTestFinished(() => shut.close());
  expect((await fetch(`${shut.url}/control/clock`)).status).toBe(404);
});

describe('faults', () => {
  const trigger = (fault: object) => control('POST', '/faults', fault);
  const clear = () => control('DELETE', '/faults');

  test('503 and 429 with the time to wait, 500, a page in HTML: for so many calls, then as before', async () => {
    const { call } = await linked(bank);
    const expected = { unavailable: 503, 'rate-limited': 429, 'server-error': 500, 'html-error': 503 };
    for (const [kind, status] of Object.entries(expected)) {
      await trigger({ kind, calls: 1, retryAfterSeconds: 90, path: '/berlin-group' });
      const answer = await call('GET', '/accounts');
      expect([kind, answer.status]).toEqual([kind, status]);
      if (kind === 'unavailable' || kind === 'rate-limited') expect(answer.headers.get('retry-after')).toBe('90');
      expect((await call('GET', '/accounts')).status).toBe(200);
    }
  });

  test('end by the clock of the bank, and hold only for their path', async () => {
    const { call } = await linked(bank);
    await trigger({ kind: 'unavailable', durationSeconds: 60, path: '/berlin-group/v1/card-accounts' });
    expect((await call('GET', '/card-accounts')).status).toBe(503);
    expect((await call('GET', '/accounts')).status).toBe(200);
    bank.clock.advance(60_000);
    expect((await call('GET', '/card-accounts')).status).toBe(200);
  });

  test('a call that is never answered ends when the caller gives up', async () => {
    await trigger({ kind: 'timeout', calls: 1 });
    const abort = new AbortController();
    const call = fetch(`${bank.url}/berlin-group/v1/accounts`, {
      signal: abort.signal,
      headers: { 'x-request-id': '11111111-2222-4333-8444-555555555555' },
    });
    while (bank.bank.faults.list().length > 0) await new Promise(setImmediate);
    abort.abort();
    await expect(call).rejects.toThrow('aborted');
  });

  test('a connection that is cut, a page that fails, a page that repeats, ids that change, a history that is short', async () => {
    const { call } = await linked(bank);
    const path = `/accounts/${(await call('GET', '/accounts')).json.accounts[0].resourceId}/transactions`;
    const first = await call('GET', `${path}?bookingStatus=booked&dateFrom=2025-01-01`);
    const next = first.json.transactions._links.next.href as string;
    await trigger({ kind: 'cut-connection', calls: 1 });
    await expect(call('GET', '/accounts')).rejects.toThrow();
    await trigger({ kind: 'mid-page-failure', calls: 1 });
    expect((await call('GET', `${path}?bookingStatus=booked&dateFrom=2025-01-01`)).status).toBe(200);
    expect((await call('GET', next)).status).toBe(500);
    const second = (await call('GET', next)).json.transactions.booked;
    await trigger({ kind: 'duplicated-pages', calls: 1 });
    expect((await call('GET', next)).json.transactions.booked).toEqual([
      ...first.json.transactions.booked.slice(-3),
      ...second,
    ]);
    await trigger({ kind: 'reissued-ids', calls: 1 });
    const reissued = (await call('GET', next)).json.transactions.booked;
    expect(reissued).toHaveLength(second.length);
    expect(reissued[0].transactionId).not.toBe(second[0].transactionId);
    expect(reissued[0].transactionAmount).toEqual(second[0].transactionAmount);
    await trigger({ kind: 'truncated-history', days: 10, calls: 1 });
    const short = (await call('GET', `${path}?bookingStatus=booked&dateFrom=2025-01-01`)).json.transactions.booked;
    expect(short.at(-1).bookingDate >= '2026-02-28').toBe(true);
    expect((await clear()).status).toBe(204);
    expect(bank.bank.faults.list()).toEqual([]);
  });
});

test('tells what was asked of the bank, with the headers of the person and without secrets', async () => {
  await control('DELETE', '/calls');
  await caller(bank, { ...attended, authorization: 'Bearer secret' })('GET', '/accounts?withBalance=true');
  const { calls } = (await control('GET', '/calls')).json;
  expect(calls).toMatchObject([
    {
      method: 'GET',
      path: '/berlin-group/v1/accounts',
      query: 'withBalance=true',
      status: 400,
      headers: { 'psu-ip-address': '203.0.113.7', authorization: '(present)' },
    },
  ]);
  expect((await control('GET', `/calls?after=${calls[0].sequence}`)).json.calls).toEqual([]);
});

test('another scenario takes the place of the first until a reset', async () => {
  const answer = await control(
    'PUT',
    '/scenario',
    'seed: other\nepoch: 2026-01-01\nbank: { name: Other }\npeople: [{ id: p, name: P, login: p, password: p }]\n',
  );
  expect(answer.json).toEqual({ bank: 'Other', accounts: 0 });
  await control('POST', '/reset');
  expect((await control('GET', '/scenario')).json.bank.name).toBe('Banque des Affluents');
  expect(bank.bank.consents.all()).toEqual([]);
});

describe('logins that are failures', () => {
  const expected: Record<string, string> = {
    credentials_invalid: 'login 400',
    account_locked: 'login 400',
    password_change_required: 'login 400',
    bank_user_action_required: 'login 400',
    sca_failed: 'nok rejected',
    sca_timeout: 'nok rejected',
    consent_rejected: 'nok rejected',
    no_eligible_account: 'valid 200 none',
    account_closed: 'valid 200 deleted',
    consent_expired: 'valid 401 CONSENT_EXPIRED',
    consent_expiring: 'valid 200 until 2026-03-11',
    consent_revoked_at_bank: 'valid 401 CONSENT_INVALID',
    consent_scope_insufficient: 'valid 200 without transactions',
    bank_unavailable: 'valid 503 SERVICE_UNAVAILABLE',
    bank_maintenance: 'valid 503 html',
    bank_error: 'valid 500 INTERNAL_SERVER_ERROR',
    bank_rate_limited: 'valid 429 ACCESS_EXCEEDED',
    history_truncated: 'valid 200 from 2026-02',
    account_not_found: 'valid 200 then 404',
    pending_unsupported: 'valid 200 then 400',
    balance_drift: 'valid 200 balance off by 10.00',
    data_inconsistent: 'valid 200 USD in EUR',
  };

  test('are all in the table', () => {
    expect(failureLogins.map(({ code }) => code)).toEqual(expect.arrayContaining(Object.keys(expected)));
  });

  test.for(Object.entries(expected))('error.%s gives %s', async ([code, outcome]) => {
    const { id, page } = await requestConsent(caller(bank));
    const location = await approveAt(page, `error.${code}`, 'anything');
    const status = (await caller(bank)('GET', `/consents/${id}/status`)).json.consentStatus;
    if (location === null) return expect(`login 400 ${status}`).toBe(`${outcome} received`);
    if (location !== returnTo) return expect(`nok ${status}`).toBe(outcome);
    const call = caller(bank, { 'consent-id': id, ...attended });
    const list = await call('GET', '/accounts');
    const [account] = list.json?.accounts ?? [];
    const path = `/accounts/${account?.resourceId}`;
    const code401 = list.json?.tppMessages?.[0].code as string | undefined;
    const start = `${status} ${list.status}`;
    if (list.status !== 200) return expect(`${start} ${code401 ?? 'html'}`).toBe(outcome);
    if (account === undefined) return expect(`${start} none`).toBe(outcome);
    if (account.status === 'deleted') return expect(`${start} deleted`).toBe(outcome);
    if (account._links.transactions === undefined) return expect(`${start} without transactions`).toBe(outcome);
    const report = await call('GET', `${path}/transactions?bookingStatus=both&dateFrom=2025-01-01`);
    if (report.status !== 200) return expect(`${start} then ${report.status}`).toBe(outcome);
    const { booked } = report.json.transactions;
    if (booked[0].transactionAmount.currency !== 'EUR')
      return expect(`${start} ${booked[0].transactionAmount.currency} in ${account.currency}`).toBe(outcome);
    if (booked.length < 100) return expect(`${start} from ${booked.at(-1).bookingDate.slice(0, 7)}`).toBe(outcome);
    const { validUntil } = (await call('GET', `/consents/${id}`)).json;
    if (validUntil < '2026-04') return expect(`${start} until ${validUntil}`).toBe(outcome);
    const balance = Number((await call('GET', `${path}/balances`)).json.balances[0].balanceAmount.amount);
    const off = (balance - Number(bank.bank.ledger().account('alice-current')!.bookedBalance.amount)).toFixed(2);
    return expect(`${start} balance off by ${off}`).toBe(outcome);
  });
});

describe('state in a file', () => {
  const path = async () => {
    const directory = await mkdtemp(join(tmpdir(), 'test-bank-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    return join(directory, 'deeper', 'bank.json');
  };

  test('consents, counters and the clock survive a restart', async () => {
    const stateFile = await path();
    const first = await openBankAt(noon, { stateFile });
    const { id } = await linked(first);
    const alone = (at: { url: string }) => caller(at as typeof first, { 'consent-id': id });
    for (let time = 0; time < 4; time += 1) await alone(first)('GET', '/accounts');
    await caller(first)('POST', '/control/clock/advance', { body: { hours: 1 } });
    await first.close();
    const second = await openBankAt(noon, { stateFile });
    onTestFinished(() => second.close());
    expect((await alone(second)('GET', '/accounts')).status).toBe(429);
    expect((await alone(second)('GET', '/card-accounts')).status).toBe(200);
    expect(second.bank.clock.now()).toEqual(new Date('2026-03-10T13:00:00Z'));
  });

  test('what is answered is written already: a bank that is killed forgets nothing', async () => {
    const stateFile = await path();
    const first = await openBankAt(noon, { stateFile });
    onTestFinished(() => first.close());
    const { id } = await linked(first);
    expect(JSON.parse(await readFile(stateFile, 'utf8')).consents[id].status).toBe('valid');
  });

  test('a damaged file stops the start and is named', async () => {
    const stateFile = await path();
    const first = await openBankAt(noon, { stateFile });
    await linked(first);
    await first.close();
    await writeFile(stateFile, '{"consents": {"x": ');
    await expect(openBankAt(noon, { stateFile })).rejects.toThrow(stateFile);
    await writeFile(stateFile, '{"consents": {"x": {}}}');
    await expect(openBankAt(noon, { stateFile })).rejects.toThrow(/test bank cannot read its state/);
  });
});

test('a port in use is named, with the remedy', async () => {
  await expect(startTestBank({ port: bank.port })).rejects.toThrow(`port ${bank.port} on 127.0.0.1 is in use`);
});

test('the front door lists faces and test logins', async () => {
  const text = await (await fetch(bank.url)).text();
  expect(text).toContain('/berlin-group/v1');
  expect(text).toContain('tributary1');
});
