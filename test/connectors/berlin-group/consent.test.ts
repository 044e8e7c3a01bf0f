import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { json, session, startFakeBank } from './fake-bank.ts';

let bank: Awaited<ReturnType<typeof startFakeBank>>;
beforeAll(async () => {
  bank = await startFakeBank();
});
afterAll(() => bank.close());

const request = { returnUrl: 'https://us.example/return', state: 's-1', validUntil: '2026-09-01', frequencyPerDay: 4 };
const psu = { ipAddress: '192.0.2.7' };

describe('asking for access', () => {
  test('sends a whole consent request and returns what later calls need', async () => {
    bank.answerWith((_, response) =>
      json(
        response,
        {
          consentStatus: 'received',
          consentId: 'c-9',
          _links: { scaRedirect: { href: 'https://login.bank.example/9' } },
        },
        201,
      ),
    );
    expect(await bank.connector.startAuthorization(bank.call({ psu }), request)).toEqual({
      redirectUrl: 'https://login.bank.example/9',
      bankConsentId: 'c-9',
      session: { consentId: 'c-9', validUntil: '2026-09-01', frequencyPerDay: 4 },
      expiresAt: new Date('2026-03-10T09:30:00Z'),
    });
    expect(bank.seen).toHaveLength(1);
    expect(bank.seen[0]).toMatchObject({
      method: 'POST',
      url: '/xs2a/v1/consents',
      headers: {
        'content-type': 'application/json',
        'psu-ip-address': '192.0.2.7',
        'tpp-redirect-uri': 'https://us.example/return?state=s-1',
        'tpp-nok-redirect-uri': 'https://us.example/return?state=s-1&bank_outcome=refused',
      },
    });
    expect(JSON.parse(bank.seen[0]!.body)).toEqual({
      access: { accounts: [], balances: [], transactions: [] },
      recurringIndicator: true,
      validUntil: '2026-09-01',
      frequencyPerDay: 4,
      combinedServiceIndicator: false,
    });
  });

  test('without the person’s address says how to send it, and asks the bank nothing', async () => {
    bank.answerWith((_, response) => json(response, {}, 500));
    const before = bank.seen.length;
    await expect(bank.connector.startAuthorization(bank.call(), request)).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      issues: [{ path: ['PSU-IP-Address'], message: expect.stringContaining('request header PSU-IP-Address') }],
    });
    expect(bank.seen.length - before).toBe(0);
  });

  test('starts the authorisation itself where the bank wants it so', async () => {
    bank.answerWith((_, response, count) =>
      json(
        response,
        count === 1
          ? { consentId: 'c-9', _links: { startAuthorisation: { href: '/v1/consents/c-9/authorisations' } } }
          : { _links: { scaRedirect: '/login' } },
        201,
      ),
    );
    const started = await bank.connector.startAuthorization(
      bank.call({ psu, quirks: { consentAccess: 'global' } }),
      request,
    );
    expect(started.redirectUrl).toBe(`${bank.origin}/xs2a/v1/login`);
    expect(JSON.parse(bank.seen[0]!.body)).toMatchObject({ access: { allPsd2: 'allAccounts' } });
    expect(bank.seen[1]).toMatchObject({ method: 'POST', url: '/xs2a/v1/consents/c-9/authorisations' });
  });

  test.each([
    [
      'another kind of authentication',
      { startAuthorisationWithPsuAuthentication: { href: '/x' } },
      'SCA_METHOD_UNSUPPORTED',
    ],
    ['no link at all', undefined, 'SCA_METHOD_UNSUPPORTED'],
    ['a page that is a script', { scaRedirect: { href: 'javascript:alert(1)' } }, 'BANK_ERROR'],
    ['an authorization server at another host', { scaOAuth: { href: 'https://evil.example/metadata' } }, 'BANK_ERROR'],
    [
      'a place for the confirmation code at another host',
      { scaRedirect: { href: '/login' }, confirmation: { href: 'https://evil.example/' } },
      'BANK_ERROR',
    ],
    ['an authorisation at another host', { startAuthorisation: { href: 'https://evil.example/' } }, 'BANK_ERROR'],
  ])('refuses %s', async (_, links, code) => {
    bank.answerWith((__, response) => json(response, { consentId: 'c-9', _links: links }, 201));
    await expect(bank.connector.startAuthorization(bank.call({ psu }), request)).rejects.toMatchObject({ code });
  });
});

describe('what became of the consent', () => {
  test.each([
    ['received', 'PENDING'],
    ['partiallyAuthorised', 'PENDING'],
    ['PARTIALLY_AUTHORISED', 'PENDING'],
    ['rejected', 'REJECTED'],
    ['EXPIRED', 'EXPIRED'],
    ['REVOKED_BY_PSU', 'REVOKED'],
    ['terminatedByTpp', 'REVOKED'],
  ])('%s is %s', async (consentStatus, status) => {
    bank.answerWith((_, response) => json(response, { consentStatus }));
    expect(await bank.connector.readConsent(bank.call(), session)).toEqual({ status });
  });

  test('valid is active until the day that the bank grants, not the one that was asked for', async () => {
    bank.answerWith((seen, response) =>
      json(
        response,
        seen.url.endsWith('/status') ? { consentStatus: 'valid' } : { validUntil: '2026-06-07', frequencyPerDay: '2' },
      ),
    );
    const granted = { validUntil: '2026-06-07', frequencyPerDay: 2 };
    const active = { status: 'ACTIVE', ...granted, session: { ...session, ...granted } };
    expect(await bank.connector.readConsent(bank.call(), session)).toEqual(active);
    bank.answerWith((seen, response) =>
      json(response, seen.url.endsWith('/status') ? { consentStatus: 'valid' } : { validUntil: 'never' }),
    );
    expect(await bank.connector.readConsent(bank.call(), session)).toEqual({
      status: 'ACTIVE',
      validUntil: '2026-09-01',
      frequencyPerDay: 4,
      session,
    });
  });

  test('a person who came back by the address for refusals has refused, unless the bank says otherwise', async () => {
    bank.answerWith((_, response) => json(response, { consentStatus: 'received' }));
    expect(await bank.connector.readConsent(bank.call(), session, { bank_outcome: 'refused' })).toEqual({
      status: 'REJECTED',
    });
    bank.answerWith((_, response) => json(response, { consentStatus: 'valid' }));
    expect(await bank.connector.readConsent(bank.call(), session, { bank_outcome: 'refused' })).toMatchObject({
      status: 'ACTIVE',
    });
  });

  test('a consent that the bank no longer knows is revoked; an unknown status is an error', async () => {
    bank.answerWith((_, response) => json(response, { tppMessages: [{ code: 'CONSENT_UNKNOWN' }] }, 403));
    expect(await bank.connector.readConsent(bank.call(), session)).toEqual({ status: 'REVOKED' });
    bank.answerWith((_, response) => json(response, { consentStatus: 'constructor' }));
    await expect(bank.connector.readConsent(bank.call(), session)).rejects.toMatchObject({ code: 'BANK_ERROR' });
  });
});

describe('ending the consent', () => {
  test.each([
    [204, null],
    [404, 'RESOURCE_UNKNOWN'],
    [401, 'CONSENT_EXPIRED'],
    [403, 'CONSENT_UNKNOWN'],
  ])('succeeds with %i %s', async (status, code) => {
    bank.answerWith((_, response) =>
      code === null ? response.writeHead(status).end() : json(response, { code }, status),
    );
    await bank.connector.revokeConsent(bank.call(), session);
    expect(bank.seen).toMatchObject([{ method: 'DELETE', url: '/xs2a/v1/consents/c-1' }]);
  });

  test('tells when the bank did not do it', async () => {
    bank.answerWith((_, response) => json(response, {}, 500));
    await expect(bank.connector.revokeConsent(bank.call(), session)).rejects.toMatchObject({ code: 'BANK_ERROR' });
  });
});
