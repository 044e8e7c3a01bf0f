import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBankHttp, type BankHttpRequest } from '../../../src/connectors/bank-http.ts';
import type { BankIdentity } from '../../../src/connectors/bank-identity.ts';
import { testCertificates, type TestCertificates } from '../../../src/test-bank/certificates/test-certificates.ts';
import { loadScenario } from '../../../src/test-bank/scenario/load-scenario.ts';
import { startTestBank, type TestBank } from '../../../src/test-bank/server.ts';
import { certificateSite } from '../../test-bank/certificates/sign.ts';
import { get } from './fake-server.ts';

let certificates: TestCertificates;
let bank: TestBank;
let site: Awaited<ReturnType<typeof certificateSite>>;
let identity: BankIdentity & Required<Pick<BankIdentity, 'tls' | 'seal'>>;
const http = createBankHttp({ retryDelayMilliseconds: 1 });

beforeAll(async () => {
  certificates = await testCertificates({ now: new Date() });
  const scenario = structuredClone(await loadScenario());
  Object.assign(scenario.bank.switches, { certificate: 'required', signature: 'required' });
  const { server, root } = certificates;
  bank = await startTestBank({ scenario, certificates: { server, trustedRoots: [root.certificate] } });
  site = await certificateSite({ '/seal.pem': certificates.qseal.certificate });
  identity = {
    clientId: 'PSDFR-ACPR-12345',
    tls: certificates.qwac,
    seal: { ...certificates.qseal, keyId: `${site.url}/seal.pem` },
    authorities: certificates.root.certificate,
  };
});
afterAll(async () => {
  await http.close();
  await bank.close();
  site.close();
});

const accounts = (face: 'berlin-group' | 'stet'): BankHttpRequest => ({
  ...get(`${bank.url}/${face}/v1/accounts?withBalance=true`),
  headers: () => ({
    'x-request-id': '11111111-2222-4333-8444-555555555555',
    'psu-ip-address': '203.0.113.7',
    ...(face === 'berlin-group' ? { 'consent-id': 'none' } : {}),
  }),
  isSigned: true,
  signatureStyle: face,
  identity,
});

describe('the certificate of the identity', () => {
  test('opens the connection, and the bank knows us by it', async () => {
    // Neither certificate nor signature is complained about: only the consent is none.
    const { status, body } = await http.send(accounts('berlin-group'));
    expect([status, JSON.parse(body).tppMessages[0].code]).toEqual([401, 'CONSENT_INVALID']);
  });

  test('is missed where it is absent', async () => {
    const { tls: _, ...bare } = identity;
    const answer = await http.send({ ...accounts('berlin-group'), identity: bare });
    expect([answer.status, answer.body]).toEqual([401, expect.stringContaining('CERTIFICATE_MISSING')]);
  });

  test('of one identity serves no other, on the same bank at the same time', async () => {
    const { tls: _, ...bare } = identity;
    const answers = await Promise.all(
      [identity, bare, identity, bare].map((each) => http.send({ ...accounts('berlin-group'), identity: each })),
    );
    const codes = answers.map(({ body }) => JSON.parse(body).tppMessages[0].code);
    expect(codes).toEqual(['CONSENT_INVALID', 'CERTIFICATE_MISSING', 'CONSENT_INVALID', 'CERTIFICATE_MISSING']);
  });

  test('a bank whose authority nobody trusts is not called', async () => {
    const { authorities: _, ...trusting } = identity;
    await expect(http.send({ ...accounts('berlin-group'), identity: trusting })).rejects.toMatchObject({
      code: 'CONNECTOR_CONFIG_INVALID',
    });
  });
});

describe('the seal of the identity', () => {
  test.each(['POST', 'PUT', 'DELETE'] as const)(
    'signs a %s with and without a body for Berlin Group',
    async (method) => {
      const url = new URL(`${bank.url}/berlin-group/v1/consents`);
      const headers = () => ({
        'x-request-id': '11111111-2222-4333-8444-555555555555',
        'psu-id': 'alice',
        'tpp-redirect-uri': 'https://tributary.example/return?state=a b',
        'psu-ip-address': '203.0.113.7',
        'content-type': 'application/json',
      });
      for (const body of [undefined, '{"access":{"accounts":[]},"name":"é"}']) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        const answer = await http.send({
          ...accounts('berlin-group'),
          method,
          url,
          headers,
          ...(body ? { body } : {}),
        });
        expect(answer.body).not.toMatch(/SIGNATURE|CERTIFICATE/);
        expect(answer.status).not.toBe(401);
      }
    },
  );

  test('signs target and PSU headers for STET, which finds the certificate by its address', async () => {
    const { status, body } = await http.send(accounts('stet'));
    expect(body).not.toMatch(/SIGNATURE|CERTIFICATE/);
    // Only the token is missing.
    expect([status, JSON.parse(body).message]).toEqual([401, expect.stringContaining('TOKEN')]);
  });

  test('is missed where the call is not signed', async () => {
    const answer = await http.send({ ...accounts('berlin-group'), isSigned: false });
    expect([answer.status, answer.body]).toEqual([401, expect.stringContaining('SIGNATURE_MISSING')]);
  });

  test('that is not configured stops the call, and says who must act', async () => {
    const { seal: _, ...sealless } = identity;
    const calls = bank.bank.calls.after(0).length;
    await expect(http.send({ ...accounts('berlin-group'), identity: sealless })).rejects.toMatchObject({
      code: 'CONNECTOR_CONFIG_INVALID',
      message: expect.stringContaining('seal'),
    });
    const { keyId: _keyId, ...nameless } = identity.seal;
    await expect(http.send({ ...accounts('stet'), identity: { ...identity, seal: nameless } })).rejects.toMatchObject({
      code: 'CONNECTOR_CONFIG_INVALID',
      message: expect.stringContaining('keyId'),
    });
    expect(bank.bank.calls.after(0)).toHaveLength(calls);
  });
});

describe("a provider's entry", () => {
  const entry = (quirks: Record<string, unknown>) => {
    const { identity: _, isSigned: _signed, ...call } = accounts('berlin-group');
    return { ...call, endpoint: { baseUrl: `${bank.url}/berlin-group/v1`, timeZone: 'Europe/Paris', quirks } };
  };

  test('names the identity and whether the bank wants its seal', async () => {
    const identified = createBankHttp({
      identities: new Map<string, BankIdentity>([
        ['default', { clientId: 'none' }],
        ['acme', identity],
      ]),
    });
    try {
      const answer = await identified.send(entry({ identity: 'acme', isSigned: true }));
      expect(answer.body).toContain('CONSENT_INVALID');
      const unsigned = await identified.send(entry({ identity: 'acme' }));
      expect(unsigned.body).toContain('SIGNATURE_MISSING');
    } finally {
      await identified.close();
    }
  });
});
