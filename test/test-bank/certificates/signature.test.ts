import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CertificateWithKey } from '../../../src/test-bank/certificates/test-certificates.ts';
import { tlsFetch } from '../oauth/third-party.ts';
import { certificateSite, digestOf, signedForBerlinGroup, signedForStet, type Unsigned } from './sign.ts';
import { named, requestId, thirdPartyCertificates, type Bank, type ThirdPartyCertificates } from './third-parties.ts';

let fx: ThirdPartyCertificates;
let site: Awaited<ReturnType<typeof certificateSite>>;
beforeAll(async () => {
  fx = await thirdPartyCertificates();
  site = await certificateSite({
    '/seal.pem': fx.ours.qseal.certificate,
    '/stranger.pem': fx.strangers.qseal.certificate,
    '/qwac.pem': fx.ours.qwac.certificate,
    '/nothing.pem': 'nothing',
    [`/seal_${'0'.repeat(40)}`]: fx.ours.qseal.certificate,
  });
});
afterAll(async () => {
  site.close();
  await fx.close();
});

describe('a bank that wants signed calls', () => {
  let bank: Bank;
  beforeAll(async () => {
    bank = await fx.bankWith({ signature: 'required' }, false);
  });
  const send = async (call: Unsigned, headers: Record<string, string>) =>
    named(
      await fetch(`${bank.url}${call.target}`, {
        method: call.method,
        headers,
        ...(call.body === undefined ? {} : { body: call.body }),
      }),
    );

  describe('on the Berlin Group face', () => {
    const call: Unsigned = {
      method: 'GET',
      target: '/berlin-group/v1/accounts',
      headers: { 'x-request-id': requestId },
    };
    const post: Unsigned = {
      method: 'POST',
      target: '/berlin-group/v1/consents',
      headers: {
        'x-request-id': requestId,
        'content-type': 'application/json',
        'psu-ip-address': '203.0.113.7',
        'tpp-redirect-uri': 'https://app.example/return',
      },
      body: JSON.stringify({
        access: { accounts: [], balances: [], transactions: [] },
        recurringIndicator: true,
        validUntil: '2026-06-01',
        frequencyPerDay: 4,
        combinedServiceIndicator: false,
      }),
    };

    it('lets a right signature in, with a body or without, SHA-256 or SHA-512', async () => {
      expect(await send(call, signedForBerlinGroup(call, fx.ours.qseal))).toBe('400 FORMAT_ERROR');
      expect(await send(call, signedForBerlinGroup(call, fx.ours.qseal, { algorithm: 'rsa-sha512' }))).toBe(
        '400 FORMAT_ERROR',
      );
      const answer = await fetch(`${bank.url}${post.target}`, {
        method: 'POST',
        headers: signedForBerlinGroup(post, fx.ours.qseal),
        body: post.body ?? '',
      });
      expect(answer.status).toBe(201);
    });

    it('does not read on for ever', async () => {
      const large = { ...post, body: ' '.repeat(200_001) };
      expect(await send(large, signedForBerlinGroup(large, fx.ours.qseal))).toBe('413 FORMAT_ERROR');
    });

    it.each<[string, () => [Unsigned, Record<string, string>], string]>([
      [
        'SIGNATURE_MISSING without a signature',
        () => [call, { ...call.headers, digest: digestOf() }],
        '401 SIGNATURE_MISSING',
      ],
      [
        'SIGNATURE_INVALID for another body',
        () => [{ ...post, body: post.body?.replace('true', 'false') ?? '' }, signedForBerlinGroup(post, fx.ours.qseal)],
        '401 SIGNATURE_INVALID',
      ],
      [
        'SIGNATURE_INVALID for another header than was signed',
        () => [
          call,
          { ...signedForBerlinGroup(call, fx.ours.qseal), 'x-request-id': '99999999-2222-4333-8444-555555555555' },
        ],
        '401 SIGNATURE_INVALID',
      ],
      [
        'SIGNATURE_INVALID when the redirect address is not signed',
        () => [post, signedForBerlinGroup(post, fx.ours.qseal, { covers: ['digest', 'x-request-id'] })],
        '401 SIGNATURE_INVALID',
      ],
      [
        'SIGNATURE_INVALID when keyId names another certificate',
        () => [call, signedForBerlinGroup(call, fx.ours.qseal, { keyId: 'SN=1,CA=CN=Nobody' })],
        '401 SIGNATURE_INVALID',
      ],
      [
        'SIGNATURE_INVALID for the key of another',
        () => [call, signedForBerlinGroup(call, { ...fx.ours.qseal, privateKey: fx.strangers.qseal.privateKey })],
        '401 SIGNATURE_INVALID',
      ],
      [
        'CERTIFICATE_MISSING without TPP-Signature-Certificate',
        () => {
          const { 'tpp-signature-certificate': _left, ...headers } = signedForBerlinGroup(call, fx.ours.qseal);
          return [call, headers];
        },
        '401 CERTIFICATE_MISSING',
      ],
      [
        'CERTIFICATE_INVALID for what is no certificate',
        () => [call, { ...signedForBerlinGroup(call, fx.ours.qseal), 'tpp-signature-certificate': 'bm90aGluZw==' }],
        '401 CERTIFICATE_INVALID',
      ],
      [
        'CERTIFICATE_INVALID for the seal of a stranger',
        () => [call, signedForBerlinGroup(call, fx.strangers.qseal)],
        '401 CERTIFICATE_INVALID',
      ],
      [
        'CERTIFICATE_INVALID for a QWAC',
        () => [call, signedForBerlinGroup(call, fx.ours.qwac)],
        '401 CERTIFICATE_INVALID',
      ],
      [
        'ROLE_INVALID for a third party of payments only',
        () => [call, signedForBerlinGroup(call, fx.payments.qseal)],
        '401 ROLE_INVALID',
      ],
    ])('answers %s', async (_case, request, code) => {
      const before = bank.bank.consents.all().length;
      expect(await send(...request())).toBe(code);
      expect(bank.bank.consents.all()).toHaveLength(before);
    });
  });

  describe('on the STET face', () => {
    const call: Unsigned = { method: 'GET', target: '/stet/v1/accounts?x=1', headers: { 'x-request-id': 'r1' } };
    const put: Unsigned = {
      method: 'PUT',
      target: '/stet/v1/consents',
      headers: { 'x-request-id': 'r1', 'content-type': 'application/json' },
      body: '{}',
    };
    const at = (file: string) => ({ keyId: `${site.url}${file}` });

    it('fetches the certificate at keyId and lets a right signature in', async () => {
      expect(await send(call, signedForStet(call, fx.ours.qseal, at('/seal.pem')))).toBe('401 TOKEN_INVALID');
      expect(await send(put, signedForStet(put, fx.ours.qseal, at('/seal.pem')))).toBe('401 TOKEN_INVALID');
    });

    it.each<[string, () => [Unsigned, Record<string, string>], string]>([
      ['SIGNATURE_MISSING without a signature', () => [call, { ...call.headers }], '401 SIGNATURE_MISSING'],
      [
        'SIGNATURE_INVALID for another target',
        () => [{ ...call, target: '/stet/v1/accounts?x=2' }, signedForStet(call, fx.ours.qseal, at('/seal.pem'))],
        '401 SIGNATURE_INVALID',
      ],
      [
        'SIGNATURE_INVALID when the target is not signed',
        () => [call, signedForStet(call, fx.ours.qseal, { ...at('/seal.pem'), covers: ['x-request-id'] })],
        '401 SIGNATURE_INVALID',
      ],
      [
        'SIGNATURE_INVALID for another body',
        () => [{ ...put, body: '{"a":1}' }, signedForStet(put, fx.ours.qseal, at('/seal.pem'))],
        '401 SIGNATURE_INVALID',
      ],
      [
        'SIGNATURE_INVALID when nothing is at keyId',
        () => [call, signedForStet(call, fx.ours.qseal, at('/gone.pem'))],
        '401 SIGNATURE_INVALID',
      ],
      [
        'SIGNATURE_INVALID when keyId is no address',
        () => [call, signedForStet(call, fx.ours.qseal, { keyId: 'SN=1' })],
        '401 SIGNATURE_INVALID',
      ],
      [
        'SIGNATURE_INVALID when keyId leads into a private network',
        () => [call, signedForStet(call, fx.ours.qseal, { keyId: 'http://169.254.169.254/latest' })],
        '401 SIGNATURE_INVALID',
      ],
      [
        'SIGNATURE_INVALID when the fingerprint in the name is of another',
        () => [call, signedForStet(call, fx.ours.qseal, at(`/seal_${'0'.repeat(40)}`))],
        '401 SIGNATURE_INVALID',
      ],
      [
        'CERTIFICATE_INVALID for what is no certificate',
        () => [call, signedForStet(call, fx.ours.qseal, at('/nothing.pem'))],
        '401 CERTIFICATE_INVALID',
      ],
      [
        'CERTIFICATE_INVALID for the seal of a stranger',
        () => [call, signedForStet(call, fx.strangers.qseal, at('/stranger.pem'))],
        '401 CERTIFICATE_INVALID',
      ],
      [
        'CERTIFICATE_INVALID for a QWAC',
        () => [call, signedForStet(call, fx.ours.qwac, at('/qwac.pem'))],
        '401 CERTIFICATE_INVALID',
      ],
    ])('answers %s', async (_case, request, code) => {
      expect(await send(...request())).toBe(code);
    });
  });

  it('wants QWAC and QSealC of one organisation where it wants both', async () => {
    const both = await fx.bankWith({ signature: 'required', certificate: 'required' });
    const call: Unsigned = {
      method: 'GET',
      target: '/berlin-group/v1/accounts',
      headers: { 'x-request-id': requestId },
    };
    const headers = signedForBerlinGroup(call, fx.ours.qseal);
    const ask = async (shown: CertificateWithKey) =>
      named(await tlsFetch(fx.ours, shown)(`${both.url}${call.target}`, { headers }));
    expect(await ask(fx.ours.qwac)).toBe('400 FORMAT_ERROR');
    expect(await ask(fx.other.qwac)).toBe('401 CERTIFICATE_INVALID');
  });
});
