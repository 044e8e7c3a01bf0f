import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  testCertificates,
  type CertificateWithKey,
  type TestCertificates,
} from '../../../src/test-bank/certificates/test-certificates.ts';
import { householdWith } from '../oauth/household.ts';
import { tlsFetch, type Fetch } from '../oauth/third-party.ts';
import { noon, openBankAt, scenarioOf } from '../support.ts';
import { certificateSite, digestOf, signedForBerlinGroup, signedForStet, type Unsigned } from './sign.ts';

type Bank = Awaited<ReturnType<typeof openBankAt>>;

const requestId = '11111111-2222-4333-8444-555555555555';
const day = 86_400_000;
let ours: TestCertificates;
let strangers: TestCertificates;
let payments: TestCertificates;
let other: TestCertificates;
let site: Awaited<ReturnType<typeof certificateSite>>;
const open: Bank[] = [];

beforeAll(async () => {
  [ours, strangers] = await Promise.all([testCertificates({ now: noon }), testCertificates({ now: noon })]);
  [payments, other] = await Promise.all([
    testCertificates({ now: noon, roles: ['PSP_PI'], issuer: ours.root }),
    testCertificates({ now: noon, organizationIdentifier: 'PSDDE-BAFIN-77', issuer: ours.root }),
  ]);
  site = await certificateSite({
    '/seal.pem': ours.qseal.certificate,
    '/stranger.pem': strangers.qseal.certificate,
    '/qwac.pem': ours.qwac.certificate,
    '/nothing.pem': 'nothing',
    [`/seal_${'0'.repeat(40)}`]: ours.qseal.certificate,
  });
});
afterAll(async () => {
  site.close();
  await Promise.all(open.map((bank) => bank.close()));
});

async function bankWith(switches: Record<string, unknown>, hasTls = true): Promise<Bank> {
  const bank = await openBankAt(noon, {
    scenario: scenarioOf(householdWith({ switches })),
    certificates: { server: hasTls ? ours.server : null, trustedRoots: [ours.root.certificate] },
  });
  open.push(bank);
  return bank;
}

/** The name of a refusal in the shape of the face: tppMessages, Spring, or OAuth2. */
async function named(answer: Response): Promise<string> {
  const body = (await answer.json()) as {
    tppMessages?: { code: string }[];
    message?: string;
    error?: string;
    error_description?: string;
  };
  const code = body.tppMessages?.[0]?.code ?? body.error_description?.split(':')[0] ?? body.message?.split(':')[0];
  return `${answer.status} ${code ?? ''}`;
}

const faces = [
  ['Berlin Group', '/berlin-group/v1/accounts', '400 FORMAT_ERROR'],
  ['STET', '/stet/v1/accounts', '401 TOKEN_INVALID'],
] as const;

describe.each(faces)('the %s face of a bank that wants a QWAC', (_name, path, passed) => {
  let bank: Bank;
  beforeAll(async () => {
    bank = await bankWith({ certificate: 'required' });
  });
  const ask = async (fetcher: Fetch): Promise<string> =>
    named(await fetcher(`${bank.url}${path}`, { headers: { 'x-request-id': requestId } }));

  it('lets the holder of a right one in, as far as the next question', async () => {
    expect(await ask(tlsFetch(ours, ours.qwac))).toBe(passed);
  });

  it.each<[string, () => CertificateWithKey | null, string]>([
    ['CERTIFICATE_MISSING when there is none', () => null, '401 CERTIFICATE_MISSING'],
    ['CERTIFICATE_INVALID for that of a stranger', () => strangers.qwac, '401 CERTIFICATE_INVALID'],
    ['CERTIFICATE_INVALID for a QSealC', () => ours.qseal, '401 CERTIFICATE_INVALID'],
    ['CERTIFICATE_INVALID for one without statements', () => ours.server, '401 CERTIFICATE_INVALID'],
    ['ROLE_INVALID for a third party of payments only', () => payments.qwac, '401 ROLE_INVALID'],
  ])('answers %s', async (_case, shown, code) => {
    expect(await ask(tlsFetch(ours, shown()))).toBe(code);
  });

  it('judges the time of the certificate by the clock of the bank', async () => {
    const later = await bankWith({ certificate: 'required' });
    const at = (moved: Bank) =>
      tlsFetch(ours, ours.qwac)(`${moved.url}${path}`, { headers: { 'x-request-id': requestId } });
    later.clock.advance(731 * day);
    expect(await named(await at(later))).toBe('401 CERTIFICATE_EXPIRED');
    later.clock.advance(-740 * day);
    expect(await named(await at(later))).toBe('401 CERTIFICATE_INVALID');
    later.clock.set(noon);
    expect(await named(await at(later))).toBe(passed);
  });

  it('answers CERTIFICATE_MISSING on plain HTTP', async () => {
    const plain = await bankWith({ certificate: 'required' }, false);
    expect(await named(await fetch(`${plain.url}${path}`, { headers: { 'x-request-id': requestId } }))).toBe(
      '401 CERTIFICATE_MISSING',
    );
  });
});

describe('the token endpoint of a bank that wants a QWAC', () => {
  it('tells as an error of the client what is wrong with the certificate', async () => {
    const bank = await bankWith({ certificate: 'required' });
    const ask = (shown: CertificateWithKey | null) =>
      tlsFetch(ours, shown)(`${bank.url}/oauth/token`, {
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
    expect(await named(await ask(payments.qwac))).toBe('401 ROLE_INVALID');
  });
});

describe('a bank that wants signed calls', () => {
  let bank: Bank;
  beforeAll(async () => {
    bank = await bankWith({ signature: 'required' }, false);
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
      expect(await send(call, signedForBerlinGroup(call, ours.qseal))).toBe('400 FORMAT_ERROR');
      expect(await send(call, signedForBerlinGroup(call, ours.qseal, { algorithm: 'rsa-sha512' }))).toBe(
        '400 FORMAT_ERROR',
      );
      const answer = await fetch(`${bank.url}${post.target}`, {
        method: 'POST',
        headers: signedForBerlinGroup(post, ours.qseal),
        body: post.body ?? '',
      });
      expect(answer.status).toBe(201);
    });

    it.each<[string, () => [Unsigned, Record<string, string>], string]>([
      [
        'SIGNATURE_MISSING without a signature',
        () => [call, { ...call.headers, digest: digestOf() }],
        '401 SIGNATURE_MISSING',
      ],
      [
        'SIGNATURE_INVALID for another body',
        () => [{ ...post, body: post.body?.replace('true', 'false') ?? '' }, signedForBerlinGroup(post, ours.qseal)],
        '401 SIGNATURE_INVALID',
      ],
      [
        'SIGNATURE_INVALID for another header than was signed',
        () => [
          call,
          { ...signedForBerlinGroup(call, ours.qseal), 'x-request-id': '99999999-2222-4333-8444-555555555555' },
        ],
        '401 SIGNATURE_INVALID',
      ],
      [
        'SIGNATURE_INVALID when the redirect address is not signed',
        () => [post, signedForBerlinGroup(post, ours.qseal, { covers: ['digest', 'x-request-id'] })],
        '401 SIGNATURE_INVALID',
      ],
      [
        'SIGNATURE_INVALID when keyId names another certificate',
        () => [call, signedForBerlinGroup(call, ours.qseal, { keyId: 'SN=1,CA=CN=Nobody' })],
        '401 SIGNATURE_INVALID',
      ],
      [
        'SIGNATURE_INVALID for the key of another',
        () => [call, signedForBerlinGroup(call, { ...ours.qseal, privateKey: strangers.qseal.privateKey })],
        '401 SIGNATURE_INVALID',
      ],
      [
        'CERTIFICATE_MISSING without TPP-Signature-Certificate',
        () => {
          const { 'tpp-signature-certificate': _left, ...headers } = signedForBerlinGroup(call, ours.qseal);
          return [call, headers];
        },
        '401 CERTIFICATE_MISSING',
      ],
      [
        'CERTIFICATE_INVALID for what is no certificate',
        () => [call, { ...signedForBerlinGroup(call, ours.qseal), 'tpp-signature-certificate': 'bm90aGluZw==' }],
        '401 CERTIFICATE_INVALID',
      ],
      [
        'CERTIFICATE_INVALID for the seal of a stranger',
        () => [call, signedForBerlinGroup(call, strangers.qseal)],
        '401 CERTIFICATE_INVALID',
      ],
      [
        'CERTIFICATE_INVALID for a QWAC',
        () => [call, signedForBerlinGroup(call, ours.qwac)],
        '401 CERTIFICATE_INVALID',
      ],
      [
        'ROLE_INVALID for a third party of payments only',
        () => [call, signedForBerlinGroup(call, payments.qseal)],
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
      expect(await send(call, signedForStet(call, ours.qseal, at('/seal.pem')))).toBe('401 TOKEN_INVALID');
      expect(await send(put, signedForStet(put, ours.qseal, at('/seal.pem')))).toBe('401 TOKEN_INVALID');
    });

    it.each<[string, () => [Unsigned, Record<string, string>], string]>([
      ['SIGNATURE_MISSING without a signature', () => [call, { ...call.headers }], '401 SIGNATURE_MISSING'],
      [
        'SIGNATURE_INVALID for another target',
        () => [{ ...call, target: '/stet/v1/accounts?x=2' }, signedForStet(call, ours.qseal, at('/seal.pem'))],
        '401 SIGNATURE_INVALID',
      ],
      [
        'SIGNATURE_INVALID when the target is not signed',
        () => [call, signedForStet(call, ours.qseal, { ...at('/seal.pem'), covers: ['x-request-id'] })],
        '401 SIGNATURE_INVALID',
      ],
      [
        'SIGNATURE_INVALID for another body',
        () => [{ ...put, body: '{"a":1}' }, signedForStet(put, ours.qseal, at('/seal.pem'))],
        '401 SIGNATURE_INVALID',
      ],
      [
        'SIGNATURE_INVALID when nothing is at keyId',
        () => [call, signedForStet(call, ours.qseal, at('/gone.pem'))],
        '401 SIGNATURE_INVALID',
      ],
      [
        'SIGNATURE_INVALID when keyId is no address',
        () => [call, signedForStet(call, ours.qseal, { keyId: 'SN=1' })],
        '401 SIGNATURE_INVALID',
      ],
      [
        'SIGNATURE_INVALID when keyId leads into a private network',
        () => [call, signedForStet(call, ours.qseal, { keyId: 'http://169.254.169.254/latest' })],
        '401 SIGNATURE_INVALID',
      ],
      [
        'SIGNATURE_INVALID when the fingerprint in the name is of another',
        () => [call, signedForStet(call, ours.qseal, at(`/seal_${'0'.repeat(40)}`))],
        '401 SIGNATURE_INVALID',
      ],
      [
        'CERTIFICATE_INVALID for what is no certificate',
        () => [call, signedForStet(call, ours.qseal, at('/nothing.pem'))],
        '401 CERTIFICATE_INVALID',
      ],
      [
        'CERTIFICATE_INVALID for the seal of a stranger',
        () => [call, signedForStet(call, strangers.qseal, at('/stranger.pem'))],
        '401 CERTIFICATE_INVALID',
      ],
      [
        'CERTIFICATE_INVALID for a QWAC',
        () => [call, signedForStet(call, ours.qwac, at('/qwac.pem'))],
        '401 CERTIFICATE_INVALID',
      ],
    ])('answers %s', async (_case, request, code) => {
      expect(await send(...request())).toBe(code);
    });
  });

  it('wants QWAC and QSealC of one organisation where it wants both', async () => {
    const both = await bankWith({ signature: 'required', certificate: 'required' });
    const call: Unsigned = {
      method: 'GET',
      target: '/berlin-group/v1/accounts',
      headers: { 'x-request-id': requestId },
    };
    const headers = signedForBerlinGroup(call, ours.qseal);
    const ask = async (shown: CertificateWithKey) =>
      named(await tlsFetch(ours, shown)(`${both.url}${call.target}`, { headers }));
    expect(await ask(ours.qwac)).toBe('400 FORMAT_ERROR');
    expect(await ask(other.qwac)).toBe('401 CERTIFICATE_INVALID');
  });
});
