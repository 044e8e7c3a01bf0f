import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Failure } from '../../../src/domain/failure.ts';
import { json, session, startFakeBank } from './fake-bank.ts';

let bank: Awaited<ReturnType<typeof startFakeBank>>;
beforeAll(async () => {
  bank = await startFakeBank({ answerTimeoutMilliseconds: 300, answerBytesMax: 100_000 });
});
afterAll(() => bank.close());

/** How listing accounts fails, as what a door would show. */
async function failureOf(call = bank.call()) {
  const outcome = await bank.connector.listAccounts(call, session).catch((error: unknown) => error);
  if (!(outcome instanceof Failure)) throw new Error(`No failure but ${String(outcome)}`, { cause: outcome });
  return outcome.toRecord();
}

describe('what the bank is told', () => {
  test('the headers of an unattended call, a request id of its own for each', async () => {
    bank.answerWith((_, response) => json(response, { accounts: [] }));
    await bank.connector.listAccounts(bank.call(), session);
    await bank.connector.listAccounts(bank.call(), session);
    const [first, second] = bank.seen;
    expect(first).toMatchObject({
      method: 'GET',
      url: '/xs2a/v1/accounts',
      headers: { accept: 'application/json', 'consent-id': 'c-1' },
    });
    expect(Object.keys(first!.headers).filter((name) => name.startsWith('psu-'))).toEqual([]);
    expect(first!.headers['x-request-id']).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(second!.headers['x-request-id']).not.toBe(first!.headers['x-request-id']);
  });

  test('the PSU headers when the person is there, fit for a header line', async () => {
    bank.answerWith((_, response) => json(response, { accounts: [] }));
    const psu = { ipAddress: '::ffff:192.0.2.7', userAgent: 'Mozilla\r\nX-Evil: 1 ☃' };
    await bank.connector.listAccounts(bank.call({ psu }), session);
    expect(bank.seen[0]!.headers).toMatchObject({
      'psu-ip-address': '192.0.2.7',
      'psu-user-agent': 'MozillaX-Evil: 1',
    });
  });
});

describe('refusals', () => {
  test.each([
    [401, 'CERTIFICATE_EXPIRED', 'CONNECTOR_CONFIG_INVALID'],
    [401, 'SIGNATURE_MISSING', 'CONNECTOR_CONFIG_INVALID'],
    [401, 'CONSENT_EXPIRED', 'CONSENT_EXPIRED'],
    [401, 'CONSENT_INVALID', 'CONSENT_REVOKED_AT_BANK'],
    [403, 'CONSENT_UNKNOWN', 'CONSENT_REVOKED_AT_BANK'],
    [400, 'CONSENT_UNKNOWN', 'CONSENT_REVOKED_AT_BANK'],
    [403, 'CONSENT_INVALID', 'CONSENT_SCOPE_INSUFFICIENT'],
    [403, 'FORBIDDEN', 'CONSENT_SCOPE_INSUFFICIENT'],
    [401, 'TOKEN_EXPIRED', 'CONSENT_EXPIRED'],
    [401, 'PSU_CREDENTIALS_INVALID', 'CREDENTIALS_INVALID'],
    [403, 'SERVICE_BLOCKED', 'ACCOUNT_LOCKED'],
    [400, 'FORMAT_ERROR', 'BANK_ERROR'],
    [406, 'REQUESTED_FORMATS_INVALID', 'BANK_ERROR'],
    [408, 'anything', 'BANK_TIMEOUT'],
    [401, 'anything', 'CONSENT_EXPIRED'],
  ])('%i %s is %s, as tppMessages and as problem+json', async (status, code, expected) => {
    for (const body of [{ tppMessages: [{ category: 'ERROR', code }] }, { type: 'about:blank', title: 'No', code }]) {
      bank.answerWith((_, response) => json(response, body, status));
      expect((await failureOf()).code).toBe(expected);
    }
  });

  test("the bank's own words reach nobody", async () => {
    const text = '<script>secret</script>';
    bank.answerWith((_, response) =>
      json(response, { tppMessages: [{ code: 'FORMAT_ERROR', text }, { code: text }] }, 400),
    );
    expect(await failureOf()).toEqual({ code: 'BANK_ERROR', message: 'The bank answered with 400 FORMAT_ERROR.' });
  });

  test('too many calls: again when the bank says, else tomorrow at the bank', async () => {
    const limited = { tppMessages: [{ category: 'ERROR', code: 'ACCESS_EXCEEDED' }] };
    const retryAt = async (header?: string) => {
      bank.answerWith((_, response) =>
        json(response, limited, 429, header === undefined ? {} : { 'retry-after': header }),
      );
      const failure = await failureOf();
      expect(failure.code).toBe('BANK_RATE_LIMITED');
      return failure.retryAt;
    };
    expect(await retryAt('120')).toBe('2026-03-10T09:02:00.000Z');
    expect(await retryAt('Wed, 11 Mar 2026 10:00:00 GMT')).toBe('2026-03-11T10:00:00.000Z');
    expect(await retryAt('999999999')).toBe('2026-03-17T09:00:00.000Z');
    expect(await retryAt('soon')).toBe('2026-03-10T23:00:00.000Z');
    expect(await retryAt()).toBe('2026-03-10T23:00:00.000Z');
  });
});

describe('a bank that misbehaves', () => {
  test('an HTML page in the place of JSON is BANK_ERROR and is not quoted', async () => {
    bank.answerWith((_, response) => response.writeHead(200).end('<html>secret</html>'));
    expect(await failureOf()).toEqual({
      code: 'BANK_ERROR',
      message: 'The bank answered with something else than JSON.',
    });
  });

  test('JSON of another form is BANK_ERROR', async () => {
    for (const body of [null, [], { accounts: {} }, 'accounts']) {
      bank.answerWith((_, response) => json(response, body));
      expect((await failureOf()).code).toBe('BANK_ERROR');
    }
  });

  test('JSON nested without end is survived', async () => {
    bank.answerWith((_, response) =>
      response.writeHead(200).end(`{"accounts":[{"resourceId":${'['.repeat(40_000)}${']'.repeat(40_000)}}]}`),
    );
    expect((await failureOf()).code).toBe('DATA_INCONSISTENT');
  });

  test('reading stops at the size limit, whether or not the length was declared', async () => {
    let sent = 0;
    bank.answerWith((_, response) => {
      const pour = (): void => {
        while (!response.destroyed && response.write(' '.repeat(16_384))) sent += 16_384;
      };
      response.writeHead(200).on('drain', pour);
      pour();
    });
    expect(await failureOf()).toEqual({
      code: 'BANK_ERROR',
      message: 'The bank answered with more than 100000 bytes.',
    });
    expect(sent).toBeLessThan(50_000_000);
  });

  test('a redirect is not followed', async () => {
    bank.answerWith((_, response) => response.writeHead(302, { location: `${bank.origin}/elsewhere` }).end());
    expect(await failureOf()).toEqual({ code: 'BANK_ERROR', message: 'The bank answered with 302.' });
    expect(bank.seen).toHaveLength(1);
  });

  test('silence is BANK_TIMEOUT, also in the middle of an answer', async () => {
    bank.answerWith(() => {});
    expect((await failureOf()).code).toBe('BANK_TIMEOUT');
    bank.answerWith((_, response) => response.writeHead(200).write('{"accounts":'));
    expect((await failureOf()).code).toBe('BANK_TIMEOUT');
  });

  test('a broken line is tried again, then BANK_UNAVAILABLE', async () => {
    bank.answerWith((_, response, count) => (count < 3 ? response.destroy() : json(response, { accounts: [] })));
    expect(await bank.connector.listAccounts(bank.call(), session)).toEqual([]);
    expect(bank.seen).toHaveLength(3);
    bank.answerWith((_, response) => response.destroy());
    expect((await failureOf()).code).toBe('BANK_UNAVAILABLE');
    expect(bank.seen).toHaveLength(3);
  });

  test('a server error is tried again for a read, unless the bank says when', async () => {
    bank.answerWith((_, response) => json(response, {}, 503));
    expect(await failureOf()).toMatchObject({ code: 'BANK_UNAVAILABLE' });
    expect(bank.seen).toHaveLength(3);
    bank.answerWith((_, response) => json(response, {}, 503, { 'retry-after': '60' }));
    expect(await failureOf()).toMatchObject({ code: 'BANK_UNAVAILABLE', retryAt: '2026-03-10T09:01:00.000Z' });
    expect(bank.seen).toHaveLength(1);
  });

  test('a page for people with 503 is maintenance', async () => {
    bank.answerWith((_, response) =>
      response.writeHead(503, { 'content-type': 'text/html' }).end('<h1>Back soon</h1>'),
    );
    expect((await failureOf()).code).toBe('BANK_MAINTENANCE');
  });

  test('what is not idempotent is sent once', async () => {
    bank.answerWith((_, response) => response.destroy());
    const request = { returnUrl: 'https://us.example/back', state: 's', validUntil: '2026-09-01', frequencyPerDay: 4 };
    const call = bank.call({ psu: { ipAddress: '192.0.2.7' } });
    await expect(bank.connector.startAuthorization(call, request)).rejects.toMatchObject({
      code: 'BANK_UNAVAILABLE',
    });
    expect(bank.seen).toHaveLength(1);
  });

  test('an aborted call ends with the reason of the abort', async () => {
    const reason = new Failure('SYNC_CANCELLED');
    const abort = new AbortController();
    bank.answerWith(() => abort.abort(reason));
    await expect(bank.connector.listAccounts(bank.call({ signal: abort.signal }), session)).rejects.toBe(reason);
  });

  test('quirks that do not exist are named', async () => {
    expect(await failureOf(bank.call({ quirks: { amountSing: 'inverted' } }))).toEqual({
      code: 'CONNECTOR_CONFIG_INVALID',
      message: 'The provider\'s quirks are wrong: Unrecognized key: "amountSing".',
    });
  });
});
