import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Failure } from '../../../src/domain/failure.ts';
import { account, allOf, entry, json, session, startFakeBank } from './fake-bank.ts';

let bank: Awaited<ReturnType<typeof startFakeBank>>;
beforeAll(async () => {
  bank = await startFakeBank({ answerTimeoutMilliseconds: 2000, answerBytesMax: 100_000 });
});
afterAll(() => bank.close());

/** How listing accounts fails, as what a door would show. */
async function failureOf(call = bank.call()) {
  const outcome = await bank.connector.listAccounts(call, session).catch((error: unknown) => error);
  if (!(outcome instanceof Failure)) throw new Error(`No failure but ${String(outcome)}`, { cause: outcome });
  return outcome.toRecord();
}

describe('what the bank is told', () => {
  test('the token, a request id of its own, and of the person only when he is there', async () => {
    bank.answerWith((_, response) => response.writeHead(204).end());
    expect(await bank.connector.listAccounts(bank.call(), session)).toEqual([]);
    await bank.connector.listAccounts(
      bank.call({ psu: { ipAddress: '::ffff:192.0.2.7', userAgent: 'M\r\nX: 1' } }),
      session,
    );
    const [away, present] = bank.seen;
    expect(away).toMatchObject({
      method: 'GET',
      url: '/stet/psd2/v1/accounts',
      headers: { accept: 'application/hal+json, application/json', authorization: 'Bearer token-1' },
    });
    expect(Object.keys(away!.headers).filter((name) => name.startsWith('psu-'))).toEqual([]);
    expect(present!.headers).toMatchObject({ 'psu-ip-address': '192.0.2.7', 'psu-user-agent': 'MX: 1' });
    expect(present!.headers['x-request-id']).not.toBe(away!.headers['x-request-id']);
  });

  test('a call that must be signed is not sent without a seal', async () => {
    bank.answerWith((_, response) => response.writeHead(204).end());
    expect(await failureOf(bank.call({ quirks: { isSigned: true } }))).toMatchObject({
      code: 'CONNECTOR_CONFIG_INVALID',
    });
    expect(bank.seen).toEqual([]);
  });

  test('quirks that do not exist are named', async () => {
    expect(await failureOf(bank.call({ quirks: { consentModle: 'mixed' } }))).toEqual({
      code: 'CONNECTOR_CONFIG_INVALID',
      message: 'The provider\'s quirks are wrong: Unrecognized key: "consentModle".',
    });
  });
});

describe('refusals', () => {
  test.each([
    [401, { status: 401, message: 'Unauthorized' }, 'CONSENT_REVOKED_AT_BANK'],
    [401, { status: 401, message: 'TOKEN_EXPIRED: over' }, 'CONSENT_REVOKED_AT_BANK'],
    [401, { status: 401, message: 'CONSENT_EXPIRED: over' }, 'CONSENT_EXPIRED'],
    [401, { status: 401, message: 'CERTIFICATE_EXPIRED: renew it' }, 'CONNECTOR_CONFIG_INVALID'],
    [401, { error: 'SIGNATURE_MISSING' }, 'CONNECTOR_CONFIG_INVALID'],
    [403, { status: 403, message: 'FMT - consent missing' }, 'CONSENT_SCOPE_INSUFFICIENT'],
    [403, { message: 'SERVICE_BLOCKED: by the bank' }, 'ACCOUNT_LOCKED'],
    [404, { message: 'constructor' }, 'BANK_ERROR'],
    [408, {}, 'BANK_TIMEOUT'],
    [429, {}, 'BANK_RATE_LIMITED'],
    [500, { message: '__proto__: x' }, 'BANK_ERROR'],
    [502, {}, 'BANK_UNAVAILABLE'],
    [503, {}, 'BANK_UNAVAILABLE'],
  ])('%i %j is %s', async (status, body, code) => {
    bank.answerWith((_, response) => json(response, body, status));
    expect((await failureOf()).code).toBe(code);
  });

  test('an account that is not found is gone; a card without balances has none', async () => {
    bank.answerWith((_, response) => json(response, { status: 404, message: 'Not Found' }, 404));
    await expect(bank.connector.readBalances(bank.call(), session, account)).rejects.toMatchObject({
      code: 'ACCOUNT_NOT_FOUND',
    });
    await expect(bank.transactions()).rejects.toMatchObject({ code: 'ACCOUNT_NOT_FOUND' });
    const card = { ...account, type: 'CREDIT_CARD' as const };
    expect(await bank.connector.readBalances(bank.call(), session, card)).toEqual([]);
    await expect(bank.transactions({}, card)).rejects.toMatchObject({ code: 'ACCOUNT_NOT_FOUND' });
  });

  test('too many calls: again when the bank says, else tomorrow at the bank', async () => {
    bank.answerWith((_, response) => json(response, {}, 429, { 'retry-after': '120' }));
    expect((await failureOf()).retryAt).toBe('2026-03-10T09:02:00.000Z');
    bank.answerWith((_, response) => json(response, {}, 429));
    expect((await failureOf()).retryAt).toBe('2026-03-10T23:00:00.000Z');
    expect((await failureOf(bank.call({ psu: { ipAddress: '192.0.2.7' } }))).retryAt).toBeUndefined();
  });

  test("the bank's own words reach nobody", async () => {
    bank.answerWith((_, response) => json(response, { status: 400, message: '<script>secret</script>' }, 400));
    expect(await failureOf()).toEqual({ code: 'BANK_ERROR', message: 'The bank answered with 400.' });
  });

  test('a page for people with 503 is maintenance', async () => {
    bank.answerWith((_, response) => response.writeHead(503, { 'content-type': 'text/html' }).end('<h1>Soon</h1>'));
    expect((await failureOf()).code).toBe('BANK_MAINTENANCE');
  });
});

describe('a bank that misbehaves', () => {
  test.each([
    ['HTML', '<html>secret</html>', 'BANK_ERROR'],
    ['nothing of a list', 'null', 'BANK_ERROR'],
    ['another form', '{"accounts":{}}', 'BANK_ERROR'],
    ['only accounts that cannot be asked for', '{"accounts":[{"resourceId":""},5]}', 'DATA_INCONSISTENT'],
    [
      'JSON nested without end',
      `{"accounts":[{"resourceId":${'['.repeat(40_000)}${']'.repeat(40_000)}}]}`,
      'DATA_INCONSISTENT',
    ],
    ['more than we read', ' '.repeat(200_000), 'BANK_ERROR'],
  ])('that answers with %s fails as such, and is not quoted', async (_name, body, code) => {
    bank.answerWith((_, response) => response.writeHead(200).end(body));
    const failure = await failureOf();
    expect(failure.code).toBe(code);
    expect(failure.message).not.toContain('secret');
  });

  test('a redirect is not followed', async () => {
    bank.answerWith((_, response) => response.writeHead(302, { location: `${bank.origin}/elsewhere` }).end());
    expect(await failureOf()).toEqual({ code: 'BANK_ERROR', message: 'The bank answered with 302.' });
    expect(bank.seen).toHaveLength(1);
  });

  test('PUT /consents that fails fails the list: half of the accounts would be refused later', async () => {
    bank.answerWith(({ method }, response) =>
      method === 'PUT' ? json(response, {}, 503) : json(response, { accounts: [{ resourceId: 'r', currency: 'EUR' }] }),
    );
    expect((await failureOf()).code).toBe('BANK_UNAVAILABLE');
  });
});

describe('pages', () => {
  const page = (response: Parameters<typeof json>[0], amount: string, next?: unknown) =>
    json(response, {
      transactions: amount === '' ? [] : [{ ...entry, transactionAmount: { amount, currency: 'EUR' } }],
      _links: next === undefined ? {} : { next: typeof next === 'string' ? { href: next } : next },
    });

  test('are followed by links of any form; dateTo leaves its day out', async () => {
    const links = ['/accounts/a%2F1/transactions?page=2', '?index=3', '/stet/psd2/v1/accounts/x?indexAbC4', {}];
    bank.answerWith((_, response, count) => page(response, `${count}`, links[count - 1]));
    expect((await bank.transactions()).map(({ money }) => money.amount)).toEqual(['-1.00', '-2.00', '-3.00', '-4.00']);
    expect(bank.seen.map(({ url }) => url)).toEqual([
      '/stet/psd2/v1/accounts/a%2F1/transactions?dateFrom=2026-01-01&dateTo=2026-03-11',
      '/stet/psd2/v1/accounts/a%2F1/transactions?page=2',
      '/stet/psd2/v1/accounts/a%2F1/transactions?index=3',
      '/stet/psd2/v1/accounts/x?index=AbC4',
    ]);
  });

  test('end with a link that was followed before, and without end with an error', async () => {
    bank.answerWith((_, response) => page(response, '1', '?index=same'));
    expect(await bank.transactions()).toHaveLength(2);
    bank.answerWith((_, response, count) => page(response, '', `?index=${count}`));
    await expect(bank.transactions()).rejects.toMatchObject({ code: 'BANK_ERROR' });
    expect(bank.seen.length).toBeLessThan(60);
  });

  test('never lead to another host: our token would go there', async () => {
    bank.answerWith((_, response) => page(response, '1', 'https://evil.example/stet?index=2'));
    await expect(bank.transactions()).rejects.toMatchObject({ code: 'BANK_ERROR' });
  });

  test('of a bank that refuses older days are asked for again by what banks usually show', async () => {
    bank.answerWith(({ url }, response) =>
      url.includes('dateFrom=2025-12-11') ? page(response, '1') : json(response, {}, 400),
    );
    const window = { from: '2025-03-10', to: '2026-03-10' };
    const read = bank.connector.readTransactions(bank.call(), session, account, window);
    expect(await allOf(read)).toHaveLength(1);
    expect(bank.seen.map(({ url }) => new URL(url, bank.origin).searchParams.get('dateFrom'))).toEqual([
      '2025-03-10',
      '2025-12-11',
    ]);
  });

  test('are asked for with the names that the bank has, and not beyond its history', async () => {
    bank.answerWith((_, response) => response.writeHead(204).end());
    await bank.transactions({ dateParameters: 'entry-dates', historyDays: 30 });
    await bank.transactions({ dateParameters: 'none' });
    expect(bank.seen.map(({ url }) => url.split('?')[1])).toEqual([
      'entryDateFrom=2026-02-08&entryDateTo=2026-03-11',
      undefined,
    ]);
  });
});
