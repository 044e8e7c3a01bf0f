import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CertificateWithKey } from '../../../src/test-bank/certificates/test-certificates.ts';
import { tlsFetch, type Fetch } from '../oauth/third-party.ts';
import { noon } from '../support.ts';
import { named, requestId, thirdPartyCertificates, type Bank, type ThirdPartyCertificates } from './third-parties.ts';

const day = 86_400_000;
let fx: ThirdPartyCertificates;
beforeAll(async () => {
  fx = await thirdPartyCertificates();
});
afterAll(() => fx.close());

const faces = [
  ['Berlin Group', '/berlin-group/v1/accounts', '400 FORMAT_ERROR'],
  ['STET', '/stet/v1/accounts', '401 TOKEN_INVALID'],
] as const;

describe.each(faces)('the %s face of a bank that wants a QWAC', (_name, path, passed) => {
  let bank: Bank;
  beforeAll(async () => {
    bank = await fx.bankWith({ certificate: 'required' });
  });
  const ask = async (fetcher: Fetch): Promise<string> =>
    named(await fetcher(`${bank.url}${path}`, { headers: { 'x-request-id': requestId } }));

  it('lets the holder of a right one in, as far as the next question', async () => {
    expect(await ask(tlsFetch(fx.ours, fx.ours.qwac))).toBe(passed);
  });

  it.each<[string, () => CertificateWithKey | null, string]>([
    ['CERTIFICATE_MISSING when there is none', () => null, '401 CERTIFICATE_MISSING'],
    ['CERTIFICATE_INVALID for that of a stranger', () => fx.strangers.qwac, '401 CERTIFICATE_INVALID'],
    ['CERTIFICATE_INVALID for a QSealC', () => fx.ours.qseal, '401 CERTIFICATE_INVALID'],
    ['CERTIFICATE_INVALID for one without statements', () => fx.ours.server, '401 CERTIFICATE_INVALID'],
    ['ROLE_INVALID for a third party of payments only', () => fx.payments.qwac, '401 ROLE_INVALID'],
  ])('answers %s', async (_case, shown, code) => {
    expect(await ask(tlsFetch(fx.ours, shown()))).toBe(code);
  });

  it('judges the time of the certificate by the clock of the bank', async () => {
    const later = await fx.bankWith({ certificate: 'required' });
    const at = (moved: Bank) =>
      tlsFetch(fx.ours, fx.ours.qwac)(`${moved.url}${path}`, { headers: { 'x-request-id': requestId } });
    later.clock.advance(731 * day);
    expect(await named(await at(later))).toBe('401 CERTIFICATE_EXPIRED');
    later.clock.advance(-740 * day);
    expect(await named(await at(later))).toBe('401 CERTIFICATE_INVALID');
    later.clock.set(noon);
    expect(await named(await at(later))).toBe(passed);
  });

  it('answers CERTIFICATE_MISSING on plain HTTP', async () => {
    const plain = await fx.bankWith({ certificate: 'required' }, false);
    expect(await named(await fetch(`${plain.url}${path}`, { headers: { 'x-request-id': requestId } }))).toBe(
      '401 CERTIFICATE_MISSING',
    );
  });
});

describe('the token endpoint of a bank that wants a QWAC', () => {
  it('tells as an error of the client what is wrong with the certificate', async () => {
    const bank = await fx.bankWith({ certificate: 'required' });
    const ask = (shown: CertificateWithKey | null) =>
      tlsFetch(fx.ours, shown)(`${bank.url}/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams({ grant_type: 'x' }),
      });
    const refused = await ask(null);
    expect([refused.status, await refused.json()]).toEqual([
      401,
      {
        error: 'invalid_client',
        error_description: 'CERTIFICATE_MISSING: This bank wants a client certificate (QWAC) on TLS.',
      },
    ]);
    expect(await named(await ask(fx.payments.qwac))).toBe('401 ROLE_INVALID');
  });
});
